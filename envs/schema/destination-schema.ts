import { z } from "zod";
import {
  keyAliasProblem,
  organizationIdProblem,
  queueNameProblem,
  topicNameProblem,
} from "../../cloudtrail/names";
import { CLOUDTRAIL_PRINCIPALS } from "../../cloudtrail/service/principal";
import {
  BUCKET_POLICY_SHAPES,
  DEFAULT_SHAPE,
  KEY_POLICY_SHAPES,
  TOPIC_POLICY_SHAPES,
} from "../../policies/shapes/shapes";
import { account } from "./account-schema";
import { query } from "./query-schema";
import { reader } from "./reader-schema";
import { accountRole, bucketName, days, keyArn, keyPrefix } from "./values";
import { flag, oneOf, text, wholeNumber } from "./wording";

const bucketKey = flag
  .default(false)
  .describe("S3 Bucket Key: fewer and so cheaper calls of KMS; CloudTrail then needs kms:Decrypt");

const encryption = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("sse-kms").describe("A KMS key that the destination makes"),
    alias: text({
      noun: "a key alias",
      example: "central-trail-production",
      problem: keyAliasProblem,
      repair: (value) => value.replace(/^alias\//, ""),
      description:
        "Alias of the key, without alias/. Default: central-trail-<name of the environment>",
    }).optional(),
    deletionWindowDays: wholeNumber(7, 30, 30)
      .default(30)
      .describe("Days in which the deletion of the key can be taken back"),
    bucketKey,
  }),
  z.strictObject({
    type: z.literal("sse-kms-existing").describe("A KMS key that you have"),
    keyArn: keyArn.describe("ARN of the key, in the bucket's region"),
    bucketKey,
  }),
  z.strictObject({ type: z.literal("sse-s3").describe("Keys of S3") }),
]);

const retention = z.strictObject({
  transitionToGlacierDays: days
    .optional()
    .describe(
      "Days until a log file of 128 KB or more moves to Glacier; verify, events and Athena can't read it there",
    ),
  expireDays: days.optional().describe("Days until a log file expires"),
  noncurrentExpireDays: days
    .optional()
    .describe("Days until a version that is no longer current expires"),
});

const shape = <const Word extends string>(
  document: string,
  words: readonly [Word, ...Word[]],
): z.ZodOptional<ReturnType<typeof oneOf<Word>>> =>
  oneOf(words)
    .optional()
    .meta({
      description: `In which words the ${document} policy says whose trails may deliver`,
      default: DEFAULT_SHAPE,
    });

const denies = (what: string) => flag.default(false).describe(`Deny ${what}`);

const hardening = z.strictObject({
  denyOtherEncryption: denies("writing objects encrypted with anything but the log key"),
  denyLogDeletion: denies("deleting logs and the key to everyone but breakGlassRole"),
  denyPolicyChange: denies(
    "changing policies and safety settings to everyone but breakGlassRole and the deployer",
  ),
  readersOnly: denies("reading logs to everyone but the readers and breakGlassRole"),
  breakGlassRole: accountRole
    .optional()
    .describe("Role of the destination account, for emergencies, that the denies spare"),
});

const objectLock = z.strictObject({
  mode: oneOf(["GOVERNANCE", "COMPLIANCE"]).describe(
    "COMPLIANCE: nobody can shorten it, the root user included. GOVERNANCE: who may bypass it can",
  ),
  days: days.describe("Days that each version of a log file is kept"),
});

const messagingName = (noun: string, problem: typeof topicNameProblem, description: string) =>
  text({
    noun,
    example: "central-trail-log-files",
    problem,
    repair: (value) => value.replace(/[^A-Za-z0-9_-]+/g, "-"),
    description,
  });

const notifications = z.strictObject({
  topicName: messagingName(
    "a topic's name",
    topicNameProblem,
    "The SNS topic, which is made with a key of its own",
  ),
  queueName: messagingName(
    "a queue's name",
    queueNameProblem,
    "An SQS queue behind the topic, made too",
  ).optional(),
});

/** The account that owns the bucket, and what is made there. */
export const destination = z.strictObject({
  ...account,
  bucket: bucketName.describe("The log bucket, which is made"),
  prefix: keyPrefix.optional(),
  encryption: encryption.prefault({ type: "sse-kms" }).describe("What encrypts the log files"),
  retention: retention.optional().describe("How long logs stay. Default: for ever"),
  accessLogBucket: bucketName
    .optional()
    .describe("A second bucket, which is made, for S3's access logs of the log bucket"),
  bucketPolicyShape: shape("bucket", BUCKET_POLICY_SHAPES),
  keyPolicyShape: shape("key", KEY_POLICY_SHAPES),
  topicPolicyShape: shape("topic", TOPIC_POLICY_SHAPES),
  organizationId: text({
    noun: "an organization's ID",
    example: "o-a1b2c3d4e5",
    problem: organizationIdProblem,
    description: "The organization's ID, for bucketPolicyShape: source-org-id",
  }).optional(),
  servicePrincipal: text({
    noun: "a service principal",
    example: "cloudtrail.amazonaws.com",
    problem: (value) =>
      CLOUDTRAIL_PRINCIPALS.includes(value)
        ? undefined
        : `must be one of ${CLOUDTRAIL_PRINCIPALS.join(", ")}`,
    description: "Who CloudTrail is in policies. Default: cloudtrail.amazonaws.com",
  }).optional(),
  readers: z
    .array(reader)
    .optional()
    .describe("Who may read whose logs, of this and of other accounts. Default: nobody"),
  hardening: hardening.optional().describe("Denies that bind administrators too. Default: none"),
  objectLock: objectLock
    .optional()
    .describe("Object Lock of the log bucket. Once on, S3 never turns it off. Default: none"),
  notifications: notifications
    .optional()
    .describe("Notifications of each log file, for all trails. Default: none"),
  query: query
    .optional()
    .describe("A table over the logs and a workgroup to query it with Athena. Default: none"),
  policyWaitSeconds: wholeNumber(0, 600, 30)
    .default(30)
    .describe("Seconds between a policy change and the trails that need it"),
});
