/**
 * AWS's naming rules, one function for each kind of name. Each returns the rule that the value
 * breaks, as the end of a sentence that starts with "a bucket name" and the like, or undefined
 * where it breaks none.
 */
import { LOGS_FOLDER } from "./files/log-folders";
import { LIMITS } from "./limits";

/**
 * Any text at all: of these Terraform makes others. It composes letters and their marks (Unicode's
 * NFC), has no half characters, and stops looking for escapes at a NUL.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/types#string
 */
export function textProblem(value: string): string | undefined {
  if (value.includes("\0")) return "may hold no NUL";
  if (/\p{Cs}/u.test(value)) return "may hold no half of a character (a lone surrogate)";
  return value === value.normalize("NFC")
    ? undefined
    : "must be composed (Unicode's NFC): Terraform sends letter and mark as one character";
}

/** The form of an account ID, for patterns that hold more than it. */
export const ACCOUNT_ID_PATTERN = String.raw`\d{12}`;

const ACCOUNT_ID = new RegExp(`^${ACCOUNT_ID_PATTERN}$`);

/** Whether the text is an account ID. */
export function isAccountId(value: string): boolean {
  return accountIdProblem(value) === undefined;
}

/** Twelve digits, leading zeros included. */
export function accountIdProblem(value: string): string | undefined {
  return ACCOUNT_ID.test(value) ? undefined : "must have exactly 12 digits, leading zeros included";
}

/**
 * An organization's ID.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
 */
export function organizationIdProblem(value: string): string | undefined {
  return /^o-[a-z0-9]{10,32}$/.test(value)
    ? undefined
    : "must be o- and 10 to 32 lower-case letters or digits";
}

/**
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
 */
export function trailNameProblem(value: string): string | undefined {
  if (value.length < 3 || value.length > 128) return "must have 3 to 128 characters";
  if (!/^[A-Za-z0-9._-]+$/.test(value))
    return "may hold only letters, digits, periods, underscores and hyphens";
  if (!/^[A-Za-z0-9]/.test(value)) return "must start with a letter or a digit";
  if (!/[A-Za-z0-9]$/.test(value)) return "must end with a letter or a digit";
  if (/[._-]{2}/.test(value)) return "may not have two of . _ - next to each other";
  if (isIpAddress(value)) return "may not look like an IP address";
  return undefined;
}

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function bucketNameProblem(value: string): string | undefined {
  if (value.length < 3 || value.length > 63) return "must have 3 to 63 characters";
  if (!/^[a-z0-9.-]+$/.test(value))
    return "may hold only lower-case letters, digits, periods and hyphens";
  if (!/^[a-z0-9].*[a-z0-9]$/.test(value)) return "must start and end with a letter or a digit";
  if (value.includes("..")) return "may not have two periods next to each other";
  if (isIpAddress(value)) return "may not look like an IP address";
  if (/^(xn--|sthree-|amzn-s3-demo-)/.test(value))
    return "may not start with a prefix that S3 reserves";
  if (/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(value))
    return "may not end with a suffix that S3 reserves";
  return undefined;
}

/**
 * The part of a log file's key before `AWSLogs/`. AWS refuses prefixes that hold `AWSLogs/`: with
 * one, an account could write into another's folder.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
 */
export function keyPrefixProblem(value: string): string | undefined {
  if (value === "") return "may not be empty; leave it out for no prefix";
  if (value.length > LIMITS.s3KeyPrefixLength)
    return `may have at most ${LIMITS.s3KeyPrefixLength} characters`;
  if (value.split("/").includes(LOGS_FOLDER))
    return "may not hold AWSLogs/: CloudTrail adds that part itself";
  if (value.startsWith("/") || value.endsWith("/"))
    return "may not start or end with a slash: CloudTrail adds it";
  if (value.split("/").some((part) => part === "." || part === ".."))
    return "may not have . or .. between slashes: programs take them for folders, not for names";
  if (value.includes("//")) return "may not have two slashes next to each other";
  if (!/^[A-Za-z0-9!_.'()/-]+$/.test(value))
    return "may hold only letters, digits and ! - _ . ' ( ) /";
  return undefined;
}

/**
 * A role's name, with its path in front where it has one: `deployers/central-trail-deployer`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function roleNameProblem(value: string): string | undefined {
  const name = value.slice(value.lastIndexOf("/") + 1);
  if (value.startsWith("/") || value.endsWith("/")) return "may not start or end with a slash";
  if (name.length < 1 || name.length > 64) return "must have 1 to 64 characters after its path";
  if (value.length - name.length > 511) return "may have a path of at most 512 characters";
  if (!/^[\w+=,.@/-]+$/.test(value)) return "may hold only letters, digits and _ + = , . @ - /";
  return undefined;
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function roleSessionNameProblem(value: string): string | undefined {
  return /^[\w+=,.@-]{2,64}$/.test(value)
    ? undefined
    : "must have 2 to 64 letters, digits or _ + = , . @ -";
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function externalIdProblem(value: string): string | undefined {
  return /^[\w+=,.@:/-]{2,1224}$/.test(value)
    ? undefined
    : "must have 2 to 1224 letters, digits or _ + = , . @ : / -";
}

/**
 * A KMS key's alias without `alias/`.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
 */
export function keyAliasProblem(value: string): string | undefined {
  if (value.startsWith("alias/")) return "may not start with alias/: that part is added";
  if (value.startsWith("aws/")) return "may not start with aws/: AWS keeps those";
  return /^[A-Za-z0-9/_-]{1,250}$/.test(value)
    ? undefined
    : "must have 1 to 250 letters, digits or / _ -";
}

/**
 * The name of a topic, not FIFO: CloudTrail publishes to no other.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 */
export function topicNameProblem(value: string): string | undefined {
  return messagingNameProblem(value, 256);
}

/**
 * The name of a queue, not FIFO: topics that are not FIFO send to no other.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 */
export function queueNameProblem(value: string): string | undefined {
  return messagingNameProblem(value, 80);
}

function messagingNameProblem(value: string, length: number): string | undefined {
  return new RegExp(`^[A-Za-z0-9_-]{1,${length}}$`).test(value)
    ? undefined
    : `must have 1 to ${length} letters, digits, hyphens and underscores`;
}

/**
 * The name of a database or table for Athena. Glue takes more, but not Athena without quotes.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
 */
export function catalogNameProblem(value: string): string | undefined {
  return /^[a-z][a-z0-9_]{0,127}$/.test(value)
    ? undefined
    : "must have 1 to 128 lower-case letters, digits and underscores, a letter first";
}

/** @see https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateWorkGroup.html */
export function workgroupNameProblem(value: string): string | undefined {
  return /^[A-Za-z0-9._-]{1,128}$/.test(value)
    ? undefined
    : "must have 1 to 128 letters, digits or . _ -";
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Tag.html */
export function tagKeyProblem(value: string): string | undefined {
  if (/^aws:/i.test(value)) return "may not start with aws:, which AWS keeps";
  return TAG_TEXT.test(value) && value.length >= 1 && value.length <= 128
    ? undefined
    : "must have 1 to 128 letters, digits, spaces or + - = . _ : / @";
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Tag.html */
export function tagValueProblem(value: string): string | undefined {
  return TAG_TEXT.test(value) && value.length <= 256
    ? undefined
    : "must have at most 256 letters, digits, spaces or + - = . _ : / @";
}

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u;

function isIpAddress(value: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(value);
}

/** As long as any organization's ID: for documents that are measured before one is given. */
export const LONGEST_ORGANIZATION_ID = `o-${"0".repeat(32)}`;
