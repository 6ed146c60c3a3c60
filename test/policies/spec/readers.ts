/** What readers may do, said without looking at the policies. */
import {
  ADMIN,
  ADMINISTRATOR,
  administratorAsks,
  arnOf,
  AUDITOR,
  BREAK_GLASS,
  BUCKET,
  DEPLOYER,
  folder,
  FOLDERS,
  FOREIGN_BUCKET,
  FOREIGN_KEY,
  KEY,
  LISTED_ACCOUNTS,
  logKey,
  MAY_READ,
  MEMBER,
  OTHER,
  OWNER,
  SECURITY,
  SIEM_ROLE,
  SIEM_USER,
  STRANGER,
  UNLISTED,
  type Row,
} from "./world";
import { CONTEXT } from "./key";

const ACCOUNTS = [...LISTED_ACCOUNTS, UNLISTED];

/** Prefixes to list by, and whose logs they show. */
const LISTINGS: readonly { readonly prefix?: string; readonly owner?: string }[] = [
  ...ACCOUNTS.flatMap((owner) => [
    { prefix: folder(owner), owner },
    ...FOLDERS.map((kind) => ({ prefix: `${folder(owner)}${kind}/us-east-1/`, owner })),
  ]),
  { prefix: `org/AWSLogs/${MEMBER}` },
  { prefix: `org/AWSLogs/${MEMBER}3/` },
  { prefix: `AWSLogs/${MEMBER}/` },
  { prefix: "org/AWSLogs" },
  { prefix: "" },
  {},
];

/** Keys of objects, and whose logs they are. */
const OBJECTS: readonly { readonly key: string; readonly owner?: string }[] = [
  ...ACCOUNTS.flatMap((owner) => FOLDERS.map((kind) => ({ key: logKey(owner, kind), owner }))),
  { key: `org/AWSLogs/${MEMBER}3/x` },
  { key: `AWSLogs/${MEMBER}/x` },
  { key: "org/AWSLogs" },
  { key: "org/x" },
];

const LIST = ["s3:ListBucket", "s3:ListBucketVersions"];
const GET = ["s3:GetObject", "s3:GetObjectVersion"];
const WRITE = ["s3:PutObject", "s3:DeleteObject", "s3:PutObjectAcl", "s3:GetObjectAcl"];

/** The principal asks, with all rights of its account's policies unless it is given others. */
function asks(
  arn: string,
  action: string,
  resource: string,
  allowed: boolean,
  context: Record<string, string> = {},
  identity = [ADMIN],
): Row {
  return { ...administratorAsks(arn, action, resource, allowed, context), identity };
}

/**
 * What the bucket policy gives to readers.
 *
 * @param closed whether the policy denies reading to everyone else
 */
