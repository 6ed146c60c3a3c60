import { z } from "zod";
import { parseArn } from "../../cloudtrail/arn";
import { LIMITS } from "../../cloudtrail/limits";
import {
  ACCOUNT_PROJECTIONS,
  dayProblem,
  ENUM_ACCOUNTS,
  QUERY_DEFAULTS,
} from "../../cloudtrail/table/log-table";
import {
  accountIdProblem,
  bucketNameProblem,
  catalogNameProblem,
  externalIdProblem,
  keyAliasProblem,
  keyPrefixProblem,
  roleNameProblem,
  roleSessionNameProblem,
  tagKeyProblem,
  tagValueProblem,
  trailNameProblem,
  workgroupNameProblem,
} from "../../cloudtrail/names";
import { isRegionName, KNOWN_REGIONS } from "../../cloudtrail/regions";
import { CLOUDTRAIL_PRINCIPALS } from "../../cloudtrail/service/principal";
import {
  BUCKET_POLICY_SHAPES,
  DEFAULT_SHAPE,
  KEY_POLICY_SHAPES,
  TOPIC_POLICY_SHAPES,
} from "../../policies/shapes/shapes";
import { endpointProblem } from "../rules/endpoint-rules";
import { GUARD_IDS } from "../rules/guard-ids";
import { ACCESSES, EVENT_PRESETS, INSIGHT_TYPES } from "../../cloudtrail/selection/event-settings";
import { advancedSelector, basicSelector } from "./selector-schema";
import { nearest } from "./suggest";
import { flag, must, oneOf, text, wholeNumber, yaml } from "./wording";

/**
 * The environment file, entry by entry. What holds between entries is in rules.ts. Descriptions go
 * into the JSON Schema and so into people's editors.
 */

const accountId = text({
  noun: "an account ID",
  example: "123456789012",
  problem: accountIdProblem,
  repair: (value) => value.replace(/[\s._-]/g, ""),
  // Whoever follows a wrong guess lets a stranger's account write into the bucket.
  advice: (value) =>
    /^\d{9,11}$/.test(value)
      ? `look the account ID up; if leading zeros were lost, write ${yaml(value.padStart(12, "0"))}`
      : "look the account ID up",
  description: "AWS account ID: 12 digits, in quotes (without them YAML reads a number)",
  pattern: "^\\d{12}$",
});

const region = text({
  noun: "a region name",
  example: "eu-central-1",
  problem: (value) => (isRegionName(value) ? undefined : "must look like eu-central-1"),
  repair: (value) => nearest(value, KNOWN_REGIONS),
  description: "AWS region, such as eu-central-1",
});

const bucketName = text({
  noun: "a bucket name",
  example: "example-org-trail-logs",
  problem: bucketNameProblem,
  repair: (value) => value.toLowerCase().replace(/[^a-z0-9.-]+/g, "-"),
  description: "Bucket name: 3 to 63 lower-case letters, digits, periods and hyphens",
  pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
});

const trailName = text({
  noun: "a trail name",
  example: "central-trail",
  problem: trailNameProblem,
  repair: (value) =>
    value
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/[._-]{2,}/g, "-")
      .replace(/^[._-]|[._-]$/g, ""),
  description: "Trail name: 3 to 128 letters, digits, periods, underscores and hyphens",
});

const keyPrefix = text({
  noun: "a prefix",
  example: "org",
  problem: keyPrefixProblem,
  repair: (value) =>
    value
      .split("/")
      .filter((part) => part !== "" && part !== "AWSLogs")
      .join("/"),
  advice: () => "remove it for no prefix, or write something like prefix: org",
  description: "Part of each object key before AWSLogs/, without slashes around it",
});

const externalId = text({
  noun: "an external ID",
  example: "central-trail-7f3a",
  problem: externalIdProblem,
  description: "External ID that the role's trust policy asks for",
});

const keyArn = text({
  noun: "a KMS key's ARN",
  example: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  problem: must(
    /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    "must be arn:<partition>:kms:<region>:<account>:key/<id> (an alias would be looked up in each member's own account)",
  ),
  description: "ARN of a KMS key, not of an alias",
});

