import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { destinationSettings } from "../../envs/destination-settings";
import type { Destination, Environment } from "../../envs/types";
import type { PolicyDocument } from "../../iam/policy-document";
import { policyJson } from "../../modules/policy-json";
import { destinationDocuments } from "../../policies/documents/destination-policies";
import { addEnvironmentStacks } from "../../stacks/environment-stacks";
import { synthesize, SynthesisError } from "../../stacks/synthesize";
import { fourAccounts } from "../support/environment";
import { type Configuration, only } from "../support/synthesized";

const folder = mkdtempSync(join(tmpdir(), "central-trail-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function withDestination(settings: Partial<Destination>): Environment {
  const environment = fourAccounts();
  return {
    ...environment,
    throwaway: false,
    destination: { ...environment.destination, ...settings },
  };
}

function appOf(environment: Environment): App {
  const app = new App({ outdir: mkdtempSync(join(folder, "out-")) });
  addEnvironmentStacks(app, { environment, stateDirectory: "/state" });
  return app;
}

/** A stack's configuration by the end of its name. */
function configuration(app: App, name: string): Configuration {
  const stack = app.node.findChild(name) as TerraformStack;
  stack.prepareStack();
  return stack.toTerraform() as Configuration;
}

const ALL: Partial<Destination> = {
  prefix: "org",
  bucketPolicyShape: "source-org-id",
  keyPolicyShape: "account-list",
  topicPolicyShape: "account-list",
  organizationId: "o-a1b2c3d4e5",
  servicePrincipal: "cloudtrail.amazonaws.com.cn",
  readers: [
    {
      name: "audit",
      principals: ["arn:aws:iam::999999999999:role/audit"],
      accounts: ["222222222222"],
    },
  ],
  hardening: {
    denyOtherEncryption: true,
    denyLogDeletion: true,
    denyPolicyChange: true,
    readersOnly: true,
    breakGlassRoleArn: "arn:aws:iam::111111111111:role/break-glass",
  },
  notifications: { topicName: "log-files", queueName: "log-files" },
  objectLock: { mode: "GOVERNANCE", days: 30 },
};

test.each([
  ["without any settings", {}],
  ["with all settings", ALL],
])("%s the stack has the very documents that are printed for people", (_, settings) => {
  const environment = withDestination(settings);
  const { resource } = configuration(appOf(environment), "test-destination");
  const keys = Object.entries(resource.aws_kms_key!);
  const [logKey] = keys.find(([name]) => !name.includes("notifications"))!;
  const documents = destinationDocuments(destinationSettings(environment), "the-log-key");
  const of = (name: string, type: string): [string, unknown][] =>
    resource[type] ? [[name, only({ resource } as Configuration, type).policy]] : [];
  expect(
    Object.fromEntries([
      ...of("bucket", "aws_s3_bucket_policy"),
      ...keys.map(([name, { policy }]) => [name === logKey ? "key" : "topicKey", policy]),
      ...of("topic", "aws_sns_topic_policy"),
      ...of("queue", "aws_sqs_queue_policy"),
    ]),
  ).toEqual(
    Object.fromEntries(
      Object.entries<PolicyDocument>({ ...documents }).map(([name, document]) => [
        name,
        policyJson(document).replaceAll("the-log-key", `\${aws_kms_key.${logKey}.arn}`),
      ]),
    ),
  );
});

test("every setting of the file arrives in its document", () => {
  const { bucket, key, topic } = destinationDocuments(destinationSettings(withDestination(ALL)));
  const inBucket = [
    "org/AWSLogs/",
    "o-a1b2c3d4e5",
    "cloudtrail.amazonaws.com.cn",
    "role/audit",
    "DenyOtherKeys",
    "DenyLogDeletion",
    "DenyPolicyChange",
    "DenyReading",
    "role/break-glass",
  ];
  for (const words of inBucket) expect(JSON.stringify(bucket)).toContain(words);
  for (const words of ["aws:SourceAccount", "amazonaws.com.cn", "role/audit", "DenyDecryption"]) {
    expect(JSON.stringify(key)).toContain(words);
  }
  for (const words of ["aws:SourceAccount", "amazonaws.com.cn", ":log-files"]) {
    expect(JSON.stringify(topic)).toContain(words);
  }
  const { resource } = configuration(appOf(withDestination(ALL)), "test-destination");
  expect(
    only({ resource } as Configuration, "aws_s3_bucket_object_lock_configuration").rule,
  ).toEqual({ default_retention: { mode: "GOVERNANCE", days: 30 } });
});

test("a key that exists, with an S3 Bucket Key, is named in the policy, and no key is made", () => {
  const keyArn = "arn:aws:kms:us-east-1:999999999999:key/abc";
  const environment = withDestination({
    ...ALL,
    encryption: { type: "sse-kms-existing", keyArn, bucketKey: true },
  });
  const { resource } = configuration(appOf(environment), "test-destination");
  const { policy } = only({ resource } as Configuration, "aws_s3_bucket_policy");
  expect(policy).toContain(keyArn);
  expect(Object.keys(resource.aws_kms_key!)).toEqual([expect.stringContaining("notifications")]);
  expect(
    only({ resource } as Configuration, "aws_s3_bucket_server_side_encryption_configuration").rule,
  ).toMatchObject([{ bucket_key_enabled: true }]);
});

test("the deployer that the denies spare is the destination's role", () => {
  const { resource } = configuration(appOf(withDestination(ALL)), "test-destination");
  const { policy } = only({ resource } as Configuration, "aws_s3_bucket_policy");
  const { Statement } = JSON.parse(policy as string) as {
    Statement: { Sid: string; Condition: unknown }[];
  };
  expect(Statement.find(({ Sid }) => Sid === "DenyPolicyChange")!.Condition).toEqual({
    ArnNotEquals: {
      "aws:PrincipalArn": [
        "arn:aws:iam::111111111111:role/break-glass",
        "arn:aws:iam::111111111111:role/central-trail-deployer",
      ],
    },
  });
});

test("the role for plans may list what only readers may read", () => {
  const planRoleArn = "arn:aws:iam::111111111111:role/central-trail-planner";
  const { policy } = only(
    configuration(appOf(withDestination({ ...ALL, planRoleArn })), "test-destination"),
    "aws_s3_bucket_policy",
  );
  const { Statement } = JSON.parse(policy as string) as {
    Statement: { Sid: string; Condition: unknown }[];
  };
  const spared = Statement.filter(({ Condition }) =>
    JSON.stringify(Condition ?? {}).includes(planRoleArn),
  );
  expect(spared.map(({ Sid }) => Sid)).toEqual(["DenyListing"]);
});

test("a member's trail reads the topic's ARN from the gate, and has none where there is none", () => {
  const member = configuration(appOf(withDestination(ALL)), "test-member-222222222222");
  expect(only(member, "aws_cloudtrail").sns_topic_name).toBe(
    "${try(data.terraform_remote_state.destination.outputs.sns_topic_arn, null)}",
  );
});

test("policies over their limits stop synthesis with all that is wrong", () => {
  const environment = fourAccounts();
  const [member] = environment.members;
  const app = appOf({
    ...environment,
    members: Array.from({ length: 300 }, (_, index) => ({
      ...member!,
      account: String(200_000_000_000 + index),
    })),
  });
  expect(() => synthesize(app)).toThrow(SynthesisError);
  expect(() => synthesize(app)).toThrow(
    /log-destination\/key: The key policy[^]*log-destination\/bucket: The bucket policy[^]*bucketPolicyShape: source-org-id, organizationId: o-…/,
  );
});
