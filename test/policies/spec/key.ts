/** What each shape of the key's policy has to allow, said without looking at the policies. */
import type { Principal } from "../../../iam/request";
import type { KeyPolicyShape } from "../../../policies/shapes/shapes";
import {
  ADMINISTRATOR,
  administratorAsks,
  anonymous,
  arnOf,
  cloudTrail,
  FOREIGN_KEY,
  KEY,
  LISTED_ACCOUNTS,
  MEMBER,
  OWNER,
  principalOf,
  SERVICES,
  STRANGER,
  TRAILS,
  trailContext,
  type Row,
  type TrailCase,
} from "./world";

export const CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn";

const MISSING: readonly (readonly string[])[] = [
  ["aws:SourceArn"],
  ["aws:SourceAccount"],
  ["aws:SourceArn", "aws:SourceAccount"],
];

/** Encryption contexts, and whether a shape takes them. */
const CONTEXTS: readonly {
  readonly value?: string;
  readonly account?: string;
}[] = [
  ...[...LISTED_ACCOUNTS, STRANGER].map((account) => ({
    value: arnOf(account),
    account,
  })),
  // A multi-region trail's context may name another region, which is why AWS has * there.
  { value: arnOf(MEMBER, "x", "eu-west-3"), account: MEMBER },
  { value: `arn:aws:cloudtrail:us-east-1:${MEMBER}:channel/x` },
  { value: `arn:aws:s3:us-east-1:${MEMBER}:trail/x` },
  {},
];

function trailPasses(shape: KeyPolicyShape, trail: TrailCase, has: (key: string) => boolean) {
  return shape === "trail-arns"
    ? has("aws:SourceArn") && trail.listed
    : has("aws:SourceAccount") &&
        LISTED_ACCOUNTS.includes(trail.account) &&
        has("aws:SourceArn") &&
        trail.named;
}

function contextPasses(shape: KeyPolicyShape, account: string | undefined) {
  if (account === undefined) return false;
  return shape === "account-list" || LISTED_ACCOUNTS.includes(account);
}

/** All that a key policy of the shape is asked about encrypting, by whomever. */
export function encryptingRows(shape: KeyPolicyShape, bucketKeyEnabled: boolean): Row[] {
  return [...TRAILS.flatMap((trail) => trailRows(shape, bucketKeyEnabled, trail)), ...otherRows()];
}

function trailRows(shape: KeyPolicyShape, bucketKeyEnabled: boolean, trail: TrailCase): Row[] {
  const own = CONTEXTS.filter(({ account }) => account === trail.account);
  const rows = (
    principal: Principal,
    without: readonly string[],
    contexts: typeof CONTEXTS,
  ): Row[] => {
    const service = principal === cloudTrail;
    const who = `${trail.what} ${without.map((key) => `without ${key}`).join()}${service ? "" : " by another service"}`;
    const row = (action: string, context: Record<string, string>, allowed: boolean): Row => ({
      what: `${who}: ${action} ${JSON.stringify(context)}`,
      request: {
        principal,
        action,
        resource: KEY,
        context: { ...trailContext(trail, without), ...context },
      },
      allowed: service && allowed,
    });
    const passes = trailPasses(shape, trail, (key) => !without.includes(key));
    return [
      row("kms:DescribeKey", {}, passes),
      ...contexts.flatMap(({ value, account }) => {
        const context: Record<string, string> = value === undefined ? {} : { [CONTEXT]: value };
        const may = passes && contextPasses(shape, account);
        return [
          row("kms:GenerateDataKey", context, may),
          row("kms:GenerateDataKeyWithoutPlaintext", context, may),
          // AWS's statement for S3 Bucket Keys has no condition, so any trail passes it.
          row("kms:Decrypt", context, bucketKeyEnabled),
        ];
      }),
      ...["kms:Encrypt", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"].map((action) =>
        row(action, { [CONTEXT]: trail.arn }, false),
      ),
    ];
  };
  return [
    ...rows(cloudTrail, [], CONTEXTS),
    ...MISSING.flatMap((without) => rows(cloudTrail, without, own)),
    ...SERVICES.flatMap((service) => rows(service, [], own)),
  ];
}

/** The same for all shapes: the account's administrators, and nobody else's. */
function otherRows(): Row[] {
  const context = { ...trailContext(TRAILS[1]!), [CONTEXT]: arnOf(MEMBER) };
  const actions = ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey", "kms:PutKeyPolicy"];
  return [
    ...actions.flatMap((action) => [
      administratorAsks(ADMINISTRATOR, action, KEY, true, context),
      administratorAsks(`arn:aws:iam::${OWNER}:root`, action, KEY, true),
      administratorAsks(`arn:aws:iam::${MEMBER}:role/administrator`, action, KEY, false, context),
      administratorAsks(`arn:aws:iam::${STRANGER}:root`, action, KEY, false, context),
      {
        what: `a role without rights: ${action}`,
        request: {
          principal: principalOf(`arn:aws:iam::${OWNER}:role/nobody`),
          action,
          resource: KEY,
          context,
        },
        allowed: false,
      },
      {
        what: `anonymous: ${action}`,
        request: { principal: anonymous, action, resource: KEY, context },
        allowed: false,
      },
    ]),
    // A key policy speaks of its own key alone, whatever Resource says.
    administratorAsks(ADMINISTRATOR, "kms:DescribeKey", FOREIGN_KEY, true),
    // kms:* and nothing of other services.
    administratorAsks(ADMINISTRATOR, "kms:ScheduleKeyDeletion", KEY, true),
  ];
}