const roleName = text({
  noun: "a role name",
  example: "central-trail-deployer",
  problem: (value) =>
    value.startsWith("arn:")
      ? "may not be an ARN, since every account has a role of that name"
      : roleNameProblem(value),
  repair: (value) =>
    parseArn(value)?.resource.replace(/^role\//, "") ?? value.replace(/^\/+|\/+$/g, ""),
  description: "Role name with its path, such as deployers/central-trail-deployer",
});

const ROLE_ARN = /^arn:[a-z-]+:iam::\d{12}:role\/(.+)$/;

const roleArn = text({
  noun: "a role's ARN",
  example: "arn:aws:iam::123456789012:role/central-trail-state",
  problem: roleArnProblem,
  description: "ARN of an IAM role",
});

function roleArnProblem(value: string): string | undefined {
  const name = ROLE_ARN.exec(value)?.[1];
  return name === undefined
    ? "must be arn:<partition>:iam::<account>:role/<name>"
    : roleNameProblem(name);
}

const accountRole = text({
  noun: "a role name or a role's ARN",
  example: "central-trail-deployer",
  problem: (value) => (value.startsWith("arn:") ? roleArnProblem(value) : roleNameProblem(value)),
  repair: (value) => value.replace(/^\/+|\/+$/g, ""),
  description: "Role to assume in this account, by name (with its path) or ARN",
});

const accountName = text({
  noun: "an account's name",
  example: "security",
  problem: must(
    /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/,
    "must have 1 to 64 letters, digits, spaces or . _ -, a letter or digit first",
  ),
  description: "Name for people, in messages",
});

/** What trails have unless the file says otherwise. */
export const DEFAULT_TRAIL = {
  name: "central-trail",
  multiRegion: true,
  includeGlobalServiceEvents: true,
  logFileValidation: true,
} as const;

const recordedBucket = z.strictObject({
  name: bucketName.describe("A bucket, of any account, whose object-level events are recorded"),
  events: oneOf(ACCESSES).optional().meta({ description: "Which of them", default: "all" }),
  owner: accountId
    .optional()
    .describe("The account that owns the bucket, to be warned where only redacted copies exist"),
});

/** The selection of events, which rules look at only where it is sound. */
export const trailEvents = z.strictObject({
  preset: oneOf(EVENT_PRESETS).optional().meta({
    description:
      "s3-…: object-level events of all buckets but the log buckets; cis-…: the same by the CIS benchmark's numbers",
    default: "management-only",
  }),
  managementEvents: oneOf([...ACCESSES, "none"])
    .optional()
    .meta({ description: "Which management events", default: "all" }),
  s3Buckets: z
    .array(recordedBucket)
    .min(1)
    .optional()
    .describe("Single buckets whose object-level events are recorded, beside the preset's"),
  basicSelectors: z
    .array(basicSelector)
    .min(1)
    .optional()
    .describe("Basic selectors in place of the above, in the API's own words"),
  advancedSelectors: z
    .array(advancedSelector)
    .min(1)
    .optional()
    .describe("Advanced selectors in place of the above, in the API's own words"),
  otherManagementTrail: flag.optional().meta({
    description:
      "Another trail records the account's management events already; a warning says where this one's copy is billed",
    default: false,
  }),
});

/** The kinds of Insights, which rules look at only where they are sound. */
export const trailInsights = z.array(oneOf(INSIGHT_TYPES));

const trail = z.strictObject({
  name: trailName.optional().meta({ default: DEFAULT_TRAIL.name }),
  multiRegion: flag.optional().meta({
    description: "One trail for all enabled regions of the account",
    default: DEFAULT_TRAIL.multiRegion,
  }),
  includeGlobalServiceEvents: flag.optional().meta({
    description: "Events of IAM, STS and CloudFront; a multi-region trail must have them",
    default: DEFAULT_TRAIL.includeGlobalServiceEvents,
  }),
  logFileValidation: flag.optional().meta({
    description: "Digest files, which prove that log files are unchanged",
    default: DEFAULT_TRAIL.logFileValidation,
  }),
  events: trailEvents
    .optional()
    .describe("Which events. Default: all management events, and no selector is written"),
  insights: trailInsights
    .optional()
    .describe("Insights into management events, which cost extra. Default: none"),
});

const account = {
  account: accountId,
  name: accountName.optional(),
  region: region.describe("Home region of the account's trail"),
  role: accountRole.optional().describe("Role in this account, where it is not deployer.role"),
  planRole: accountRole
    .optional()
    .describe("Role in this account that only reads, where it is not deployer.planRole"),
  externalId: externalId.optional().describe("External ID, where it is not deployer.externalId"),
  trail: trail.optional().describe("Trail settings of this account, over those of the file"),
};

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

const days = wholeNumber(1, 36_500, 365);

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

const principal = text({
  noun: "a reader's ARN",
  example: "arn:aws:iam::123456789012:role/security-audit",
  problem: (value) => {
    const name = /^arn:[a-z-]+:iam::\d{12}:(?:role|user)\/(.+)$/.exec(value)?.[1];
    return name === undefined
      ? "must be arn:<partition>:iam::<account>:role/<name>, or user/<name> (no account, no session, no wildcard)"
      : roleNameProblem(name);
  },
  description: "ARN of an IAM role or user, of any account; it must exist when the deploy runs",
});

/** The word for every account in a reader's list. */
export const ALL_ACCOUNTS = "all";

const reader = z.strictObject({
  name: text({
    noun: "a reader's name",
    example: "security-team",
    problem: must(
      /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
      "must have 1 to 40 letters, digits and hyphens, a letter first",
    ),
    repair: (value) => value.replace(/[^A-Za-z0-9]+/g, "-").replace(/^[^A-Za-z]+|-+$/g, ""),
    description: "Name of the reader, which its policy statements are called after",
  }),
  principals: z.array(principal).min(1).describe("Who it is: IAM roles and users"),
  accounts: z
    .array(
      text({
        noun: "an account ID or the word all",
        example: "123456789012",
        problem: (value) => (value === ALL_ACCOUNTS ? undefined : accountIdProblem(value)),
        repair: (value) => value.replace(/[\s._-]/g, "").toLowerCase(),
        advice: () => "look the account ID up",
        description: "An account of this file, in quotes; or all, alone",
        pattern: "^(\\d{12}|all)$",
      }),
    )
    .min(1)
    .describe("Whose logs it may read: accounts of this file, or [all], those to come included"),
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

const snsName = (noun: string, length: number, description: string) =>
  text({
    noun,
    example: "central-trail-log-files",
    problem: must(
      new RegExp(`^[A-Za-z0-9_-]{1,${length}}$`),
      `must have 1 to ${length} letters, digits, hyphens and underscores`,
    ),
    repair: (value) => value.replace(/[^A-Za-z0-9_-]+/g, "-"),
    description,
  });

const notifications = z.strictObject({
  topicName: snsName("a topic's name", 256, "The SNS topic, which is made with a key of its own"),
  queueName: snsName("a queue's name", 80, "An SQS queue behind the topic, made too").optional(),
});

const query = z.strictObject({
  resultsBucket: bucketName.describe("Another bucket, which is made, for the results of queries"),
  resultsExpireDays: days
    .default(QUERY_DEFAULTS.resultsExpireDays)
    .describe("Days until a result expires"),
  resultsKmsKeyArn: keyArn
    .optional()
    .describe("Key for the results, in the bucket's region; not the log key. Default: SSE-S3"),
  firstDay: text({
    noun: "a day",
    example: "2026-01-31",
    problem: dayProblem,
    repair: (value) => value.replaceAll(/[./]/g, "-"),
    description: "The first day with logs, such as 2026-01-31; earlier ones are not queried",
    pattern: String.raw`^\d{4}-\d{2}-\d{2}$`,
  }),
  accountProjection: oneOf(ACCOUNT_PROJECTIONS)
    .optional()
    .describe(
      `enum: the table lists the accounts. injected: each query names its own. Default: enum up to ${ENUM_ACCOUNTS} accounts`,
    ),
  regions: z
    .array(region)
    .min(1)
    .optional()
    .describe("Regions whose logs are queried. Default: all known ones of the partition"),
  bytesScannedCutoffPerQuery: wholeNumber(
    LIMITS.athenaScanBytes,
    Number.MAX_SAFE_INTEGER,
    QUERY_DEFAULTS.bytesScannedCutoffPerQuery,
  )
    .default(QUERY_DEFAULTS.bytesScannedCutoffPerQuery)
    .describe("Bytes that one query may scan, which is what Athena bills; default 100 GiB"),
  database: text({
    noun: "a database's name",
    example: "central_trail_production",
    problem: catalogNameProblem,
    repair: (value) => value.toLowerCase().replace(/[^a-z0-9_]+/g, "_"),
    description: "Name of the database. Default: central_trail_<name of the environment>",
  }).optional(),
  workgroup: text({
    noun: "a workgroup's name",
    example: "central-trail-production",
    problem: workgroupNameProblem,
    repair: (value) => value.replace(/[^A-Za-z0-9._-]+/g, "-"),
    description: "Name of Athena's workgroup. Default: central-trail-<name of the environment>",
  }).optional(),
});

const destination = z.strictObject({
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
    problem: must(/^o-[a-z0-9]{10,32}$/, "must be o- and 10 to 32 lower-case letters or digits"),
    description: "The organization's ID, for bucketPolicyShape: organization",
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

const member = z.strictObject({
  ...account,
  retiring: flag
    .default(false)
    .describe("On its way out: deletes the trail, keeps stack and policies. Remove the entry next"),
});

const deployer = z.strictObject({
  role: roleName.describe("Role to assume in each account, by name (with its path)"),
  planRole: roleName
    .optional()
    .describe(
      "Role in each account that only reads: for plan, drift, verify and events. Default: role",
    ),
  externalId: externalId.optional(),
  sessionName: text({
    noun: "a session name",
    example: "central-trail",
    problem: roleSessionNameProblem,
    description: "What CloudTrail shows as the session of a deploy or a plan",
  }).default("central-trail"),
});

const state = z.discriminatedUnion("backend", [
  z.strictObject({ backend: z.literal("local").describe("State files in the working folder") }),
  z.strictObject({
    backend: z.literal("s3").describe("State in S3, locked by S3's own lock file"),
    bucket: bucketName.describe("The state bucket, which must exist"),
    region: region.describe("Region of the state bucket"),
    keyPrefix: keyPrefix
      .default("central-trail")
      .describe("State keys are <keyPrefix>/<stack>.tfstate"),
    roleArn: roleArn.optional().describe("Role to assume for the state"),
    planRoleArn: roleArn
      .optional()
      .describe("Role that reads the state and writes its lock alone, with deployer.planRole"),
    externalId: externalId.optional(),
    kmsKeyArn: keyArn.optional().describe("Key for the state, in the state bucket's region"),
  }),
]);

const acknowledgement = z.strictObject({
  guard: oneOf(GUARD_IDS).describe("The guard's name, as the review prints it"),
  subject: text({
    noun: "a subject",
    example: "222222222222",
    problem: must(/^[!-~]([ -~]{0,2046}[!-~])?$/, "must be what the review prints as the subject"),
    repair: (value) => value.trim(),
    description: "What the guard names, as the review prints it: an account, a bucket, an ARN",
  }),
  reason: text({
    noun: "a reason",
    example: "The account is closed on 2026-03-01, ticket 4711",
    problem: (value) =>
      value.trim().length >= 10 && value.length <= 500
        ? undefined
        : "must have 10 to 500 characters: who reads it later has nothing else",
    advice: () => "say why it is all right, and who decided it",
    description: "Why it is all right",
  }),
  until: text({
    noun: "a day",
    example: "2026-01-31",
    problem: dayProblem,
    repair: (value) => value.replaceAll(/[./]/g, "-"),
    description:
      "The last day, in UTC, on which it counts, at most a year ahead. Without it a warning says so",
    pattern: String.raw`^\d{4}-\d{2}-\d{2}$`,
  }).optional(),
});

const VERSION = String.raw`(=|!=|>|>=|<|<=|~>)? *\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?`;

/** The schema of an environment file. */
export const environmentFile = z
  .strictObject({
    throwaway: flag
      .default(false)
      .describe("Made to be destroyed: no prevent_destroy, and force_destroy from the first apply"),
    destination: destination.describe("The account that owns the bucket"),
    members: z
      .array(member)
      .default([])
      .describe("The other accounts whose trails deliver to the bucket, each once"),
    trail: trail.prefault({}).describe("Trail settings for all accounts"),
    deployer: deployer.describe("How Terraform gets into the accounts"),
    state: state.prefault({ backend: "local" }).describe("Where Terraform keeps its state"),
    tags: z
      .record(
        text({
          noun: "a tag key",
          example: "team",
          problem: tagKeyProblem,
          description: "Tag key",
        }),
        text({
          noun: "a tag value",
          example: "security",
          problem: tagValueProblem,
          description: "Tag value, in quotes where it is a number",
        }),
      )
      .default({})
      .describe("Tags of every resource"),
    optInRegions: z
      .array(region)
      .default([])
      .describe("Opt-in regions that may be home regions: every account listed has opted in"),
    awsProviderVersion: text({
      noun: "a Terraform version constraint",
      example: "~> 5.100",
      problem: must(
        new RegExp(String.raw`^ *${VERSION}( *, *${VERSION})* *$`),
        "must look like ~> 5.100 or >= 5.100, < 6.0",
      ),
      description: "Version constraint of the AWS provider. Default: what @cdktf/provider-aws asks",
    }).optional(),
    endpoint: text({
      noun: "an endpoint",
      example: "http://127.0.0.1:4566",
      problem: endpointProblem,
      description:
        "One URL for every AWS service, for a local AWS: on this computer, or on a host that whoever runs the command listed",
    }).optional(),
    acknowledgements: z
      .array(acknowledgement)
      .optional()
      .describe("What guards of the plan review find and is all right. Default: nothing"),
  })
  .meta({
    title: "Central Trail environment",
    description: "One destination account and the member accounts that log into its bucket",
  });

/** An environment file with its defaults. */
export type EnvironmentFile = z.output<typeof environmentFile>;

/** An environment file as people write it. */
export type EnvironmentInput = z.input<typeof environmentFile>;
