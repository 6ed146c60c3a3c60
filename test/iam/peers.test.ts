/**
 * Faults that are common in published modules for central CloudTrail buckets, each as a policy of
 * our own wording, and what the evaluator makes of them.
 */
import type { PolicyDocument, Statement } from "../../iam/policy-document";
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
  STRANGER,
  trail,
  user,
  write,
} from "./requests";

const strangersTrail = trail(STRANGER, "mine");
const membersTrail = trail(MEMBER);
const CloudTrail = { Service: "cloudtrail.amazonaws.com" };
const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };

const writePolicy = (
  Resource: Statement["Resource"],
  StringEquals: Record<string, string | string[]>,
): PolicyDocument =>
  policy({
    Sid: "Write",
    Effect: "Allow",
    Principal: CloudTrail,
    Action: "s3:PutObject",
    Resource,
    Condition: { StringEquals },
  });

describe("bucket policies", () => {
  test("no SourceArn on the whole bucket: a stranger's trail writes, wherever it likes", () => {
    const resourcePolicy = writePolicy(`${BUCKET}/*`, acl);
    expect(
      decide(write(strangersTrail, `AWSLogs/${STRANGER}/CloudTrail/x`), { resourcePolicy }),
    ).toBe("allowed");
    expect(
      decide(write(strangersTrail, `junk/AWSLogs/${STRANGER}/CloudTrail/x`), { resourcePolicy }),
    ).toBe("allowed");
  });

  test("no SourceArn on AWSLogs/*: a stranger's trail writes", () => {
    const resourcePolicy = writePolicy(`${BUCKET}/AWSLogs/*`, acl);
    expect(
      decide(write(strangersTrail, `AWSLogs/${STRANGER}/CloudTrail/x`), { resourcePolicy }),
    ).toBe("allowed");
  });

  test("account folders without SourceArn: only the folder that CloudTrail chooses stops the stranger", () => {
    const resourcePolicy = writePolicy(
      [OWNER, MEMBER].map((account) => `${BUCKET}/AWSLogs/${account}/*`),
      acl,
    );
    expect(
      decide(write(strangersTrail, `AWSLogs/${STRANGER}/CloudTrail/x`), { resourcePolicy }),
    ).toBe("implicitDeny");
    expect(
      decide(write(strangersTrail, `AWSLogs/${MEMBER}/CloudTrail/x`), { resourcePolicy }),
    ).toBe("allowed");
  });

  test("the ACL check without condition answers every stranger's trail", () => {
    const resourcePolicy = policy({
      Effect: "Allow",
      Principal: CloudTrail,
      Action: "s3:GetBucketAcl",
      Resource: BUCKET,
    });
    const request: AccessRequest = {
      principal: cloudTrail,
      action: "s3:GetBucketAcl",
      resource: BUCKET,
      context: { "aws:SourceArn": strangersTrail },
    };
    expect(decide(request, { resourcePolicy })).toBe("allowed");
  });

  test("the organization's ID: a stranger is refused, each account writes into each other's folder", () => {
    const resourcePolicy = writePolicy(`${BUCKET}/*`, { "aws:SourceOrgID": "o-ours" });
    expect(
      decide(write(strangersTrail, `AWSLogs/${STRANGER}/x`, { "aws:SourceOrgID": "o-theirs" }), {
        resourcePolicy,
      }),
    ).toBe("implicitDeny");
    expect(decide(write(strangersTrail, `AWSLogs/${STRANGER}/x`), { resourcePolicy })).toBe(
      "implicitDeny",
    );
    expect(
      decide(write(membersTrail, `AWSLogs/${OWNER}/x`, { "aws:SourceOrgID": "o-ours" }), {
        resourcePolicy,
      }),
    ).toBe("allowed");
  });

  test("the organization's ID on GetBucketAcl, where the key is absent, refuses everyone", () => {
    const resourcePolicy = policy({
      Effect: "Allow",
      Principal: CloudTrail,
      Action: ["s3:GetBucketAcl", "s3:PutObject"],
      Resource: [BUCKET, `${BUCKET}/*`],
      Condition: { StringEquals: { "aws:SourceOrgID": "o-ours" } },
    });
    expect(
      decide(
        {
          principal: cloudTrail,
          action: "s3:GetBucketAcl",
          resource: BUCKET,
          context: { "aws:SourceArn": membersTrail },
        },
        { resourcePolicy },
      ),
    ).toBe("implicitDeny");
  });

  test("an organization's folder without the prefix refuses a trail with one", () => {
    const resourcePolicy = writePolicy(`${BUCKET}/AWSLogs/o-ours/*`, acl);
    expect(decide(write(membersTrail, `AWSLogs/o-ours/${MEMBER}/x`), { resourcePolicy })).toBe(
      "allowed",
    );
    expect(decide(write(membersTrail, `logs/AWSLogs/o-ours/${MEMBER}/x`), { resourcePolicy })).toBe(
      "implicitDeny",
    );
  });

  describe("denies of unencrypted puts", () => {
    const allow = writePolicy(`${BUCKET}/*`, acl).Statement;
    const digest = write(membersTrail, `AWSLogs/${MEMBER}/CloudTrail-Digest/x`, {
      "s3:x-amz-server-side-encryption": "AES256",
    });
    const deny = (Resource: string): PolicyDocument =>
      policy(...allow, {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:PutObject",
        Resource,
        Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
      });
    test("on all objects stops a digest with SSE-S3", () => {
      expect(decide(digest, { resourcePolicy: deny(`${BUCKET}/*`) })).toBe("explicitDeny");
    });
    test("with the wrong folder name covers nothing", () => {
      const resourcePolicy = deny(`${BUCKET}/AWSLogs/*/CloudTrail_Digest/*`);
      expect(decide(digest, { resourcePolicy })).toBe("allowed");
    });
    test("stops a put that leaves the encryption to the bucket's default", () => {
      expect(
        decide(write(membersTrail, `AWSLogs/${MEMBER}/CloudTrail/x`), {
          resourcePolicy: deny(`${BUCKET}/*`),
        }),
      ).toBe("explicitDeny");
    });
  });
});

