/** AWS's own policies for CloudTrail, with the outcomes that AWS states for them. */
import type { PolicyDocument } from "../../iam/policy-document";
import type { AccessRequest, Principal } from "../../iam/request";
import {
  ADMIN,
  BUCKET,
  cloudTrail,
  decide,
  KEY,
  MEMBER,
  OWNER,
  policy,
  session,
  STRANGER,
  trail,
  user,
  write,
} from "./requests";

const acl = (trailArn: string): AccessRequest => ({
  principal: cloudTrail,
  action: "s3:GetBucketAcl",
  resource: BUCKET,
  context: { "aws:SourceArn": trailArn, "aws:SourceAccount": trailArn.split(":")[4] as string },
});
const log = (accountId: string, kind = "CloudTrail") =>
  `logs/AWSLogs/${accountId}/${kind}/us-east-1/2026/01/31/file.json.gz`;

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html */
const several: PolicyDocument = policy(
  {
    Sid: "AWSCloudTrailAclCheck20131101",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:GetBucketAcl",
    Resource: BUCKET,
    Condition: { StringEquals: { "aws:SourceArn": [trail(OWNER), trail(MEMBER)] } },
  },
  {
    Sid: "AWSCloudTrailWrite20131101",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: [`${BUCKET}/logs/AWSLogs/${OWNER}/*`, `${BUCKET}/logs/AWSLogs/${MEMBER}/*`],
    Condition: {
      StringEquals: {
        "aws:SourceArn": [trail(OWNER), trail(MEMBER)],
        "s3:x-amz-acl": "bucket-owner-full-control",
      },
    },
  },
);

describe("the bucket policy for several accounts", () => {
  test.each<[string, AccessRequest, string]>([
    ["the owner's trail checks the ACL", acl(trail(OWNER)), "allowed"],
    ["a member's trail checks the ACL", acl(trail(MEMBER)), "allowed"],
    ["the owner's trail writes a log", write(trail(OWNER), log(OWNER)), "allowed"],
    ["a member's trail writes a log", write(trail(MEMBER), log(MEMBER)), "allowed"],
    [
      "a member's trail writes a digest",
      write(trail(MEMBER), log(MEMBER, "CloudTrail-Digest")),
      "allowed",
    ],
    [
      "a member's trail writes an insight",
      write(trail(MEMBER), log(MEMBER, "CloudTrail-Insight")),
      "allowed",
    ],
    // The sample's gap: both lists stand in one statement, so it does not tie a trail to its
    // folder.
    [
      "a member's trail writes into the owner's folder",
      write(trail(MEMBER), log(OWNER)),
      "allowed",
    ],
    ["a stranger's trail checks the ACL", acl(trail(STRANGER)), "implicitDeny"],
    ["a stranger's trail writes a log", write(trail(STRANGER), log(STRANGER)), "implicitDeny"],
    [
      "a stranger's trail writes into a member's folder",
      write(trail(STRANGER), log(MEMBER)),
      "implicitDeny",
    ],
    ["another trail of a member", write(trail(MEMBER, "other"), log(MEMBER)), "implicitDeny"],
    [
      "a trail of the name in another region",
      write(trail(MEMBER, "central", "eu-west-1"), log(MEMBER)),
      "implicitDeny",
    ],
    ["a look-alike name", write(trail(MEMBER, "central2"), log(MEMBER)), "implicitDeny"],
    ["another prefix", write(trail(MEMBER), log(MEMBER).replace("logs/", "")), "implicitDeny"],
    [
      "another ACL",
      write(trail(MEMBER), log(MEMBER), { "s3:x-amz-acl": "public-read" }),
      "implicitDeny",
    ],
    ["reading", { ...write(trail(MEMBER), log(MEMBER)), action: "s3:GetObject" }, "implicitDeny"],
    [
      "no trail at all",
      {
        ...write(trail(MEMBER), log(MEMBER)),
        context: { "s3:x-amz-acl": "bucket-owner-full-control" },
      },
      "implicitDeny",
    ],
    [
      "another service",
      {
        ...write(trail(MEMBER), log(MEMBER)),
        principal: { kind: "service", service: "config.amazonaws.com" },
      },
      "implicitDeny",
    ],
  ])("%s", (_, request, decision) => {
    expect(decide(request, { resourcePolicy: several })).toBe(decision);
  });
});

