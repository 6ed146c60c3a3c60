import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { formatTime } from "../../../cloudtrail/time";
import type { AskedKind } from "../../../lab/records/asked-events";
import { awsCli } from "../../support/aws-cli";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";
import { requires } from "../../support/requirements";

const HOUR = 3600;

// Read by boto3 and the AWS CLI, which know nothing of this project's paths.
requires(
  "moto",
  "boto3",
  "aws-cli",
)("events that no call makes", () => {
  let lab: Lab;
  let owner: Account;
  let bucket: string;

  beforeAll(async () => {
    lab = await startLab({ regions: ["us-east-1"] });
  });
  afterAll(() => lab?.stop());
  beforeEach(async () => {
    owner = await lab.account();
    bucket = lab.name("logs");
    await makeBucket(owner, bucket, [owner.trailArn("main")]);
    await owner.cloudTrail("create_trail", {
      Name: "main",
      S3BucketName: bucket,
      EnableLogFileValidation: true,
      IsMultiRegionTrail: true,
    });
    await owner.cloudTrail("start_logging", { Name: "main" });
  });

  async function ask(
    kind: AskedKind | "aggregated",
    parameters: Record<string, string> = {},
  ): Promise<{ status: number; body: { records?: CloudTrailRecord[]; error?: string } }> {
    const query = new URLSearchParams({ account: owner.id, event: "kms:Decrypt", ...parameters });
    const url = `${lab.aws.endpoint}/_lab/events/${kind}?${query.toString()}`;
    const response = await fetch(url, { method: "POST" });
    return { status: response.status, body: (await response.json()) as { error?: string } };
  }

  /** The records of each folder below the account's, as boto3 finds them. */
  async function delivered(): Promise<Record<string, CloudTrailRecord[]>> {
    const { Contents = [] } = await owner.call("s3", "list_objects_v2", { Bucket: bucket });
    const folders: Record<string, CloudTrailRecord[]> = {};
    for (const { Key } of Contents as { Key: string }[]) {
      const [, account, folder = "", region, year, month, day, name = ""] = Key.split("/");
      expect([account, region, year, month, day]).not.toContain(undefined);
      if (folder === "CloudTrail-Digest") continue;
      expect(name).toMatch(
        new RegExp(
          `^${account}_${folder}_${region}_${year}${month}${day}T\\d{4}Z_\\w{16}.json.gz$`,
        ),
      );
      const { Body } = await owner.call("s3", "get_object", { Bucket: bucket, Key });
      const { Records } = JSON.parse(Body as string) as { Records: CloudTrailRecord[] };
      folders[folder] = [...(folders[folder] ?? []), ...Records];
    }
    return folders;
  }

  const recordNetworkActivity = (more: object[] = []) =>
    owner.cloudTrail("put_event_selectors", {
      TrailName: "main",
      AdvancedEventSelectors: [
        { FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
        {
          FieldSelectors: [
            { Field: "eventCategory", Equals: ["NetworkActivity"] },
            { Field: "eventSource", Equals: ["kms.amazonaws.com"] },
            ...more,
          ],
        },
      ],
    });
  const recordInsights = (InsightType: string) =>
    owner.cloudTrail("put_insight_selectors", {
      TrailName: "main",
      InsightSelectors: [{ InsightType }],
    });

  test("network activity goes to its folder, if the trail's selectors ask for it", async () => {
    await recordNetworkActivity();
    const { status, body } = await ask("network-activity");
    expect(status).toBe(200);
    await ask("network-activity", { event: "ec2:DescribeInstances" });
    await lab.aws.advance(300);
    const {
      "CloudTrail-NetworkActivity": records,
      CloudTrail: calls,
      ...others
    } = await delivered();
    expect(others).toEqual({});
    expect(records).toEqual(body.records);
    expect(records).toMatchObject([
      {
        eventCategory: "NetworkActivity",
        eventType: "AwsVpceEvent",
        eventSource: "kms.amazonaws.com",
        eventName: "Decrypt",
        errorCode: "VpceAccessDenied",
        recipientAccountId: owner.id,
      },
    ]);
    expect(calls!.map(({ eventCategory }) => eventCategory)).not.toContain("NetworkActivity");
  });

  test("a selector's errorCode keeps out what has another one", async () => {
    await recordNetworkActivity([{ Field: "errorCode", Equals: ["VpceAccessDenied"] }]);
    await ask("network-activity", { error: "AccessDenied" });
    await lab.aws.advance(300);
    expect(await delivered()).not.toHaveProperty("CloudTrail-NetworkActivity");
  });

  test("Insights go to theirs: beginning and end, of the type that is asked for", async () => {
    await recordInsights("ApiErrorRateInsight");
    const asked = await ask("insight", { event: "ssm:PutParameter", error: "AccessDenied" });
    await ask("insight", { event: "ssm:PutParameter" });
    await lab.aws.advance(300);
    const records = (await delivered())["CloudTrail-Insight"]!;
    expect(records).toEqual(asked.body.records);
    expect(records.map(({ insightDetails }) => insightDetails!.state)).toEqual(["Start", "End"]);
    expect(new Set(records.map(({ sharedEventID }) => sharedEventID)).size).toBe(1);
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(2);
    expect(records[0]!.insightDetails).toMatchObject({
      eventSource: "ssm.amazonaws.com",
      eventName: "PutParameter",
      insightType: "ApiErrorRateInsight",
      errorCode: "AccessDenied",
    });
  });

  test("a trail that asks for neither gets neither", async () => {
    await ask("network-activity");
    await ask("insight");
    await owner.cloudTrail("list_trails");
    await lab.aws.advance(300);
    expect(Object.keys(await delivered())).toEqual(["CloudTrail"]);
  });

  test("no digest names them, and the AWS CLI finds all valid", async () => {
    await recordNetworkActivity();
    await recordInsights("ApiCallRateInsight");
    await ask("network-activity");
    await ask("insight");
    await lab.aws.advance(HOUR);
    expect(Object.keys(await delivered()).sort()).toEqual([
      "CloudTrail",
      "CloudTrail-Insight",
      "CloudTrail-NetworkActivity",
    ]);
    const now = lab.aws.now();
    const printed = await awsCli(
      lab,
      owner,
      "cloudtrail",
      "validate-logs",
      "--trail-arn",
      owner.trailArn("main"),
      "--start-time",
      formatTime(now - 2 * HOUR * 1000),
      "--end-time",
      formatTime(now),
      "--verbose",
    );
    expect(printed).toContain("1/1 digest files valid");
    expect(printed).toMatch(/1\/1 log files valid/);
    expect(printed).not.toMatch(/CloudTrail-(Insight|NetworkActivity)/);
  });

  test("event history has management events alone", async () => {
    await ask("network-activity");
    await ask("insight");
    const { Events } = await owner.cloudTrail("lookup_events", {
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "Decrypt" }],
    });
    expect(Events).toEqual([]);
  });

  test("what is wrong with a request is said, all of it", async () => {
    const wrong = { account: "1", event: "Decrypt", region: "here" };
    expect(await ask("insight", wrong)).toEqual({
      status: 400,
      body: {
        error:
          "account=1 must have exactly 12 digits, leading zeros included. region=here is not a region name. event=Decrypt must look like kms:Decrypt.",
      },
    });
    const { status, body } = await ask("aggregated");
    expect(status).toBe(404);
    expect(body.error).toContain("of insight and network-activity, POST /_lab/events/insight?");
  });
});
