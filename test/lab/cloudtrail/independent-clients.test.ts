import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { formatTime } from "../../../cloudtrail/time";
import { logBucketPolicy } from "../../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../../policies/documents/log-key-policy";
import { readerIdentityPolicy } from "../../../policies/readers/readers";
import { TrailRegistry } from "../../../policies/trail-registry";
import { awsCli } from "../../support/aws-cli";
import {
  type Account,
  EXTERNAL_ID,
  type Lab,
  makeBucket,
  REGION,
  startLab,
} from "../../support/lab";
import { requires } from "../../support/requirements";

const HOUR = 3600;

requires(
  "moto",
  "boto3",
  "aws-cli",
)("the AWS CLI's lookup-events", () => {
  let lab: Lab;
  let account: Account;
  beforeAll(async () => {
    lab = await startLab();
    account = await lab.account();
  });
  afterAll(() => lab.stop());

  interface Looked {
    readonly Events: readonly {
      readonly EventName: string;
      readonly Username: string;
      readonly ReadOnly: string;
      readonly Resources: readonly object[];
      readonly CloudTrailEvent: string;
    }[];
  }
  const lookup = async (...args: string[]): Promise<Looked> =>
    JSON.parse(await awsCli(lab, account, "cloudtrail", "lookup-events", ...args)) as Looked;
  const by = (key: string, value: string) => [
    "--lookup-attributes",
    `AttributeKey=${key},AttributeValue=${value}`,
  ];

  test("finds a call by its name, with its record", async () => {
    await account.call("s3", "create_bucket", { Bucket: "looked-up" });
    const { Events } = await lookup(...by("EventName", "CreateBucket"));
    expect(Events).toMatchObject([
      {
        EventName: "CreateBucket",
        Username: "test",
        ReadOnly: "false",
        Resources: [{ ResourceType: "AWS::S3::Bucket", ResourceName: "looked-up" }],
      },
    ]);
    expect(JSON.parse(Events[0]!.CloudTrailEvent)).toMatchObject({
      eventSource: "s3.amazonaws.com",
      requestParameters: { bucketName: "looked-up" },
      recipientAccountId: account.id,
    });
    expect((await lookup(...by("ResourceName", "looked-up"))).Events).toHaveLength(1);
    expect((await lookup(...by("EventName", "DeleteBucket"))).Events).toEqual([]);
  });

  test("finds a call that was refused", async () => {
    await account.cloudTrail("get_trail", { Name: "nobody" }).catch(() => undefined);
    const { Events } = await lookup(...by("EventName", "GetTrail"));
    expect(JSON.parse(Events[0]!.CloudTrailEvent)).toMatchObject({
      errorCode: "TrailNotFoundException",
    });
  });

  test("reads all pages", async () => {
    for (let count = 0; count < 55; count++) await account.cloudTrail("list_trails");
    const { Events } = await lookup(...by("EventName", "ListTrails"));
    expect(Events).toHaveLength(55);
  });

  test("is told what is wrong with a request", async () => {
    await expect(lookup("--start-time", "2030-01-02", "--end-time", "2030-01-01")).rejects.toThrow(
      "(InvalidTimeRangeException) when calling the LookupEvents operation",
    );
    await expect(lookup(...by("ReadOnly", "maybe"))).rejects.toThrow(
      "(InvalidLookupAttributesException)",
    );
  });
});

requires(
  "moto",
  "boto3",
  "aws-cli",
)("delivered files in a central bucket", () => {
  const DESTINATION = "300000000001";
  const READERS = "300000000002";
  const STRANGER = "300000000003";
  const BUCKET = "central-logs";
  const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
  const reader = {
    name: "security",
    principals: [role(READERS, "security")],
    accounts: [] as string[],
  };

  let lab: Lab;
  let admin: Account;
  let member: Account;
  beforeAll(async () => {
    lab = await startLab({
      regions: [REGION],
      roles: [
        role(DESTINATION, "deployer"),
        role(READERS, "security"),
        role(STRANGER, "security"),
      ].map((roleArn) => ({ roleArn, externalId: EXTERNAL_ID })),
    });
    admin = await lab.assume(role(DESTINATION, "deployer"));
    member = await lab.account();
    reader.accounts.push(member.id);
    const destination = {
      partition: "aws",
      accountId: DESTINATION,
      bucketName: BUCKET,
      trails: new TrailRegistry([
        { partition: "aws", homeRegion: REGION, accountId: member.id, name: "main" },
      ]),
      readers: [reader],
    } as const;
    const Policy = JSON.stringify(logKeyPolicy(destination));
    const { KeyMetadata } = await admin.call("kms", "create_key", { Policy });
    const { Arn: keyArn } = KeyMetadata as { Arn: string };
    for (const account of [READERS, STRANGER])
      lab.aws.putRolePolicy(
        role(account, "security"),
        readerIdentityPolicy(reader, destination, keyArn),
      );
    await makeBucket(admin, BUCKET, [member.trailArn("main")], logBucketPolicy(destination));
    await member.cloudTrail("create_trail", {
      Name: "main",
      S3BucketName: BUCKET,
      KmsKeyId: keyArn,
      EnableLogFileValidation: true,
    });
    await member.cloudTrail("start_logging", { Name: "main" });
    await member.call("s3", "create_bucket", { Bucket: "members-own" });
    await lab.aws.advance(3 * HOUR);
    await member.cloudTrail("list_trails");
    await lab.aws.advance(HOUR);
  });
  afterAll(() => lab.stop());

  const logs = async (who: Account) => {
    const Prefix = `AWSLogs/${member.id}/CloudTrail/`;
    const answer = await who.call("s3", "list_objects_v2", { Bucket: BUCKET, Prefix });
    return (answer["Contents"] as { Key: string }[]).map(({ Key }) => Key);
  };

  test("boto3 reads a member's log file with a reader's role", async () => {
    const who = await lab.assume(role(READERS, "security"));
    const [Key, ...others] = await logs(who);
    expect(others).toHaveLength(1);
    const { Body } = await who.call("s3", "get_object", { Bucket: BUCKET, Key: Key! });
    const { Records } = JSON.parse(Body as string) as { Records: CloudTrailRecord[] };
    expect(Records.map(({ eventName }) => eventName)).toContain("CreateBucket");
    expect(new Set(Records.map((record) => record.recipientAccountId))).toEqual(
      new Set([member.id]),
    );
  });

  test("boto3 is refused with a stranger's role", async () => {
    const stranger = await lab.assume(role(STRANGER, "security"));
    const [Key] = await logs(admin);
    await expect(logs(stranger)).rejects.toMatchObject({ code: "AccessDenied" });
    await expect(
      stranger.call("s3", "get_object", { Bucket: BUCKET, Key: Key! }),
    ).rejects.toMatchObject({ code: "AccessDenied", status: 403 });
  });

  test("the AWS CLI's validate-logs finds every digest and log file valid", async () => {
    const now = lab.aws.now();
    const printed = await awsCli(
      lab,
      admin,
      "cloudtrail",
      "validate-logs",
      "--trail-arn",
      member.trailArn("main"),
      "--s3-bucket",
      BUCKET,
      "--verbose",
      "--start-time",
      formatTime(now - 5 * HOUR * 1000),
      "--end-time",
      formatTime(now),
    );
    expect(printed).toContain("4/4 digest files valid");
    expect(printed).toContain("2/2 log files valid");
    expect(printed).not.toContain("INVALID");
  });
});
