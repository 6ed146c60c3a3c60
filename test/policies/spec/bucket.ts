/** What each shape of the bucket's policy has to allow, said without looking at the policies. */
import type { AccessRequest, Principal } from "../../../iam/request";
import type { BucketPolicyShape } from "../../../policies/shapes/shapes";
import {
  FOLDERS,
  ADMINISTRATOR,
  administratorAsks,
  anonymous,
  BUCKET,
  cloudTrail,
  folder,
  FOREIGN_BUCKET,
  LISTED_ACCOUNTS,
  logKey,
  MEMBER,
  ORGANIZATION,
  OTHER,
  OWNER,
  principalOf,
  SERVICES,
  STRANGER,
  TRAILS,
  trailContext,
  UNLISTED,
  type Row,
  type TrailCase,
} from "./world";

const FULL_CONTROL = "bucket-owner-full-control";

/** Where a put goes, and whose folder that is. */
const PATHS: readonly { readonly key: string; readonly owner?: string }[] = [
  ...[...LISTED_ACCOUNTS, UNLISTED, STRANGER].flatMap((owner) =>
    FOLDERS.map((kind) => ({
      key: logKey(owner, kind),
      owner,
    })),
  ),
  // Look-alikes of a member's folder, other prefixes, and none.
  { key: `org/AWSLogs/${MEMBER}3/CloudTrail/x` },
  { key: `org/AWSLogs/2222/x` },
  { key: `AWSLogs/${MEMBER}/CloudTrail/x` },
  { key: `org/AWSLogsX/${MEMBER}/CloudTrail/x` },
  { key: `org2/AWSLogs/${MEMBER}/CloudTrail/x` },
  { key: "x" },
];

const MISSING: readonly (readonly string[])[] = [
  ["aws:SourceArn"],
  ["aws:SourceAccount"],
  ["aws:SourceOrgID"],
  ["aws:SourceArn", "aws:SourceAccount"],
];

/** Whether the shape has what it needs to take the call as one of a trail that may deliver. */
function trailPasses(shape: BucketPolicyShape, trail: TrailCase, has: (key: string) => boolean) {
  const arn = has("aws:SourceArn");
  const account = has("aws:SourceAccount");
  switch (shape) {
    case "trail-arns":
    case "own-prefix":
      return arn && trail.listed;
    case "account-list":
      return account && LISTED_ACCOUNTS.includes(trail.account) && arn && trail.named;
    case "source-org-id":
      return has("aws:SourceOrgID") && trail.organization === ORGANIZATION && arn && trail.named;
  }
}

function folderPasses(
  shape: BucketPolicyShape,
  trail: TrailCase,
  owner: string | undefined,
  has: (key: string) => boolean,
) {
  if (owner === undefined) return false;
  return shape === "trail-arns"
    ? LISTED_ACCOUNTS.includes(owner)
    : has("aws:SourceAccount") && owner === trail.account;
}

function aclCheckPasses(shape: BucketPolicyShape, trail: TrailCase, has: (key: string) => boolean) {
  return shape === "source-org-id"
    ? has("aws:SourceArn") && trail.named
    : trailPasses(shape, trail, has);
}

/** All that a bucket policy of the shape is asked about writing, by whomever. */
export function writingRows(shape: BucketPolicyShape): Row[] {
  return [...TRAILS.flatMap((trail) => trailRows(shape, trail)), ...otherRows()];
}

function trailRows(shape: BucketPolicyShape, trail: TrailCase): Row[] {
  const own = PATHS.filter(({ owner }) => owner === trail.account);
  const others = PATHS.filter(({ owner }) => owner === OWNER || owner === MEMBER);
  const rows = (
    principal: Principal,
    without: readonly string[],
    paths: typeof PATHS,
    acls: readonly (string | undefined)[],
  ): Row[] => {
    const has = (key: string) => !without.includes(key);
    const service = principal === cloudTrail;
    const context = trailContext(trail, without);
    const who = `${trail.what} ${without.map((key) => `without ${key}`).join()}${service ? "" : " by another service"}`;
    return [
      {
        what: `${who}: ACL check`,
        request: { principal, action: "s3:GetBucketAcl", resource: BUCKET, context },
        allowed: service && aclCheckPasses(shape, trail, has),
      },
      ...paths.flatMap(({ key, owner }) =>
        acls.map((acl) => ({
          what: `${who}: ${key} with ACL ${acl ?? "none"}`,
          request: put(principal, `${BUCKET}/${key}`, {
            ...context,
            ...(acl === undefined ? {} : { "s3:x-amz-acl": acl }),
          }),
          allowed:
            service &&
            acl === FULL_CONTROL &&
            trailPasses(shape, trail, has) &&
            folderPasses(shape, trail, owner, has),
        })),
      ),
    ];
  };
  return [
    ...rows(cloudTrail, [], PATHS, [FULL_CONTROL]),
    ...rows(cloudTrail, [], own, ["public-read", undefined]),
    ...MISSING.flatMap((without) => rows(cloudTrail, without, [...own, ...others], [FULL_CONTROL])),
    ...SERVICES.flatMap((service) => rows(service, [], own, [FULL_CONTROL])),
  ];
}

