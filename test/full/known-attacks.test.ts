import { parseDigestFileKey, parseLogFileKey } from "../../cloudtrail/files/log-layout";
import { accountCredentials } from "../../aws/account-access";
import { settingDrift } from "../../operations/drift/setting-drift";
import { stackDrift } from "../../operations/drift/stack-drift";
import { trailDrift } from "../../operations/drift/trail-drift";
import { verifyEnvironment } from "../../verify/index";
import type { VerifyReport } from "../../verify/report";
import { type AwsCredentials, Boto3 } from "../support/boto3";
import {
  centralTrailIn,
  type CommandEnd,
  Deployment,
  type EnvironmentFile,
  fourAccountsFile,
} from "../support/deployment";
import { BUCKET_ATTACKS, type Caller, grantKey, STRANGER } from "../support/known-attacks";
import { documentedBucketPolicy } from "../support/lab";
import { Page } from "../support/pages";
import { REPOSITORY } from "../support/repository";
import { requires } from "../support/requirements";

const DESTINATION = "111111111111";
const MEMBER = "222222222222";
const TRAIL = "central-trail";
const ACCESS_LOGS = "central-trail-test-access-logs";
const TOPIC = `arn:aws:sns:us-east-1:${DESTINATION}:log-files`;

/** The accounts as their attackers see them, and what is there. */
interface Scene {
  readonly destination: Caller;
  readonly member: Caller;
  readonly bucket: string;
  /** IDs of the keys. */
  readonly logKey: string;
  readonly topicKey: string;
  /** Of log files and digest files, the oldest first. */
  readonly logFiles: readonly string[];
  readonly digestFiles: readonly string[];
}

interface Attack {
  readonly attack: (scene: Scene) => Promise<unknown>;
  /** A line of `drift` that names it. @default - `drift` does not notice it */
  readonly drift?: RegExp;
  /** A finding of `verify` that names it. @default - `verify` does not notice it */
  readonly verify?: RegExp;
}

const onTrail =
  (operation: string, parameters: object): Attack["attack"] =>
  ({ member }) =>
    member("cloudtrail", operation, parameters);

const onBucket =
  (operation: string, parameters: object): Attack["attack"] =>
  ({ destination, bucket }) =>
    destination("s3", operation, { Bucket: bucket, ...parameters });

const known =
  (name: keyof typeof BUCKET_ATTACKS, of?: string): Attack["attack"] =>
  ({ destination, bucket }) =>
    BUCKET_ATTACKS[name](destination, { account: DESTINATION, bucket: of ?? bucket });

const nobodyDeclared = (what: string, telling: string): RegExp =>
  new RegExp(`^bucket \\S+: The environment does not declare this ${what}: .*${telling}`, "m");
const terraform = (type: string, path = ""): RegExp =>
  new RegExp(`^test-\\S+: (update|destroy) of ${type}\\.\\S+.*${path}`, "m");

/** Before anything else, since `verify` reads files. */
const ON_FILES: Readonly<Record<string, Attack>> = {
  "Log file deleted": {
    attack: ({ destination, bucket, logFiles }) =>
      destination("s3", "delete_object", { Bucket: bucket, Key: logFiles[1] }),
    verify: /A digest names it, and there is no such object: it was deleted/,
  },
  "Log file overwritten": {
    attack: ({ destination, bucket, logFiles }) =>
      destination("s3", "put_object", { Bucket: bucket, Key: logFiles[2], Body: "{}" }),
    verify: /It can't be unzipped/,
  },
  "Digest file deleted": {
    attack: ({ destination, bucket, digestFiles }) =>
      destination("s3", "delete_object", { Bucket: bucket, Key: digestFiles[0] }),
    verify: /The next digest names it, and there is no such object: it was deleted/,
  },
};

