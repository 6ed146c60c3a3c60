import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
} from "@aws-sdk/client-cloudtrail";
import { GetBucketPolicyCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { RecordedCall } from "../../lab";
import { creatingCalls, orderProblems } from "../../operations/demo/creation-order";
import { reportTrails } from "../../verify/trail-report";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { makeOpenLogBucket } from "../support/open-log-bucket";
import { requires } from "../support/requirements";

const FAILING = "444444444444";
const LEAVING = "222222222222";
const DESTINATION = "111111111111";
const OTHER_TRAILS = ["one", "two", "three", "four", "five"].map((name) => `other-${name}`);

/** The account and action of each call that succeeded and changed something, in order. */
function changes(calls: readonly RecordedCall[]): string[] {
  return calls
    .filter(({ errorCode }) => errorCode === undefined)
    .filter(({ action }) => /^(Create|Put|Update|Delete|Start|Stop|Schedule)/.test(action))
    .map(({ accountId, action }) => `${accountId} ${action}`);
}

// One story, told by a real deployment; each test goes on where the last one stopped.
requires("terraform", "moto")(
  "four accounts, from the first deployment to the last destroy",
  () => {
    jest.setTimeout(300_000);
    let deployment: Deployment;
    let file: EnvironmentFile;

    beforeAll(async () => {
      file = fourAccountsFile();
      // The local AWS applies policies 5 s late; the wait in the configuration is longer.
      file.destination.policyWaitSeconds = 7;
      deployment = await Deployment.start(file, 5);
    });
    afterAll(() => deployment?.stop());

    test("a member that fails leaves the others applied", async () => {
      await takeAllTrailsOf(FAILING);
      const outcomes = await deployment.run("deploy");
      expect(states(outcomes)).toEqual({
        "test-destination": "done",
        "test-member-222222222222": "done",
        "test-member-333333333333": "done",
        "test-member-444444444444": "failed",
      });
      expect(outcomes.at(-1)?.error).toContain("MaximumNumberOfTrailsExceededException");
      const reports = await reportTrails(deployment.environment, access());
      expect(reports.map(({ isLogging = false }) => isLogging)).toEqual([true, true, true, false]);
    });

    test("the same deploy again converges and changes nothing of what is done", async () => {
      for (const name of OTHER_TRAILS) {
        await deployment.cloudTrail(FAILING).send(new DeleteTrailCommand({ Name: name }));
      }
      const before = deployment.calls.length;
      expect(Object.values(states(await deployment.run("deploy")))).toEqual(Array(4).fill("done"));
      expect(changes(deployment.since(before))).toEqual([
        `${FAILING} CreateTrail`,
        `${FAILING} StartLogging`,
      ]);
      const reports = await reportTrails(deployment.environment, access());
      expect(reports.flatMap(({ problems }) => problems)).toEqual([]);
      expect(reports.every(({ isLogging }) => isLogging)).toBe(true);
    });

    test("the calls are in AWS's order, and each role was used for its own account", () => {
      const own = deployment.calls.filter(
        ({ principalArn }) => !principalArn.includes("aws-sdk-js"),
      );
      expect(orderProblems(own, deployment.environment)).toEqual([]);
      const destination = creatingCalls(own).filter(({ accountId }) => accountId === DESTINATION);
      expect(destination.map(({ action }) => action).sort()).toEqual([
        "CreateBucket",
        "CreateKey",
        "CreateTrail",
        "PutBucketPolicy",
        "StartLogging",
      ]);
      for (const { accountId, principalArn } of creatingCalls(own)) {
        expect(principalArn).toBe(
          `arn:aws:sts::${accountId}:assumed-role/central-trail-deployer/central-trail`,
        );
      }
    });

    test("a plan of each stack is empty", async () => {
      for (const stack of ["test-destination", "test-member-222222222222"]) {
        const { code, text } = await deployment.plan(stack);
        expect(text).toContain("No changes.");
        expect(code).toBe(0);
      }
    });

    test("neither output nor state holds a secret", () => {
      const state = readdirSync(deployment.folder.state).map((name) =>
        readFileSync(join(deployment.folder.state, name), "utf8"),
      );
      const text = [...deployment.printed, ...state].join("\n");
      expect(text).toContain("Apply complete!");
      expect(text).toContain('"type": "aws_cloudtrail"');
      expect(text).not.toContain(deployment.env.AWS_SECRET_ACCESS_KEY);
      expect(text).not.toContain(file.deployer.externalId);
    });

    test("retiring: a deploy stops and deletes the trail; every policy still lets it in", async () => {
      file.members[0]!.retiring = true;
      deployment.write(file);
      const before = deployment.calls.length;
      expect(Object.values(states(await deployment.run("deploy")))).toEqual(Array(4).fill("done"));
      expect(changes(deployment.since(before))).toEqual([`${LEAVING} DeleteTrail`]);
      expect(await bucketPolicy()).toContain(LEAVING);
      const { trailList } = await deployment
        .cloudTrail(LEAVING)
        .send(new DescribeTrailsCommand({}));
      expect(trailList).toEqual([]);
    });

    test("then the entry may go: the policies shrink, and nobody else is touched", async () => {
      file.members.shift();
      deployment.write(file);
      const before = deployment.calls.length;
      expect(Object.values(states(await deployment.run("deploy")))).toEqual(Array(3).fill("done"));
      expect(changes(deployment.since(before)).sort()).toEqual([
        `${DESTINATION} PutBucketPolicy`,
        `${DESTINATION} PutKeyPolicy`,
      ]);
      expect(await bucketPolicy()).not.toContain(LEAVING);
    });

    test("destroy goes the other way round, and takes a bucket with versions in it", async () => {
      const s3 = deployment.s3(DESTINATION);
      for (const Body of ["first", "second"]) {
        await s3.send(
          new PutObjectCommand({ Bucket: file.destination.bucket, Key: "AWSLogs/x", Body }),
        );
      }
      const before = deployment.calls.length;
      expect(Object.values(states(await deployment.run("destroy")))).toEqual(Array(3).fill("done"));
      const order = changes(deployment.since(before)).filter((change) =>
        /DeleteTrail|DeleteBucketPolicy|DeleteBucket$|ScheduleKeyDeletion/.test(change),
      );
      expect(order.slice(0, 2).sort()).toEqual([
        "333333333333 DeleteTrail",
        "444444444444 DeleteTrail",
      ]);
      expect(order[2]).toBe(`${DESTINATION} DeleteTrail`);
      expect(order[3]).toBe(`${DESTINATION} DeleteBucketPolicy`);
      expect(order.slice(4).sort()).toEqual([
        `${DESTINATION} DeleteBucket`,
        `${DESTINATION} ScheduleKeyDeletion`,
      ]);
    });

    function access(): Parameters<typeof reportTrails>[1] {
      const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = deployment.env;
      return {
        endpoint: AWS_ENDPOINT_URL,
        credentials: {
          accessKeyId: AWS_ACCESS_KEY_ID!,
          secretAccessKey: AWS_SECRET_ACCESS_KEY!,
        },
      };
    }

    async function bucketPolicy(): Promise<string | undefined> {
      const { Policy } = await deployment
        .s3(DESTINATION)
        .send(new GetBucketPolicyCommand({ Bucket: file.destination.bucket }));
      return Policy;
    }

    /** Makes as many trails of other people's as an account may have, in a bucket of its own. */
    async function takeAllTrailsOf(account: string): Promise<void> {
      const Bucket = "other-peoples-logs";
      await makeOpenLogBucket(deployment.s3(account), Bucket);
      await new Promise((resolve) => setTimeout(resolve, 5_500)); // until the policy is in force
      for (const Name of OTHER_TRAILS) {
        await deployment
          .cloudTrail(account)
          .send(new CreateTrailCommand({ Name, S3BucketName: Bucket }));
      }
    }
  },
);