test("a wildcard ARN takes StringLike: under StringEquals the * is a literal", () => {
  const aclPolicy = (operator: string) =>
    policy({
      ...several.Statement[0],
      Effect: "Allow",
      Condition: { [operator]: { "aws:SourceArn": `arn:aws:cloudtrail:*:${MEMBER}:trail/*` } },
    });
  expect(decide(acl(trail(MEMBER)), { resourcePolicy: aclPolicy("StringEquals") })).toBe(
    "implicitDeny",
  );
  expect(decide(acl(trail(MEMBER)), { resourcePolicy: aclPolicy("StringLike") })).toBe("allowed");
  expect(decide(acl(trail(MEMBER)), { resourcePolicy: aclPolicy("ArnLike") })).toBe("allowed");
  expect(decide(acl(trail(STRANGER)), { resourcePolicy: aclPolicy("StringLike") })).toBe(
    "implicitDeny",
  );
});

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
test("the policy with aws:SourceAccount lets every trail of that account through, and no other", () => {
  const resourcePolicy = policy({
    Sid: "CloudTrailAclCheck",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:GetBucketAcl",
    Resource: BUCKET,
    Condition: { StringEquals: { "aws:SourceAccount": MEMBER } },
  });
  expect(decide(acl(trail(MEMBER, "any")), { resourcePolicy })).toBe("allowed");
  expect(decide(acl(trail(STRANGER)), { resourcePolicy })).toBe("implicitDeny");
});

