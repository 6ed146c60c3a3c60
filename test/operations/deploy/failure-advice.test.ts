import { failureAdvice } from "../../../operations/deploy/failure-advice";

const context = {
  environment: "prod",
  command: (stacks: readonly string[], verb = "again") => `${verb} ${stacks.join(" ")}`,
};

const RECOVER = "npm run central-trail -- recover --env prod";

test("nothing failed: nothing to say", () => {
  expect(failureAdvice([{ stack: "a", state: "done" }], context)).toEqual([]);
});

test("what failed, what is done, what was not tried, and what to run again", () => {
  const error = `Error: Resource precondition failed

  on cdk.tf.json line 35, in resource.aws_cloudtrail.trail (trail).lifecycle.precondition[0]:
  35:               "condition": "\${false}",

The destination does not list
arn:x; deploy it first.`;
  expect(
    failureAdvice(
      [
        { stack: "destination", state: "done" },
        { stack: "m2", state: "failed", error },
        { stack: "m3", state: "done" },
        { stack: "m4", state: "not tried" },
      ],
      context,
    ),
  ).toEqual([
    "m2 failed: Resource precondition failed The destination does not list arn:x; deploy it first.",
    "Done: destination, m3",
    "Not tried: m4",
    "To go on, when it is fixed: again m2 m4",
  ]);
});

test.each([
  [
    `Error: Unable to find remote
state

  with data.terraform_remote_state.destination,
  on cdk.tf.json line 18, in data.terraform_remote_state.x:`,
    "the destination of environment prod was never deployed. Run: deploy prod-destination",
  ],
  ["Error: Failed to query available provider packages", "CENTRAL_TRAIL_PROVIDER_MIRROR"],
  ["Error: Error acquiring the state lock", RECOVER],
  // As the AWS provider 5.100 and Terraform 1.11 print them.
  [
    "Error: creating S3 Bucket (logs): operation error S3: CreateBucket, https response error StatusCode: 409, BucketAlreadyExists:",
    "somebody else's",
  ],
  // In us-east-1 the provider looks first, and says so of this account's own bucket.
  ["Error: creating S3 Bucket (logs): BucketAlreadyExists\n\n  with aws_s3_bucket.b,", RECOVER],
  [
    "Error: creating S3 Bucket (logs): operation error S3: CreateBucket, https response error StatusCode: 409, BucketAlreadyOwnedByYou:",
    RECOVER,
  ],
  [
    "Error: creating CloudTrail Trail (central-trail): operation error CloudTrail: CreateTrail, https response error StatusCode: 400, TrailAlreadyExistsException: Trail already exists",
    RECOVER,
  ],
  [
    "Error: creating KMS Alias (alias/logs): operation error KMS: CreateAlias, https response error StatusCode: 400, AlreadyExistsException: An alias with the name arn:aws:kms:…",
    RECOVER,
  ],
  [
    "Error: creating SQS Queue (q): operation error SQS: CreateQueue, QueueAlreadyExists: A queue",
    RECOVER,
  ],
  [
    "Error: creating SQS Queue (q): operation error SQS: CreateQueue, QueueNameExists: A queue",
    RECOVER,
  ],
  [
    "Error: creating SNS Topic (t): operation error SNS: CreateTopic, InvalidParameter: Invalid parameter: Attributes Reason: Topic already exists with different attributes",
    RECOVER,
  ],
  [
    "Error: creating CloudTrail Trail (t): InsufficientS3BucketPolicyException: Incorrect",
    "policyWaitSeconds",
  ],
  [
    "Error: creating CloudTrail Trail (t): InsufficientEncryptionPolicyException: x",
    "key's policy",
  ],
  [
    "Error: creating CloudTrail Trail (t): InsufficientSnsTopicPolicyException: x",
    "topic's policy",
  ],
  [
    "Error: putting S3 Bucket (logs) Policy: operation error S3: PutBucketPolicy, api error MalformedPolicy: Invalid principal in policy",
    "does not exist",
  ],
  [
    "Error: creating KMS Key: operation error KMS: CreateKey, MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.",
    "does not exist",
  ],
  [
    "Error: setting SNS Topic Policy: InvalidParameter: Invalid parameter: Policy Error: PrincipalNotFound",
    "does not exist",
  ],
  ["Error: Failed to save state\n\nwrite /x.tfstate: no space left on device", "the disk is full"],
  ["Error: Failed to save state\n\nopen /x.tfstate: read-only file system", "Make it writable"],
  ["Error: Error locking state: open /x.tfstate: permission denied", "ls -l"],
  ["Error: Failed to save state\n\nError saving state: failed to upload state: 500", RECOVER],
  ["Planning failed.\n\nTerraform was ended by SIGKILL.", "--parallelism 1"],
  ["Error: Plugin did not respond\n\nThe plugin encountered an error, and failed", RECOVER],
  ["Error: creating KMS Key: operation error KMS: CreateKey, canceled, context canceled", RECOVER],
  [
    "Error: Cannot assume IAM Role\n\nOriginal error: api error AccessDenied: User: x is not authorized to perform: sts:AssumeRole",
    "trust policy",
  ],
  [
    "Error: Retrieving AWS account details: ExpiredToken: The security token included in the request is expired",
    "aws sso login",
  ],
  ["Error: No valid credential sources found", "AWS_PROFILE"],
  [
    "Error: Failed to install provider\n\nError while installing hashicorp/aws v5.100.0: x",
    "CENTRAL_TRAIL_PROVIDER_MIRROR",
  ],
])("our own sentence after %j", (error, sentence) => {
  const [, advice] = failureAdvice([{ stack: "m2", state: "failed", error }], context);
  expect(advice).toMatch(/^ {2}That is: /);
  expect(advice).toContain(sentence);
});
