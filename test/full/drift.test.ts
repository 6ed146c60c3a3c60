import {
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import type { DriftReport } from "../../operations/drift/drift";
import {
  centralTrailIn,
  Deployment,
  type EnvironmentFile,
  fourAccountsFile,
} from "../support/deployment";
import { requires } from "../support/requirements";

const DESTINATION = "111111111111";
const MEMBER = "222222222222";
const Name = "central-trail";

requires("terraform", "moto")("central-trail drift", () => {
  jest.setTimeout(240_000);
  let deployment: Deployment;
  let file: EnvironmentFile;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.slice(0, 1);
    file.trail = { events: { preset: "s3-write" }, insights: ["ApiCallRateInsight"] };
    deployment = await Deployment.start(file);
    await deployment.run("deploy");
  });
  afterAll(() => deployment?.stop());

  async function drift(): Promise<{ code: number; report: DriftReport; stderr: string }> {
    const { code, stdout, stderr } = await centralTrailIn(deployment, "drift", "--json");
    return { code, report: JSON.parse(stdout) as DriftReport, stderr };
  }

  /** Stack or account → what was found there; nothing of those where nothing was. */
  function found({ stacks, trails }: DriftReport): Record<string, unknown> {
    const ofStacks = stacks.map(({ stack, resources, error }) => {
      const changes = resources.map(({ type, attributes }) => [
        type,
        ...attributes.map(({ path }) => path),
      ]);
      return [stack, error ?? changes] as const;
    });
    const ofTrails = trails.map(
      ({ account, differences, error }) => [account, error ?? differences] as const,
    );
    return Object.fromEntries<unknown>(
      [...ofStacks, ...ofTrails].filter(([, what]) => what.length > 0),
    );
  }

  test("nothing after a deploy: exit code 0", async () => {
    const { code, report } = await drift();
    expect({ code, found: found(report), verdict: report.verdict }).toEqual({
      code: 0,
      found: {},
      verdict: "none",
    });
  });

  test("what was changed by hand, seen by Terraform or not: exit code 2", async () => {
    const { bucket } = file.destination;
    await deployment.s3(DESTINATION).send(
      new PutBucketVersioningCommand({
        Bucket: bucket,
        VersioningConfiguration: { Status: "Suspended" },
      }),
    );
    const member = deployment.cloudTrail(MEMBER);
    await member.send(new StopLoggingCommand({ Name }));
    await member.send(
      new PutEventSelectorsCommand({
        TrailName: Name,
        EventSelectors: [{ ReadWriteType: "ReadOnly", IncludeManagementEvents: true }],
      }),
    );
    await member.send(new PutInsightSelectorsCommand({ TrailName: Name, InsightSelectors: [] }));
    const { code, report } = await drift();
    expect({ code, verdict: report.verdict }).toEqual({ code: 2, verdict: "drift" });
    const { [MEMBER]: trail, ...stacks } = found(report);
    expect(trail).toEqual([
      expect.stringMatching(/^It is not logging since /),
      "Its event selectors are not those of the environment: it records other events.",
      "Its Insights are (none), not ApiCallRateInsight.",
    ]);
    expect(stacks).toEqual({
      "test-destination": [["aws_s3_bucket_versioning", expect.stringContaining("status")]],
      [`test-member-${MEMBER}`]: [expect.arrayContaining(["aws_cloudtrail", "enable_logging"])],
    });
  });

  test("an account that nobody can ask is not checked: exit code 1", async () => {
    deployment.write({ ...file, members: [{ account: "333333333333", region: "us-east-1" }] });
    const { code, report } = await drift();
    expect({ code, verdict: report.verdict }).toEqual({ code: 1, verdict: "not-checked" });
    expect(found(report)["333333333333"]).toMatch(/AssumeRole|not authorized/);
  });
});
