/**
 * AWS's naming rules, one function for each kind of name. Each returns what is wrong with the
 * value, as the end of a sentence that starts with the value, or undefined where nothing is.
 */
import { LIMITS } from "./limits";

/** Twelve digits, leading zeros included. */
export function accountIdProblem(value: string): string | undefined {
  return /^\d{12}$/.test(value)
    ? undefined
    : `is not an AWS account ID: exactly 12 digits, leading zeros included, are`;
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
  if (/^(xn--|sthree-|amzn-s3-demo-)/.test(value)) return "starts with a prefix that S3 reserves";
  if (/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(value))
    return "ends with a suffix that S3 reserves";
  return undefined;
}

/**
 * The part of a log file's key before `AWSLogs/`. AWS refuses prefixes that hold `AWSLogs/`: with one,
 * an account could write into another's folder.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
 */
export function keyPrefixProblem(value: string): string | undefined {
  if (value === "") return "is empty; leave it out for no prefix";
  if (value.length > LIMITS.s3KeyPrefixLength)
    return `has ${value.length} characters; ${LIMITS.s3KeyPrefixLength} are allowed`;
  if (/(^|\/)AWSLogs(\/|$)/.test(value))
    return "may not hold AWSLogs/: CloudTrail adds that part itself";
  if (value.startsWith("/") || value.endsWith("/"))
    return "may not start or end with a slash: CloudTrail adds it";
  if (value.includes("//")) return "may not have two slashes next to each other";
  if (!/^[A-Za-z0-9!_.'()/-]+$/.test(value))
    return "may hold only letters, digits and ! - _ . ' ( ) /";
  return undefined;
}

function isIpAddress(value: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(value);
}
