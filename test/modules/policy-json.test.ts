import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { TerraformStack, Testing } from "cdktf";
import { policyJson } from "../../modules/policy-json";
import { logBucketPolicy } from "../../policies/documents/log-bucket-policy";
import { TrailRegistry } from "../../policies/trail-registry";
import { FOUR_TRAILS } from "../support/trails";

test("policy variables come through Terraform as they are, and references are still filled", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const key = new KmsKey(stack, "key", {});
  new S3BucketPolicy(stack, "policy", {
    bucket: "logs",
    policy: policyJson(
      logBucketPolicy({
        partition: "aws",
        bucketName: "logs",
        trails: new TrailRegistry(FOUR_TRAILS),
        shape: "own-prefix",
        kmsKeyArn: key.arn,
        hardening: { denyOtherEncryption: true },
      }),
    ),
  });
  const { resource } = JSON.parse(Testing.synth(stack)) as {
    resource: { aws_s3_bucket_policy: { policy: { policy: string } } };
  };
  const rendered = resource.aws_s3_bucket_policy.policy.policy;
  expect(rendered).toContain("arn:aws:s3:::logs/AWSLogs/$${aws:SourceAccount}/*");
  expect(rendered).toContain('"${aws_kms_key.key.arn}"');
  // What Terraform makes of it: $${ is ${, and nothing else with ${ is left but the reference.
  expect(rendered.replace(/\$\$\{/g, "").match(/\$\{[^}]*\}/g)).toEqual(["${aws_kms_key.key.arn}"]);
});

test("a document without variables is sent as it is", () => {
  const document = logBucketPolicy({
    partition: "aws",
    bucketName: "logs",
    trails: new TrailRegistry(FOUR_TRAILS),
  });
  expect(policyJson(document)).toBe(JSON.stringify(document));
});