const ON_TRAILS: Readonly<Record<string, Attack>> = {
  "Logging stopped": {
    attack: onTrail("stop_logging", { Name: TRAIL }),
    drift: /222222222222 .*: It is not logging since /,
    verify: /It is not logging since /,
  },
  "Event selectors that leave events out": {
    attack: onTrail("put_event_selectors", {
      TrailName: TRAIL,
      EventSelectors: [{ ReadWriteType: "ReadOnly", IncludeManagementEvents: true }],
    }),
    drift: /222222222222 .*: Its event selectors are not those of the environment/,
  },
  "Insights turned off": {
    attack: onTrail("put_insight_selectors", { TrailName: TRAIL, InsightSelectors: [] }),
    drift: /222222222222 .*: Its Insights are \(none\)/,
  },
  "Trail moved to another bucket": {
    attack: async ({ member }) => {
      const bucket = "bucket-of-the-attacker";
      const arn = `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/${TRAIL}`;
      const Policy = JSON.stringify(documentedBucketPolicy(bucket, [arn]));
      await member("s3", "create_bucket", { Bucket: bucket });
      await member("s3", "put_bucket_policy", { Bucket: bucket, Policy });
      await member("cloudtrail", "update_trail", { Name: TRAIL, S3BucketName: bucket });
    },
    drift: /222222222222 .*: It delivers to the bucket bucket-of-the-attacker/,
    verify: /It delivers to the bucket bucket-of-the-attacker/,
  },
  "Trail without its key": {
    attack: onTrail("update_trail", { Name: TRAIL, KmsKeyId: "" }),
    drift: /222222222222 .*: It encrypts with S3's own keys/,
    verify: /It encrypts with S3's own keys/,
  },
  "Trail of one region": {
    attack: onTrail("update_trail", { Name: TRAIL, IsMultiRegionTrail: false }),
    drift: terraform("aws_cloudtrail", "is_multi_region_trail"),
  },
  "Log file validation turned off": {
    attack: onTrail("update_trail", { Name: TRAIL, EnableLogFileValidation: false }),
    drift: /222222222222 .*: Log file validation is off/,
    verify: /Log file validation is off/,
  },
  "Trail without notifications": {
    attack: onTrail("update_trail", { Name: TRAIL, SnsTopicName: "" }),
    drift: terraform("aws_cloudtrail", "sns_topic_name"),
  },
};