export function bucketReaderRows(closed: boolean): Row[] {
  const rows = MAY_READ.flatMap(([arn, accounts]): Row[] => {
    // In the destination's account a reader may have rights besides, which only a Deny takes away.
    const atHome = arn.split(":")[4] === OWNER;
    const all = arn === SECURITY;
    const within = (owner: string | undefined, path = "") =>
      (owner !== undefined && accounts.includes(owner)) ||
      (all && /^org\/AWSLogs\/.*\//.test(path));
    // What the policy gives alone: at home without other rights, elsewhere with the other side's.
    const given = (action: string, resource: string, allowed: boolean, context = {}) =>
      asks(arn, action, resource, allowed, context, atHome ? [] : [ADMIN]);
    const both = (action: string, resource: string, allowed: boolean, context = {}) => [
      given(action, resource, allowed, context),
      asks(arn, action, resource, allowed || (atHome && !closed), context),
    ];
    return [
      ...LIST.flatMap((action) =>
        LISTINGS.flatMap(({ prefix, owner }) =>
          both(
            action,
            BUCKET,
            within(owner, prefix),
            prefix === undefined ? {} : { "s3:prefix": prefix },
          ),
        ),
      ),
      ...GET.flatMap((action) =>
        OBJECTS.flatMap(({ key, owner }) => both(action, `${BUCKET}/${key}`, within(owner, key))),
      ),
      given("s3:GetBucketLocation", BUCKET, true),
      ...["s3:GetBucketPolicy", "s3:ListBucketMultipartUploads"].map((action) =>
        given(action, BUCKET, false, { "s3:prefix": folder(MEMBER) }),
      ),
      ...WRITE.map((action) => given(action, `${BUCKET}/${logKey(MEMBER)}`, false)),
      ...LIST.map((action) =>
        given(action, FOREIGN_BUCKET, false, { "s3:prefix": folder(MEMBER) }),
      ),
      ...GET.map((action) => given(action, `${FOREIGN_BUCKET}/${logKey(MEMBER)}`, false)),
      given("s3:GetBucketLocation", FOREIGN_BUCKET, false),
      // The other side's rights are needed too.
      asks(arn, "s3:GetObject", `${BUCKET}/${logKey(MEMBER)}`, atHome, {}, []),
    ];
  });
  return [
    ...rows,
    // Nobody gets anything for being spared by a Deny, or for living in the destination.
    ...[BREAK_GLASS, DEPLOYER, ADMINISTRATOR].flatMap((arn) => [
      ...LISTED_ACCOUNTS.flatMap((owner) => [
        ...LIST.map((action) =>
          asks(arn, action, BUCKET, false, { "s3:prefix": folder(owner) }, []),
        ),
        ...GET.map((action) => asks(arn, action, `${BUCKET}/${logKey(owner)}`, false, {}, [])),
      ]),
      asks(arn, "s3:GetBucketLocation", BUCKET, false, {}, []),
    ]),
    ...lookAlikes().flatMap((arn) => [
      asks(arn, "s3:GetObject", `${BUCKET}/${logKey(MEMBER)}`, false),
      asks(arn, "s3:ListBucket", BUCKET, false, { "s3:prefix": folder(MEMBER) }),
      asks(arn, "s3:GetBucketLocation", BUCKET, false),
    ]),
  ];
}

/** Principals of other accounts that are nobody's reader. */
function lookAlikes(): string[] {
  return [
    `arn:aws:iam::${STRANGER}:role/collector`,
    `arn:aws:iam::${STRANGER}:user/siem`,
    `arn:aws:iam::${STRANGER}:root`,
    AUDITOR.replace(OWNER, MEMBER),
    SECURITY.replace(MEMBER, OTHER),
  ];
}

/** What the key policy gives to readers. */
export function keyReaderRows(closed: boolean): Row[] {
  const rows = MAY_READ.flatMap(([arn, accounts]): Row[] => {
    const atHome = arn.split(":")[4] === OWNER;
    const all = arn === SECURITY;
    const given = (action: string, allowed: boolean, context = {}) =>
      asks(arn, action, KEY, allowed, context, atHome ? [] : [ADMIN]);
    const both = (allowed: boolean, context = {}) => [
      given("kms:Decrypt", allowed, context),
      asks(arn, "kms:Decrypt", KEY, allowed || (atHome && !closed), context),
    ];
    return [
      ...[...ACCOUNTS, STRANGER].flatMap((account) =>
        [arnOf(account), arnOf(account, "other-trail", "eu-west-3")].flatMap((trail) =>
          both(all || accounts.includes(account), { [CONTEXT]: trail }),
        ),
      ),
      ...both(false),
      ...both(false, { [CONTEXT]: `arn:aws:cloudtrail:us-east-1:${MEMBER}:channel/x` }),
      ...["kms:Encrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:DescribeKey"].map(
        (action) => given(action, false, { [CONTEXT]: arnOf(MEMBER) }),
      ),
    ];
  });
  return [
    ...rows,
    ...[BREAK_GLASS, DEPLOYER, ADMINISTRATOR].flatMap((arn) =>
      LISTED_ACCOUNTS.map((account) =>
        asks(arn, "kms:Decrypt", KEY, false, { [CONTEXT]: arnOf(account) }, []),
      ),
    ),
    ...lookAlikes().map((arn) =>
      asks(arn, "kms:Decrypt", KEY, false, { [CONTEXT]: arnOf(MEMBER) }),
    ),
  ];
}

/** What readersOnly takes from everyone else, and from whom not: for the bucket. */
export function closedBucketRows(): Row[] {
  const object = `${BUCKET}/${logKey(MEMBER)}`;
  const getting = [...GET, "s3:GetObjectVersionForReplication", "s3:GetObjectAttributes"];
  return [
    ...[ADMINISTRATOR, DEPLOYER, `arn:aws:iam::${OWNER}:root`].flatMap((arn) =>
      getting.map((action) => asks(arn, action, object, false)),
    ),
    ...getting.map((action) => asks(BREAK_GLASS, action, object, true)),
    ...LIST.flatMap((action) => [
      asks(ADMINISTRATOR, action, BUCKET, false),
      asks(ADMINISTRATOR, action, BUCKET, false, { "s3:prefix": folder(OWNER) }),
      asks(DEPLOYER, action, BUCKET, true),
      asks(BREAK_GLASS, action, BUCKET, true),
      asks(ADMINISTRATOR, action, FOREIGN_BUCKET, true),
      // A reader's Deny is for this bucket alone.
      ...[AUDITOR, SIEM_USER].map((arn) => asks(arn, action, FOREIGN_BUCKET, true)),
    ]),
    asks(ADMINISTRATOR, "s3:GetObject", `${FOREIGN_BUCKET}/x`, true),
    // Neither is a Deny of everything.
    ...[ADMINISTRATOR, AUDITOR, SIEM_USER].flatMap((arn) => [
      asks(arn, "s3:PutObjectTagging", `${BUCKET}/${logKey(OWNER)}`, true),
      asks(arn, "s3:GetBucketTagging", BUCKET, true),
    ]),
  ];
}

/** What readersOnly takes from everyone else, and from whom not: for the key. */
export function closedKeyRows(): Row[] {
  const context = { [CONTEXT]: arnOf(MEMBER) };
  return [
    ...[ADMINISTRATOR, DEPLOYER, `arn:aws:iam::${OWNER}:root`].flatMap((arn) =>
      ["kms:Decrypt", "kms:ReEncryptFrom"].map((action) => asks(arn, action, KEY, false, context)),
    ),
    ...["kms:Decrypt", "kms:ReEncryptFrom"].map((action) =>
      asks(BREAK_GLASS, action, KEY, true, context),
    ),
    ...[ADMINISTRATOR, AUDITOR, SIEM_USER].flatMap((arn) => [
      asks(arn, "kms:DescribeKey", KEY, true),
      asks(arn, "kms:GenerateDataKey", KEY, true),
    ]),
  ];
}

/** What the identity policy of the second reader gives, for the bucket and key in its place. */
export function identityRows(): Row[] {
  const ask = (action: string, resource: string, allowed: boolean, context = {}) =>
    asks(SIEM_ROLE, action, resource, allowed, context, []);
  return [
    ...LIST.flatMap((action) => [
      ...LISTINGS.map(({ prefix, owner }) =>
        ask(
          action,
          BUCKET,
          owner === MEMBER || owner === OTHER,
          prefix === undefined ? {} : { "s3:prefix": prefix },
        ),
      ),
      ask(action, FOREIGN_BUCKET, false, { "s3:prefix": folder(MEMBER) }),
    ]),
    ...GET.flatMap((action) => [
      ...OBJECTS.map(({ key, owner }) =>
        ask(action, `${BUCKET}/${key}`, owner === MEMBER || owner === OTHER),
      ),
      ask(action, `${FOREIGN_BUCKET}/${logKey(MEMBER)}`, false),
    ]),
    ask("s3:GetBucketLocation", BUCKET, true),
    ask("s3:GetBucketLocation", FOREIGN_BUCKET, false),
    ask("s3:GetBucketPolicy", BUCKET, false, { "s3:prefix": folder(MEMBER) }),
    ask("s3:PutObject", `${BUCKET}/${logKey(MEMBER)}`, false),
    ...ACCOUNTS.map((account) =>
      ask("kms:Decrypt", KEY, account === MEMBER || account === OTHER, {
        [CONTEXT]: arnOf(account),
      }),
    ),
    ask("kms:Decrypt", KEY, false),
    ask("kms:Decrypt", FOREIGN_KEY, false, { [CONTEXT]: arnOf(MEMBER) }),
    ask("kms:Encrypt", KEY, false, { [CONTEXT]: arnOf(MEMBER) }),
  ];
}
