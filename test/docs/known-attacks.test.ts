import { evaluate } from "../../iam/evaluate";
import type { PolicyDocument } from "../../iam/policy-document";
import { environmentDocuments } from "../../operations/policies/environment-documents";
import { principalOf } from "../../policies/principals";
import { fourAccounts } from "../support/environment";
import { Page } from "../support/pages";

const ACCOUNT = "111111111111";
const ADMINISTRATOR = `arn:aws:iam::${ACCOUNT}:role/administrator`;

/**
 * Attack → the action that it takes on bucket, object or key. Those on trails and topics ask no
 * policy of ours.
 */
const ACTIONS: Readonly<Record<string, string>> = {
  "Log file deleted": "s3:DeleteObject",
  "Log file overwritten": "s3:PutObject",
  "Digest file deleted": "s3:DeleteObject",
  "Lifecycle rule that expires the logs": "s3:PutLifecycleConfiguration",
  "Replication to another bucket": "s3:PutReplicationConfiguration",
  "Event notifications of the bucket": "s3:PutBucketNotification",
  "Inventory to another bucket": "s3:PutInventoryConfiguration",
  "CORS rule": "s3:PutBucketCORS",
  "Bucket as a website": "s3:PutBucketWebsite",
  "Bucket policy changed": "s3:PutBucketPolicy",
  "Public access block taken off": "s3:PutBucketPublicAccessBlock",
  "ACLs turned on": "s3:PutBucketOwnershipControls",
  "Bucket shown by an ACL": "s3:PutBucketAcl",
  "Versioning suspended": "s3:PutBucketVersioning",
  "Another default encryption": "s3:PutEncryptionConfiguration",
  "Access logs turned off": "s3:PutBucketLogging",
  "Key granted": "kms:CreateGrant",
  "Key policy changed": "kms:PutKeyPolicy",
  "Key rotation turned off": "kms:DisableKeyRotation",
  "Key turned off": "kms:DisableKey",
  "Key's deletion scheduled": "kms:ScheduleKeyDeletion",
};

const rows = new Map(
  new Page("docs/known-attacks.md").text
    .split("\n")
    .filter((line) => /^\| [^-]/.test(line))
    .slice(1)
    .map((row): [string, string] => {
      const [, attack = "", , prevented = ""] = row.split("|").map((cell) => cell.trim());
      return [attack, prevented];
    }),
);

/** The policies with these denies and no others. */
function denied(deny: "denyLogDeletion" | "denyPolicyChange", action: string): boolean {
  const environment = fourAccounts();
  const { destination } = environment;
  const none = { denyOtherEncryption: false, denyLogDeletion: false, denyPolicyChange: false };
  const hardening = {
    ...none,
    readersOnly: false,
    [deny]: true,
    breakGlassRoleArn: `arn:aws:iam::${ACCOUNT}:role/break-glass`,
  };
  const documents = environmentDocuments({
    ...environment,
    destination: { ...destination, hardening },
  });
  const ofKey = action.startsWith("kms:");
  const bucket = `arn:aws:s3:::${destination.bucket}`;
  const all: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
  };
  const { decision } = evaluate(
    {
      principal: principalOf(ADMINISTRATOR),
      action,
      resource: ofKey
        ? `arn:aws:kms:us-east-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`
        : /Object/.test(action) && !action.includes("Bucket")
          ? `${bucket}/AWSLogs/x`
          : bucket,
      context: {},
    },
    {
      resourcePolicy: ofKey ? documents.key : documents.bucket,
      identityPolicies: [all],
      resourceAccount: ACCOUNT,
      resourceType: ofKey ? "kms-key" : "other",
    },
  );
  return decision !== "allowed";
}

test.each(Object.entries(ACTIONS))(
  "%s: the denies that the page names, and no others",
  (attack, action) => {
    for (const deny of ["denyLogDeletion", "denyPolicyChange"] as const)
      expect([deny, denied(deny, action)]).toEqual([deny, rows.get(attack)?.includes(deny)]);
  },
);

test("of the rest the page names no deny", () => {
  const rest = [...rows].filter(([attack]) => !(attack in ACTIONS));
  expect(rest.length).toBeGreaterThan(10);
  for (const [, prevented] of rest) expect(prevented).not.toMatch(/\bdeny/);
});
