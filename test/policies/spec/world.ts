/**
 * The accounts, trails, readers and roles that the policies' specification speaks of, and the
 * requests.
 */
import type { PolicyDocument } from "../../../iam/policy-document";
import type { AccessRequest, Principal } from "../../../iam/request";
import type { Hardening } from "../../../policies/hardening/hardening-options";
import type { LogReader } from "../../../policies/readers/readers";
import { TrailRegistry } from "../../../policies/trail-registry";
import { ADMIN, anonymous, cloudTrail, MEMBER, OWNER, STRANGER } from "../../iam/requests";
import { trailOf } from "../../support/trails";

export { ADMIN, anonymous, cloudTrail, MEMBER, OWNER, STRANGER };

/** A second member, whose trail has another name and home region than the others. */
export const OTHER = "333333333333";

/** An account of the organization that is not listed. */
export const UNLISTED = "777777777777";
export const ORGANIZATION = "o-ours000000";

export const BUCKET_NAME = "example-logs";
export const BUCKET = `arn:aws:s3:::${BUCKET_NAME}`;
export const FOREIGN_BUCKET = "arn:aws:s3:::someone-elses";
export const PREFIX = "org";
export const KEY = `arn:aws:kms:us-east-1:${OWNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const FOREIGN_KEY = `arn:aws:kms:us-east-1:${OWNER}:key/99999999-12ab-34cd-56ef-1234567890ab`;
export const TOPIC = {
  partition: "aws",
  region: "us-east-1",
  accountId: OWNER,
  topicName: "trail-files",
} as const;
export const TOPIC_ARN = `arn:aws:sns:us-east-1:${OWNER}:trail-files`;
export const QUEUE_ARN = `arn:aws:sqs:us-east-1:${OWNER}:trail-files`;

export const trails = new TrailRegistry([
  trailOf(OWNER),
  trailOf(MEMBER),
  trailOf(OTHER, { homeRegion: "eu-west-1", name: "other-trail" }),
]);
export const LISTED_ACCOUNTS = [OWNER, MEMBER, OTHER];

export const arnOf = (accountId: string, name = "central-trail", region = "us-east-1"): string =>
  `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`;

/** A trail that may or may not be listed, and what CloudTrail's calls for it carry. */
export interface TrailCase {
  readonly what: string;
  readonly account: string;
  readonly arn: string;
  readonly organization?: string;
  /** By the list of ARNs. */
  readonly listed: boolean;
  /** By the names and home regions that some listed trail has. */
  readonly named: boolean;
}

const trailCase = (
  what: string,
  account: string,
  [name, region]: readonly [string?, string?] = [],
  flags: Partial<TrailCase> = {},
): TrailCase => ({
  what,
  account,
  arn: arnOf(account, name, region),
  ...(account === STRANGER ? {} : { organization: ORGANIZATION }),
  listed: false,
  named: false,
  ...flags,
});
const listed = { listed: true, named: true };

export const TRAILS: readonly TrailCase[] = [
  trailCase("the destination's trail", OWNER, [], listed),
  trailCase("a member's trail", MEMBER, [], listed),
  trailCase("the other member's trail", OTHER, ["other-trail", "eu-west-1"], listed),
  trailCase("a stranger's trail of the same name", STRANGER, [], { named: true }),
  trailCase("a stranger's trail in an organization", STRANGER, [], {
    named: true,
    organization: "o-theirs0000",
  }),
  trailCase("an unlisted account's trail", UNLISTED, [], { named: true }),
  trailCase("an unlisted account's trail of another name", UNLISTED, ["mine"]),
  trailCase("a member's look-alike", MEMBER, ["central-trail2"]),
  trailCase("a member's trail with a shorter name", MEMBER, ["central-trai"]),
  trailCase("a member's trail in another region", MEMBER, ["central-trail", "eu-west-1"]),
  trailCase("a member's trail named as the other's", MEMBER, ["other-trail", "eu-west-1"], {
    named: true,
  }),
];

/** Who might call in CloudTrail's stead. */
export const SERVICES: readonly Principal[] = [
  { kind: "service", service: "config.amazonaws.com" },
  { kind: "service", service: "cloudtrail.amazonaws.com.example.com" },
];

/** What CloudTrail sends with every call for a trail; `without` leaves keys out. */
export function trailContext(
  { arn, account, organization }: TrailCase,
  without: readonly string[] = [],
): Record<string, string> {
  const all: Record<string, string> = {
    "aws:SourceArn": arn,
    "aws:SourceAccount": account,
    ...(organization === undefined ? {} : { "aws:SourceOrgID": organization }),
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => !without.includes(key)));
}

/** All that AWS's pages on finding log files and on digest files name. */
export const FOLDERS = [
  "CloudTrail",
  "CloudTrail-Digest",
  "CloudTrail-Insight",
  "CloudTrail-NetworkActivity",
  "CloudTrail-Aggregated",
] as const;

export const folder = (account: string): string => `${PREFIX}/AWSLogs/${account}/`;
export const logKey = (account: string, kind = "CloudTrail"): string =>
  `${folder(account)}${kind}/us-east-1/2026/01/31/file.json.gz`;

/** One line of the specification. */
export interface Row {
  readonly what: string;
  readonly request: AccessRequest;
  /** @default - the principal has none */
  readonly identity?: readonly PolicyDocument[];
  readonly allowed: boolean;
}

// Readers. The first is of the destination; the second reads from two accounts, one of them not
// ours.
export const AUDITOR = `arn:aws:iam::${OWNER}:role/auditor`;
export const SIEM_ROLE = `arn:aws:iam::${STRANGER}:role/siem/collector`;
export const SIEM_USER = `arn:aws:iam::${OWNER}:user/siem`;
export const SECURITY = `arn:aws:iam::${MEMBER}:role/security`;
export const READERS: readonly LogReader[] = [
  { name: "auditor", principals: [AUDITOR], accounts: [MEMBER] },
  { name: "siem", principals: [SIEM_ROLE, SIEM_USER], accounts: [MEMBER, OTHER] },
  { name: "security-team", principals: [SECURITY], accounts: "all" },
];
export const MAY_READ: readonly (readonly [string, readonly string[]])[] = [
  [AUDITOR, [MEMBER]],
  [SIEM_ROLE, [MEMBER, OTHER]],
  [SIEM_USER, [MEMBER, OTHER]],
  [SECURITY, [OWNER, MEMBER, OTHER, UNLISTED]],
];

export const BREAK_GLASS = `arn:aws:iam::${OWNER}:role/break-glass`;
export const DEPLOYER = `arn:aws:iam::${OWNER}:role/deployer`;
export const ADMINISTRATOR = `arn:aws:iam::${OWNER}:role/administrator`;
export const HARDENING: Hardening = {
  denyOtherEncryption: true,
  denyLogDeletion: true,
  denyPolicyChange: true,
  readersOnly: true,
  breakGlassRoleArn: BREAK_GLASS,
  deployerRoleArn: DEPLOYER,
};

/** The principal of an ARN: a session of a role, a user, or an account's root. */
export function principalOf(arn: string): Principal {
  const accountId = arn.split(":")[4]!;
  if (arn.endsWith(":root")) return { kind: "root", arn, accountId };
  if (arn.includes(":user/")) return { kind: "user", arn, accountId };
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  return {
    kind: "assumed-role",
    arn,
    accountId,
    sessionArn: `arn:aws:sts::${accountId}:assumed-role/${name}/session`,
  };
}

/**
 * Somebody with all rights of their account's policies asks, over TLS unless the context says
 * otherwise.
 */
export function administratorAsks(
  arn: string,
  action: string,
  resource: string,
  allowed: boolean,
  context: Record<string, string> = {},
): Row {
  const by = arn.slice(arn.lastIndexOf(":") + 1);
  const given = Object.entries(context).map(([key, value]) => `${key}=${value}`);
  return {
    what: [by, action, resource, ...given].join(" "),
    request: {
      principal: principalOf(arn),
      action,
      resource,
      context: { "aws:SecureTransport": "true", ...context },
    },
    identity: [ADMIN],
    allowed,
  };
}