describe("an organization's trail", () => {
  const management = trail(OWNER, "org");
  const statement = (path: string) => ({
    Effect: "Allow" as const,
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${BUCKET}/AWSLogs/${path}/*`,
    Condition: {
      StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": management },
    },
  });
  const resourcePolicy = policy(statement(OWNER), statement("o-exampleorgid"));
  test.each([
    [`AWSLogs/o-exampleorgid/${MEMBER}/CloudTrail/x`, "allowed"],
    [`AWSLogs/${OWNER}/CloudTrail/x`, "allowed"],
    [`AWSLogs/${MEMBER}/CloudTrail/x`, "implicitDeny"],
  ])("writes %s: %s", (key, decision) => {
    expect(decide(write(management, key), { resourcePolicy })).toBe(decision);
  });
});

describe("TLS only", () => {
  const deny = (Bool: Record<string, string>) =>
    policy(...several.Statement, {
      Sid: "Tls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [BUCKET, `${BUCKET}/*`],
      Condition: { Bool },
    });
  const sparing = deny({ "aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false" });
  const plainDeny = deny({ "aws:SecureTransport": "false" });
  const read = (secure: string, principal: Principal = user(OWNER)): AccessRequest => ({
    principal,
    action: "s3:GetObject",
    resource: `${BUCKET}/x`,
    context: { "aws:SecureTransport": secure },
  });
  test("denies people without TLS, in both forms", () => {
    for (const resourcePolicy of [sparing, plainDeny]) {
      expect(decide(read("false"), { resourcePolicy, identityPolicies: [ADMIN] })).toBe(
        "explicitDeny",
      );
      expect(decide(read("true"), { resourcePolicy, identityPolicies: [ADMIN] })).toBe("allowed");
    }
  });
  test("spares a service whose call has no or a false aws:SecureTransport, in AWS's present form only", () => {
    const service = write(trail(MEMBER), log(MEMBER), { "aws:SecureTransport": "false" });
    expect(decide(service, { resourcePolicy: sparing })).toBe("allowed");
    expect(decide(service, { resourcePolicy: plainDeny })).toBe("explicitDeny");
    expect(decide(write(trail(MEMBER), log(MEMBER)), { resourcePolicy: plainDeny })).toBe(
      "allowed",
    );
  });
});

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
describe("the key policy", () => {
  const ENCRYPTION = "kms:EncryptionContext:aws:cloudtrail:arn";
  const encrypt = (sourceArn: string, encrypted = sourceArn): AccessRequest => ({
    principal: cloudTrail,
    action: "kms:GenerateDataKey",
    resource: KEY,
    context: { "aws:SourceArn": sourceArn, [ENCRYPTION]: encrypted },
  });
  const keyPolicy = (sources: string | string[]) =>
    policy(
      {
        Sid: "Enable IAM user permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${OWNER}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "EnableCloudTrailEncryptPermissions",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "kms:GenerateDataKey*",
        Resource: "*",
        Condition: {
          StringLike: {
            [ENCRYPTION]: [OWNER, MEMBER].map(
              (account) => `arn:aws:cloudtrail:*:${account}:trail/*`,
            ),
          },
          StringEquals: { "aws:SourceArn": sources },
        },
      },
      {
        Sid: "AllowCloudTrailAccess",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "kms:DescribeKey",
        Resource: KEY,
        Condition: { StringEquals: { "aws:SourceArn": sources } },
      },
      {
        Sid: "EnableCloudTrailLogDecryptPermissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${OWNER}:user/Bob` },
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { Null: { [ENCRYPTION]: "false" } },
      },
      {
        Sid: "Enable cross account log decryption",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["kms:Decrypt", "kms:ReEncryptFrom"],
        Resource: "*",
        Condition: {
          StringEquals: { "kms:CallerAccount": OWNER },
          StringLike: { [ENCRYPTION]: `arn:aws:cloudtrail:*:${OWNER}:trail/*` },
        },
      },
    );
  const decrypt = (principal: Principal, encrypted?: string): AccessRequest => ({
    principal,
    action: "kms:Decrypt",
    resource: KEY,
    ...(encrypted ? { context: { [ENCRYPTION]: encrypted } } : {}),
  });

  test("the sample for two accounts names one trail, and so refuses the second account", () => {
    const sample = keyPolicy(trail(OWNER));
    expect(decide(encrypt(trail(OWNER)), { resourcePolicy: sample, resourceType: "kms-key" })).toBe(
      "allowed",
    );
    expect(
      decide(encrypt(trail(MEMBER)), { resourcePolicy: sample, resourceType: "kms-key" }),
    ).toBe("implicitDeny");
  });

  const both = keyPolicy([trail(OWNER), trail(MEMBER)]);
  test.each<[string, AccessRequest, string]>([
    ["a member's trail encrypts", encrypt(trail(MEMBER)), "allowed"],
    [
      "GenerateDataKeyWithoutPlaintext",
      { ...encrypt(trail(MEMBER)), action: "kms:GenerateDataKeyWithoutPlaintext" },
      "allowed",
    ],
    ["a stranger's trail encrypts", encrypt(trail(STRANGER)), "implicitDeny"],
    ["a stranger's encryption context", encrypt(trail(MEMBER), trail(STRANGER)), "implicitDeny"],
    [
      "a member's trail describes the key",
      { ...encrypt(trail(MEMBER)), action: "kms:DescribeKey" },
      "allowed",
    ],
    [
      "a stranger's trail describes the key",
      { ...encrypt(trail(STRANGER)), action: "kms:DescribeKey" },
      "implicitDeny",
    ],
    [
      "the service decrypts, which takes a statement of its own",
      { ...encrypt(trail(MEMBER)), action: "kms:Decrypt" },
      "implicitDeny",
    ],
    ["Bob decrypts a log", decrypt(user(OWNER), trail(MEMBER)), "allowed"],
    ["Bob decrypts something else", decrypt(user(OWNER)), "implicitDeny"],
    [
      "anyone of the account decrypts the account's logs",
      decrypt(session(OWNER), trail(OWNER)),
      "allowed",
    ],
    [
      "anyone of the account decrypts a member's logs",
      decrypt(session(OWNER), trail(MEMBER)),
      "implicitDeny",
    ],
    ["a stranger decrypts", decrypt(user(STRANGER), trail(OWNER)), "implicitDeny"],
  ])("%s", (_, request, decision) => {
    const identityPolicies =
      request.principal.kind === "user" && request.principal.accountId === STRANGER ? [ADMIN] : [];
    expect(
      decide(request, { resourcePolicy: both, resourceType: "kms-key", identityPolicies }),
    ).toBe(decision);
  });
});