describe("key policies", () => {
  const key = (...statements: Statement[]) => ({
    resourcePolicy: policy(...statements),
    resourceType: "kms-key" as const,
  });
  const ask = (
    principal: Principal,
    action: string,
    context: AccessRequest["context"] = {},
  ): AccessRequest => ({ principal, action, resource: KEY, context });

  test("kms:* to every principal: any stranger with rights of its own may delete the key", () => {
    const policies = key({
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "kms:*",
      Resource: "*",
    });
    expect(
      decide(ask(user(STRANGER), "kms:ScheduleKeyDeletion"), {
        ...policies,
        identityPolicies: [ADMIN],
      }),
    ).toBe("allowed");
    expect(decide(ask(user(STRANGER), "kms:ScheduleKeyDeletion"), policies)).toBe("implicitDeny");
    expect(decide(ask(user(OWNER), "kms:ScheduleKeyDeletion"), policies)).toBe("allowed");
  });

  test("kms:* to a reader's account: the reader may delete the key", () => {
    const policies = key({
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${MEMBER}:root` },
      Action: "kms:*",
      Resource: "*",
    });
    expect(
      decide(ask(user(MEMBER), "kms:ScheduleKeyDeletion"), {
        ...policies,
        identityPolicies: [ADMIN],
      }),
    ).toBe("allowed");
  });

  test("encryption without condition: a stranger's trail uses the key", () => {
    const policies = key({
      Effect: "Allow",
      Principal: CloudTrail,
      Action: "kms:GenerateDataKey*",
      Resource: "*",
    });
    const context = {
      "aws:SourceArn": strangersTrail,
      "kms:EncryptionContext:aws:cloudtrail:arn": strangersTrail,
    };
    expect(decide(ask(cloudTrail, "kms:GenerateDataKey", context), policies)).toBe("allowed");
  });

  test("a placeholder left in SourceArn refuses every trail", () => {
    const policies = key({
      Effect: "Allow",
      Principal: CloudTrail,
      Action: "kms:GenerateDataKey*",
      Resource: "*",
      Condition: {
        StringEquals: { "aws:SourceArn": `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/<name>` },
      },
    });
    expect(
      decide(ask(cloudTrail, "kms:GenerateDataKey", { "aws:SourceArn": membersTrail }), policies),
    ).toBe("implicitDeny");
  });

  test("decryption for the organization without encryption context: one account reads another's logs", () => {
    const policies = key({
      Effect: "Allow",
      Principal: "*",
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-ours" } },
    });
    const context = {
      "aws:PrincipalOrgID": "o-ours",
      "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:us-east-1:${OWNER}:trail/central`,
    };
    expect(
      decide(ask(user(MEMBER), "kms:Decrypt", context), { ...policies, identityPolicies: [ADMIN] }),
    ).toBe("allowed");
    expect(
      decide(ask(user(STRANGER), "kms:Decrypt", { ...context, "aws:PrincipalOrgID": "o-theirs" }), {
        ...policies,
        identityPolicies: [ADMIN],
      }),
    ).toBe("implicitDeny");
  });
});
