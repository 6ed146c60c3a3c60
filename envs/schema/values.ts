/** Values that stand in several places of an environment file. */
import type { z } from "zod";
import { LOGS_FOLDER } from "../../cloudtrail/files/log-folders";
import { iamName, isArn, isKeyArn, parseArn } from "../../cloudtrail/arn";
import {
  ACCOUNT_ID_PATTERN,
  accountIdProblem,
  bucketNameProblem,
  externalIdProblem,
  keyPrefixProblem,
  roleNameProblem,
  trailNameProblem,
} from "../../cloudtrail/names";
import { isRegionName, KNOWN_REGIONS } from "../../cloudtrail/regions";
import { dayProblem } from "../../cloudtrail/table/log-table";
import { nearest } from "./suggest";
import { must, text, wholeNumber, yaml } from "./wording";

export const accountId = text({
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
  pattern: `^${ACCOUNT_ID_PATTERN}$`,
});

export const region = text({
  noun: "a region name",
  example: "eu-central-1",
  problem: (value) => (isRegionName(value) ? undefined : "must look like eu-central-1"),
  repair: (value) => nearest(value, KNOWN_REGIONS),
  description: "AWS region, such as eu-central-1",
});

export const bucketName = text({
  noun: "a bucket name",
  example: "example-org-trail-logs",
  problem: bucketNameProblem,
  repair: (value) => value.toLowerCase().replace(/[^a-z0-9.-]+/g, "-"),
  description: "Bucket name: 3 to 63 lower-case letters, digits, periods and hyphens",
  pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
});

export const trailName = text({
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

export const keyPrefix = text({
  noun: "a prefix",
  example: "org",
  problem: keyPrefixProblem,
  repair: (value) =>
    value
      .split("/")
      .filter((part) => part !== "" && part !== LOGS_FOLDER)
      .join("/"),
  advice: () => "remove it for no prefix, or write something like prefix: org",
  description: "Part of each object key before AWSLogs/, without slashes around it",
});

export const externalId = text({
  noun: "an external ID",
  example: "central-trail-7f3a",
  problem: externalIdProblem,
  description: "External ID that the role's trust policy asks for",
});

export const keyArn = text({
  noun: "a KMS key's ARN",
  example: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  problem: (value) =>
    isKeyArn(parseArn(value))
      ? undefined
      : "must be arn:<partition>:kms:<region>:<account>:key/<id> (an alias would be looked up in each member's own account)",
  description: "ARN of a KMS key, not of an alias",
});

export const roleName = text({
  noun: "a role name",
  example: "central-trail-deployer",
  problem: (value) =>
    isArn(value)
      ? "may not be an ARN, since every account has a role of that name"
      : roleNameProblem(value),
  repair: (value) =>
    parseArn(value)?.resource.replace(/^role\//, "") ?? value.replace(/^\/+|\/+$/g, ""),
  description: "Role name with its path, such as deployers/central-trail-deployer",
});

export const roleArn = text({
  noun: "a role's ARN",
  example: "arn:aws:iam::123456789012:role/central-trail-state",
  problem: roleArnProblem,
  description: "ARN of an IAM role",
});

function roleArnProblem(value: string): string | undefined {
  const named = iamName(parseArn(value));
  return named?.kind !== "role"
    ? "must be arn:<partition>:iam::<account>:role/<name>"
    : roleNameProblem(named.name);
}

export const accountRole = text({
  noun: "a role name or a role's ARN",
  example: "central-trail-deployer",
  problem: (value) => (isArn(value) ? roleArnProblem(value) : roleNameProblem(value)),
  repair: (value) => value.replace(/^\/+|\/+$/g, ""),
  description: "Role to assume in this account, by name (with its path) or ARN",
});

export const accountName = text({
  noun: "an account's name",
  example: "security",
  problem: must(
    /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/,
    "must have 1 to 64 letters, digits, spaces or . _ -, a letter or digit first",
  ),
  description: "Name for people, in messages",
});

export const days = wholeNumber(1, 36_500, 365);

/** A day, such as a table's first one. */
export const day = (description: string): z.ZodString =>
  text({
    noun: "a day",
    example: "2026-01-31",
    problem: dayProblem,
    repair: (value) => value.replaceAll(/[./]/g, "-"),
    description,
    pattern: String.raw`^\d{4}-\d{2}-\d{2}$`,
  });