const ON_THE_REST: Readonly<Record<string, Attack>> = {
  "Lifecycle rule that expires the logs": {
    attack: known("Lifecycle rule that expires the logs"),
    drift: nobodyDeclared("lifecycle rule", "hasty"),
  },
  "Replication to another bucket": {
    attack: known("Replication to another bucket"),
    drift: nobodyDeclared("replication", "bucket-of-somebody-else"),
  },
  "Event notifications of the bucket": {
    attack: known("Event notifications of the bucket"),
    drift: nobodyDeclared("event notification", "listens"),
  },
  "Inventory to another bucket": {
    attack: known("Inventory to another bucket"),
    drift: nobodyDeclared("inventory", "bucket-of-somebody-else"),
  },
  "Access point": {
    attack: known("Access point"),
    drift: nobodyDeclared("access point", "back-door"),
  },
  "CORS rule": { attack: known("CORS rule"), drift: nobodyDeclared("CORS rule", "GET") },
  "Bucket as a website": {
    attack: known("Bucket as a website"),
    drift: nobodyDeclared("website", "index.html"),
  },
  "Bucket policy changed": {
    attack: async ({ destination, bucket }) => {
      const { Policy } = await destination("s3", "get_bucket_policy", { Bucket: bucket });
      const document = JSON.parse(Policy as string) as { Statement: object[] };
      document.Statement.push({
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${bucket}/*`,
        Principal: { AWS: `arn:aws:iam::${STRANGER}:root` },
      });
      const changed = { Bucket: bucket, Policy: JSON.stringify(document) };
      await destination("s3", "put_bucket_policy", changed);
    },
    drift: terraform("aws_s3_bucket_policy", "policy"),
  },
  "Public access block taken off": {
    attack: onBucket("delete_public_access_block", {}),
    drift: terraform("aws_s3_bucket_public_access_block"),
  },
  "ACLs turned on": {
    attack: onBucket("put_bucket_ownership_controls", {
      OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
    }),
    drift: terraform("aws_s3_bucket_ownership_controls", "object_ownership"),
  },
  "Bucket shown by an ACL": {
    attack: onBucket("put_bucket_acl", { ACL: "public-read" }),
    drift: nobodyDeclared("grant of its ACL", "AllUsers"),
  },
  "Versioning suspended": {
    attack: onBucket("put_bucket_versioning", { VersioningConfiguration: { Status: "Suspended" } }),
    drift: terraform("aws_s3_bucket_versioning", "status"),
  },
  "Another default encryption": {
    attack: onBucket("put_bucket_encryption", {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    }),
    drift: terraform("aws_s3_bucket_server_side_encryption_configuration", "rule"),
  },
  "Access logs turned off": {
    attack: onBucket("put_bucket_logging", { BucketLoggingStatus: {} }),
    drift: terraform("aws_s3_bucket_logging"),
  },
  "Key granted": {
    attack: ({ destination, logKey }) => grantKey(destination, logKey),
    drift: /^key \S+: The environment does not declare this grant: .*999999999999/m,
  },
  "Key policy changed": {
    attack: async ({ destination, logKey: KeyId }) => {
      const common = { KeyId, PolicyName: "default" };
      const { Policy } = await destination("kms", "get_key_policy", common);
      const document = JSON.parse(Policy as string) as { Statement: object[] };
      document.Statement = document.Statement.slice(0, 1);
      const changed = { ...common, Policy: JSON.stringify(document) };
      await destination("kms", "put_key_policy", changed);
    },
    drift: terraform("aws_kms_key", "policy"),
  },
  "Key rotation turned off": {
    attack: ({ destination, logKey: KeyId }) =>
      destination("kms", "disable_key_rotation", { KeyId }),
    drift: terraform("aws_kms_key", "enable_key_rotation"),
  },
  "Subscription to the topic": {
    attack: ({ destination }) =>
      destination("sns", "subscribe", {
        TopicArn: TOPIC,
        Protocol: "https",
        Endpoint: "https://example.com/listens",
      }),
    drift: /^topic \S+: The environment does not declare this subscription: .*listens/m,
  },
  "Topic policy changed": {
    attack: ({ destination }) =>
      destination("sns", "set_topic_attributes", {
        TopicArn: TOPIC,
        AttributeName: "Policy",
        AttributeValue: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: "*", Action: "sns:Subscribe", Resource: TOPIC },
          ],
        }),
      }),
    drift: terraform("aws_sns_topic_policy", "policy"),
  },
  "Key's deletion scheduled": {
    attack: ({ destination, topicKey: KeyId }) =>
      destination("kms", "schedule_key_deletion", { KeyId, PendingWindowInDays: 7 }),
    drift: /^key \S+: Its state is PendingDeletion: it is deleted at /m,
  },
  "Key turned off": {
    attack: ({ destination, logKey: KeyId }) => destination("kms", "disable_key", { KeyId }),
    drift: /^key \S+: Its state is Disabled/m,
  },
};

/**
 * Last, since others need what goes with them. CloudTrail and SNS are asked alone, without
 * Terraform.
 */
const AT_THE_END: Readonly<Record<string, Attack>> = {
  "Topic deleted": {
    attack: ({ destination }) => destination("sns", "delete_topic", { TopicArn: TOPIC }),
    drift: /^AWS knows no such topic/,
  },
  "Trail deleted": {
    attack: ({ member }) => member("cloudtrail", "delete_trail", { Name: TRAIL }),
    drift: /^AWS knows no such trail/,
    verify: /^AWS knows no such trail/,
  },
};

const ATTACKS = { ...ON_FILES, ...ON_TRAILS, ...ON_THE_REST, ...AT_THE_END };

/** The rows of the page's first table: attack → the commands in its cell. */
function table(): Map<string, readonly string[]> {
  const rows = new Page("docs/known-attacks.md").text
    .split("\n")
    .filter((line) => /^\| [^-]/.test(line));
  return new Map(
    rows.slice(1).map((row) => {
      const [, attack = "", , , noticed = ""] = row.split("|").map((cell) => cell.trim());
      return [attack, [...noticed.matchAll(/`(\w+)`/g)].map(([, verb]) => verb!)];
    }),
  );
}

test("the page's table has these attacks and no others, noticed as it says", () => {
  const noticed = Object.entries(ATTACKS).map(([name, { drift, verify }]): [string, string[]] => [
    name,
    [...(drift ? ["drift"] : []), ...(verify ? ["verify"] : [])],
  ]);
  expect(Object.fromEntries(table())).toEqual(Object.fromEntries(noticed));
});

requires(
  "terraform",
  "moto",
  "boto3",
)("known attacks, by a client that is not ours", () => {
  jest.setTimeout(1_200_000);
  let deployment: Deployment;
  let boto3: Boto3;
  let clean: unknown;
  let verified: VerifyReport;
  let drifted: CommandEnd;
  let planned: CommandEnd;
  let driftedAtTheEnd: readonly string[];
  let verifiedAtTheEnd: VerifyReport;

  beforeAll(async () => {
    const file: EnvironmentFile = fourAccountsFile();
    file.members = file.members.slice(0, 1);
    file.trail = { insights: ["ApiCallRateInsight"] };
    Object.assign(file.destination, {
      accessLogBucket: ACCESS_LOGS,
      notifications: { topicName: "log-files", queueName: "log-files-queue" },
    });
    deployment = await Deployment.start(file);
    await deployment.run("deploy");
    const { environment, env } = deployment;
    const access = accessOf(deployment);
    const differences = (all: readonly { readonly differences: readonly string[] }[]): string[] =>
      all.flatMap((one) => one.differences);

    const output = `${deployment.folder.output}-drift`;
    const { stacks, plans } = await stackDrift({ environment, env, project: REPOSITORY, output });
    const settings = await settingDrift(environment, plans, access);
    clean = [stacks.flatMap(({ resources }) => resources), differences(settings)];

    boto3 = new Boto3(env["AWS_ENDPOINT_URL"]!);
    const scene = await look(deployment, boto3);
    for (const { attack } of Object.values({ ...ON_FILES, ...ON_TRAILS })) await attack(scene);
    verified = await verifyEnvironment(environment, access);
    for (const { attack } of Object.values(ON_THE_REST)) await attack(scene);
    drifted = await centralTrailIn(deployment, "drift");
    planned = await centralTrailIn(deployment, "plan");
    for (const { attack } of Object.values(AT_THE_END)) await attack(scene);
    driftedAtTheEnd = [
      ...differences(await trailDrift(environment, access)),
      ...differences(await settingDrift(environment, plans, access)),
    ];
    verifiedAtTheEnd = await verifyEnvironment(environment, access);
  });
  afterAll(async () => {
    await boto3?.stop();
    await deployment?.stop();
  });

  test("before them nothing is found", () => expect(clean).toEqual([[], []]));

  const noticed = (by: "drift" | "verify", attacks = ATTACKS): [string, RegExp][] =>
    Object.entries(attacks).flatMap(([name, attack]): [string, RegExp][] =>
      attack[by] ? [[name, attack[by]]] : [],
    );
  const early = { ...ON_FILES, ...ON_TRAILS, ...ON_THE_REST };
  const textsOf = (report: VerifyReport): string[] =>
    [...JSON.stringify(report).matchAll(/"text":("(?:[^"\\]|\\.)*")/g)].map(
      ([, text]) => JSON.parse(text!) as string,
    );

  test.each(noticed("verify", early))("%s: verify names it", (_, finding) => {
    expect(textsOf(verified)).toContainEqual(expect.stringMatching(finding));
    expect(verified.verdict).toBe("tampered");
  });

  test.each(noticed("drift", early))("%s: drift names it", (_, line) => {
    expect(drifted.stdout).toMatch(line);
    expect(drifted.code).toBe(2);
  });

  test.each(noticed("drift", AT_THE_END))("%s: drift names it", (_, difference) => {
    expect(driftedAtTheEnd).toContainEqual(expect.stringMatching(difference));
  });

  test.each(noticed("verify", AT_THE_END))("%s: verify names it", (_, finding) => {
    expect(textsOf(verifiedAtTheEnd)).toContainEqual(expect.stringMatching(finding));
  });

  test("the plan tells of what nobody declared too, and does not say that nothing changes", () => {
    expect(planned.stdout).toMatch(
      /outside of Terraform: update of aws_s3_bucket\.\S+: .*lifecycle_rule.*replication/,
    );
    expect(planned.stdout).not.toContain("Nothing changes");
  });
});

function accessOf({ env }: Deployment): { endpoint: string; credentials: AwsCredentials } {
  const credentials = {
    accessKeyId: env["AWS_ACCESS_KEY_ID"]!,
    secretAccessKey: env["AWS_SECRET_ACCESS_KEY"]!,
  };
  return { endpoint: env["AWS_ENDPOINT_URL"]!, credentials };
}

/** Lets hours go by in which files are delivered, and looks at what there is. */
async function look(deployment: Deployment, boto3: Boto3): Promise<Scene> {
  const { environment } = deployment;
  const access = accessOf(deployment);
  const caller = async (id: string): Promise<Caller> => {
    const accounts = [environment.destination, ...environment.members];
    const account = accounts.find((one) => one.account === id)!;
    const credentials = await accountCredentials(environment, account, access)();
    return (service, operation, parameters = {}) =>
      boto3.call(credentials, account.region, service, operation, parameters);
  };
  const destination = await caller(DESTINATION);
  for (let hour = 0; hour < 5; hour++) {
    await destination("cloudtrail", "describe_trails");
    await deployment.advance(3600);
  }
  const bucket = environment.destination.bucket;
  const { Contents } = await destination("s3", "list_objects_v2", { Bucket: bucket });
  const keys = (Contents as { Key: string }[]).map(({ Key }) => Key);
  const { Trail } = await destination("cloudtrail", "get_trail", { Name: TRAIL });
  const { Attributes } = await destination("sns", "get_topic_attributes", { TopicArn: TOPIC });
  const idOf = (arn: string): string => arn.replace(/^.*:key\//, "");
  return {
    destination,
    member: await caller(MEMBER),
    bucket,
    logKey: idOf((Trail as { KmsKeyId: string }).KmsKeyId),
    topicKey: idOf((Attributes as { KmsMasterKeyId: string }).KmsMasterKeyId),
    logFiles: keys.filter((key) => parseLogFileKey(key)?.accountId === DESTINATION),
    digestFiles: keys.filter((key) => parseDigestFileKey(key)?.accountId === DESTINATION),
  };
}
