import {
  type CloudTrailClient,
  CreateTrailCommand,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import { GetBucketPolicyCommand } from "@aws-sdk/client-s3";
import type { EnvironmentInput } from "../../envs/schema/schema";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const DESTINATION = "111111111111";
const MEMBER = "222222222222";
const STRANGER = "333333333333";
const TOPIC = `arn:aws:sns:us-east-1:${DESTINATION}:log-files`;

const ORGANIZATION = { id: "o-a1b2c3d4e5", accountIds: [DESTINATION, MEMBER] };

// One story.
requires("terraform", "moto")("policies change their shape while trails log", () => {
  jest.setTimeout(180_000);
  let deployment: Deployment;
  let file: EnvironmentFile;
  let stranger: CloudTrailClient;

  beforeAll(async () => {
    file = fourAccountsFile();
    // Not to be thrown away, or logs might not be protected from deletion.
    delete file.throwaway;
    const [member, later] = file.members;
    file.members = [member!, later!];
    deployment = await Deployment.start(file, 0, ORGANIZATION);
    stranger = deployment.cloudTrail(STRANGER);
    file.members = [member!];
  });
  afterAll(() => deployment?.stop());

  test("with notifications every trail gets the topic by its ARN", async () => {
    change({ notifications: { topicName: "log-files", queueName: "log-files" } });
    expect(Object.values(states(await deployment.run("deploy")))).toEqual(["done", "done"]);
    for (const account of [DESTINATION, MEMBER]) {
      const { trailList } = await deployment
        .cloudTrail(account)
        .send(new DescribeTrailsCommand({}));
      expect(trailList).toMatchObject([{ Name: "central-trail", SnsTopicARN: TOPIC }]);
    }
    await expectStrangerOut();
    await expectMemberIn();
  });

  test("nothing is left to change: Terraform reads back what it wrote", async () => {
    for (const stack of ["test-destination", `test-member-${MEMBER}`]) {
      const { code, text } = await deployment.plan(stack);
      expect(text).toContain("No changes.");
      expect(code).toBe(0);
    }
  });

  test("own-prefix: the policy changes in place, strangers stay out", async () => {
    const before = deployment.calls.length;
    await changeDestination({ bucketPolicyShape: "own-prefix" });
    expect(changes(before)).toEqual(["PutBucketPolicy"]);
    // IAM's variable, as S3 has to get it.
    expect(await bucketPolicy()).toContain("/AWSLogs/${aws:SourceAccount}/*");
    await expectStrangerOut();
    await expectMemberIn();
  });

  test("organization: its accounts may write, a stranger outside of it may not", async () => {
    const before = deployment.calls.length;
    await changeDestination({
      bucketPolicyShape: "source-org-id",
      organizationId: ORGANIZATION.id,
    });
    expect(changes(before)).toEqual(["PutBucketPolicy"]);
    expect(await bucketPolicy()).toContain(`"aws:SourceOrgID":"${ORGANIZATION.id}"`);
    await expectStrangerOut();
    await expectMemberIn();
  });

  test("account-list everywhere, with every deny that spares the deployer: the same", async () => {
    const before = deployment.calls.length;
    await changeDestination({
      organizationId: undefined,
      bucketPolicyShape: "account-list",
      keyPolicyShape: "account-list",
      topicPolicyShape: "account-list",
      hardening: {
        denyOtherEncryption: true,
        denyLogDeletion: true,
        denyPolicyChange: true,
        breakGlassRole: "break-glass",
      },
    });
    expect(changes(before)).toEqual(["PutBucketPolicy", "PutKeyPolicy", "SetTopicAttributes"]);
    expect(await bucketPolicy()).toContain("DenyLogDeletion");
    await expectStrangerOut();
    await expectMemberIn();
  });

  test("with those denies in force an account can still be added", async () => {
    file.members.push({ account: STRANGER, region: "us-east-1" });
    deployment.write(file);
    const outcomes = await deployment.run("deploy", [
      "test-destination",
      `test-member-${STRANGER}`,
    ]);
    expect(Object.values(states(outcomes))).toEqual(["done", "done"]);
    const { IsLogging } = await stranger.send(new GetTrailStatusCommand({ Name: "central-trail" }));
    expect(IsLogging).toBe(true);
  });

  async function changeDestination(settings: Partial<EnvironmentInput["destination"]>) {
    change(settings);
    const outcomes = await deployment.run("deploy", ["test-destination"]);
    expect(states(outcomes)).toEqual({ "test-destination": "done" });
  }

  function change(settings: Partial<EnvironmentInput["destination"]>): void {
    Object.assign(file.destination, settings);
    deployment.write(file);
  }

  /** The changing actions since a point, each once. */
  function changes(before: number): string[] {
    const actions = deployment
      .since(before)
      .filter(({ action }) => /^(Create|Put|Set|Update|Delete|Schedule)/.test(action))
      .map(({ action }) => action);
    return [...new Set(actions)].sort();
  }

  async function bucketPolicy(): Promise<string | undefined> {
    const { Policy } = await deployment
      .s3(DESTINATION)
      .send(new GetBucketPolicyCommand({ Bucket: file.destination.bucket }));
    return Policy;
  }

  /** A trail that is called like everybody's, but of an account that is not listed. */
  async function expectStrangerOut(): Promise<void> {
    const Name = "central-trail";
    await expect(
      stranger.send(new CreateTrailCommand({ Name, S3BucketName: file.destination.bucket })),
    ).rejects.toMatchObject({ name: "InsufficientS3BucketPolicyException" });
  }

  /** UpdateTrail looks at the policies of bucket, key and topic anew. */
  async function expectMemberIn(): Promise<void> {
    const client = deployment.cloudTrail(MEMBER);
    const Name = "central-trail";
    const updated = await client.send(
      new UpdateTrailCommand({ Name, S3BucketName: file.destination.bucket, SnsTopicName: TOPIC }),
    );
    expect(updated.KmsKeyId).toContain(`:${DESTINATION}:key/`);
    expect((await client.send(new GetTrailStatusCommand({ Name }))).IsLogging).toBe(true);
  }
});