/** The same for all shapes. */
function otherRows(): Row[] {
  const member = TRAILS[1]!;
  const context = { ...trailContext(member), "s3:x-amz-acl": FULL_CONTROL };
  const own = `${BUCKET}/${logKey(MEMBER)}`;
  const serviceAsks = (action: string, resource: string): Row => ({
    what: `CloudTrail: ${action} ${resource}`,
    request: { principal: cloudTrail, action, resource, context },
    allowed: false,
  });
  return [
    {
      what: "CloudTrail over a connection whose security is not known",
      request: put(cloudTrail, own, { ...context, "aws:SecureTransport": "false" }),
      allowed: true,
    },
    ...["s3:GetObject", "s3:DeleteObject", "s3:PutObjectAcl", "s3:GetObjectAcl"].map((action) =>
      serviceAsks(action, own),
    ),
    ...["s3:PutBucketAcl", "s3:ListBucket", "s3:PutBucketPolicy", "s3:GetBucketTagging"].map(
      (action) => serviceAsks(action, BUCKET),
    ),
    serviceAsks("s3:PutObject", `${FOREIGN_BUCKET}/${logKey(MEMBER)}`),
    serviceAsks("s3:GetBucketAcl", FOREIGN_BUCKET),
    // What CloudTrail's writing is held to is not asked of others.
    administratorAsks(ADMINISTRATOR, "s3:PutObject", own, true),
    administratorAsks(ADMINISTRATOR, "s3:PutObject", own, false, {
      "aws:SecureTransport": "false",
    }),
    administratorAsks(ADMINISTRATOR, "s3:ListBucket", BUCKET, false, {
      "aws:SecureTransport": "false",
    }),
    administratorAsks(ADMINISTRATOR, "s3:GetBucketTagging", BUCKET, false, {
      "aws:SecureTransport": "false",
    }),
    administratorAsks(ADMINISTRATOR, "s3:ListBucket", FOREIGN_BUCKET, true, {
      "aws:SecureTransport": "false",
    }),
    administratorAsks(ADMINISTRATOR, "sns:Publish", BUCKET, true, {
      "aws:SecureTransport": "false",
    }),
    ...[
      `arn:aws:iam::${STRANGER}:role/administrator`,
      `arn:aws:iam::${MEMBER}:role/administrator`,
      `arn:aws:iam::${OTHER}:root`,
    ].flatMap((arn) => [
      administratorAsks(arn, "s3:PutObject", own, false, { "s3:x-amz-acl": FULL_CONTROL }),
      administratorAsks(arn, "s3:GetBucketAcl", BUCKET, false, trailContext(member)),
      administratorAsks(arn, "s3:GetObject", own, false),
    ]),
    {
      what: "anonymous: writes as if for a trail",
      request: put(anonymous, own, context),
      allowed: false,
    },
    {
      what: "anonymous: reads",
      request: { principal: anonymous, action: "s3:GetObject", resource: own },
      allowed: false,
    },
    {
      what: "a role of the destination without rights",
      request: {
        principal: principalOf(`arn:aws:iam::${OWNER}:role/nobody`),
        action: "s3:PutObject",
        resource: `${BUCKET}/${folder(OWNER)}x`,
        context,
      },
      allowed: false,
    },
  ];
}

export function put(
  principal: AccessRequest["principal"],
  resource: string,
  context: AccessRequest["context"],
): AccessRequest {
  return { principal, action: "s3:PutObject", resource, context };
}
