import { Testing } from "cdktf";
import type { Environment } from "../../../envs/types";
import { minify } from "../../../iam/policy-document";
import { logKeyArn } from "../../../envs/log-key";
import { environmentDocuments } from "../../../operations/policies/environment-documents";
import { DestinationStack } from "../../../stacks/destination-stack";
import { UpkeepStack } from "../../../stacks/upkeep-stack";
import { fourAccounts } from "../../support/environment";
import { only, synthesized } from "../../support/synthesized";

function environmentWith(change: Partial<Environment["destination"]> = {}): Environment {
  const environment = fourAccounts();
  return { ...environment, destination: { ...environment.destination, ...change } };
}

test.each<[string, Partial<Environment["destination"]>]>([
  ["a new key", {}],
  [
    "a bucket key",
    {
      encryption: { type: "sse-kms", alias: "logs", deletionWindowDays: 7, bucketKey: true },
    },
  ],
  ["SSE-S3 and a prefix", { encryption: { type: "sse-s3" }, prefix: "org" }],
])("with %s the documents are those that the stacks build", (_, change) => {
  const environment = environmentWith({ ...change, accessLogBucket: "access-logs" });
  const documents = environmentDocuments(environment);
  const app = Testing.app();
  const props = { environment, stateDirectory: "/state" };
  const destination = new DestinationStack(app, props);
  const upkeep = new UpkeepStack(app, { ...props, destination });
  const built = synthesized(destination);
  expect(minify(documents.bucket)).toBe(only(built, "aws_s3_bucket_policy")["policy"]);
  expect(documents.key && minify(documents.key)).toBe(
    built.resource["aws_kms_key"] && only(built, "aws_kms_key")["policy"],
  );
  // The stack takes the log bucket's name from the destination's outputs.
  const accessLogs = only(synthesized(upkeep), "aws_s3_bucket_policy")["policy"] as string;
  const output = /\$\{data\.terraform_remote_state\.destination\.outputs\.s3_bucket_name\}/;
  expect(accessLogs).toMatch(output);
  expect(minify(documents.accessLogBucket!)).toBe(
    accessLogs.replace(output, environment.destination.bucket),
  );
});

test("the key's ARN is known where it exists, and stood in for where it is to be made", () => {
  const keyArn = "arn:aws:kms:us-east-1:111111111111:key/existing";
  expect(logKeyArn(environmentWith())).toMatch(/^arn:aws:kms:us-east-1:111111111111:key\/0{8}-/);
  expect(
    logKeyArn(
      environmentWith({ encryption: { type: "sse-kms-existing", keyArn, bucketKey: false } }),
    ),
  ).toBe(keyArn);
  expect(logKeyArn(environmentWith({ encryption: { type: "sse-s3" } }))).toBeUndefined();
});
