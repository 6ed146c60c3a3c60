/**
 * CloudTrail's calls, held to AWS's pages and to what is reported; see the comments in calls.ts.
 */
import * as calls from "../../../cloudtrail/service/calls";
import {
  fileContext,
  s3ContextArn,
  trailPatterns,
} from "../../../cloudtrail/service/encryption-context";
import { CLOUDTRAIL_PRINCIPALS, servicePrincipalIn } from "../../../cloudtrail/service/principal";
import { loggedAccounts, type ServiceTrail } from "../../../cloudtrail/trails/trail";
import type { TrailIdentity } from "../../../cloudtrail/trails/trail-identity";

const OWNER = "111111111111";
const MEMBER = "222222222222";
const ORGANIZATION = "o-a1b2c3d4e5";
const ARN = `arn:aws:cloudtrail:us-east-1:${OWNER}:trail/central-trail`;
const BUCKET = "arn:aws:s3:::logs";
const KEY = `arn:aws:kms:us-east-1:${OWNER}:key/log-key`;
const TOPIC = `arn:aws:sns:us-east-1:${OWNER}:log-files`;
const identity: TrailIdentity = {
  partition: "aws",
  homeRegion: "us-east-1",
  accountId: OWNER,
  name: "central-trail",
};
const source = { "aws:SourceArn": ARN, "aws:SourceAccount": OWNER };

const alone: ServiceTrail = { kind: "account", identity };
const inOrganization: ServiceTrail = { ...alone, organizationId: ORGANIZATION };
const ofOrganization: ServiceTrail = {
  kind: "organization",
  identity,
  organizationId: ORGANIZATION,
  accountIds: [OWNER, MEMBER],
};
const TRAILS = [
  ["an account alone", alone],
  ["an account of an organization", inOrganization],
  ["an organization", ofOrganization],
] as const;

/** All calls for a trail. */
function callsOf(trail: ServiceTrail): calls.ServiceCall[] {
  const caller = { trail };
  const object = `${BUCKET}/AWSLogs/${MEMBER}/x`;
  return [
    calls.aclCheck(caller, BUCKET),
    calls.delivery(caller, object, KEY),
    calls.dataKey(caller, KEY, object),
    calls.bucketKeyDecryption(caller, KEY, BUCKET),
    calls.keyDescription(caller, KEY),
    calls.publication(caller, TOPIC),
    ...calls.topicKeyCalls(caller, KEY, TOPIC),
  ];
}

describe.each(TRAILS)("a trail of %s", (_, trail) => {
  test("each call comes from CloudTrail and names the trail and its owner", () => {
    for (const { principal, context } of callsOf(trail)) {
      expect(principal).toEqual({ kind: "service", service: "cloudtrail.amazonaws.com" });
      expect(context).toMatchObject(source);
    }
  });

  test("the organization's ID comes with the delivery alone", () => {
    const carriers = callsOf(trail).filter(({ context }) => "aws:SourceOrgID" in context);
    const expected = trail === alone ? [] : ["s3:PutObject"];
    expect(carriers.map(({ action }) => action)).toEqual(expected);
    for (const { context } of carriers) expect(context["aws:SourceOrgID"]).toBe(ORGANIZATION);
  });

  test("network keys and the organization's paths are absent", () => {
    const keys = callsOf(trail).flatMap(({ context }) => Object.keys(context));
    const absent = ["SecureTransport", "SourceIp", "SourceVpc", "SourceVpce", "SourceOrgPaths"];
    expect(absent.filter((name) => keys.includes(`aws:${name}`))).toEqual([]);
  });
});

test("the ACL check and DescribeKey carry nothing else", () => {
  const caller = { trail: alone };
  expect(calls.aclCheck(caller, BUCKET)).toMatchObject({
    action: "s3:GetBucketAcl",
    resource: BUCKET,
  });
  expect(calls.aclCheck(caller, BUCKET).context).toEqual(source);
  expect(calls.keyDescription(caller, KEY)).toMatchObject({
    action: "kms:DescribeKey",
    resource: KEY,
  });
  expect(calls.keyDescription(caller, KEY).context).toEqual(source);
});

test("a delivery gives the bucket's owner full control, and says how the file is encrypted", () => {
  const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
  const object = `${BUCKET}/AWSLogs/${OWNER}/x`;
  expect(calls.delivery({ trail: alone }, object)).toMatchObject({
    action: "s3:PutObject",
    resource: object,
    context: { ...source, ...acl, "s3:x-amz-server-side-encryption": "AES256" },
  });
  expect(calls.delivery({ trail: alone }, object, KEY).context).toEqual({
    ...source,
    ...acl,
    "s3:x-amz-server-side-encryption": "aws:kms",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY,
  });
});

test("a data key's encryption context names the trail and what is written", () => {
  const object = s3ContextArn(BUCKET, "AWSLogs/x");
  expect(calls.dataKey({ trail: alone }, KEY, object)).toMatchObject({
    action: "kms:GenerateDataKey",
    resource: KEY,
    context: {
      "kms:EncryptionContext:aws:cloudtrail:arn": ARN,
      "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::logs/AWSLogs/x",
      "kms:EncryptionContextKeys": ["aws:cloudtrail:arn", "aws:s3:arn"],
    },
  });
  expect(calls.bucketKeyDecryption({ trail: alone }, KEY, object)).toMatchObject({
    action: "kms:Decrypt",
    resource: KEY,
    context: fileContext(identity, object),
  });
});

test("with an S3 Bucket Key the encryption context has the bucket, not the object", () => {
  expect(s3ContextArn(BUCKET, "AWSLogs/x", true)).toBe(BUCKET);
});

test("a message to an encrypted topic takes two calls of its key", () => {
  expect(calls.publication({ trail: alone }, TOPIC)).toMatchObject({
    action: "sns:Publish",
    resource: TOPIC,
  });
  const onKey = calls.topicKeyCalls({ trail: alone }, KEY, TOPIC);
  expect(onKey.map(({ action }) => action)).toEqual(["kms:GenerateDataKey", "kms:Decrypt"]);
  for (const { resource, context } of onKey) {
    expect(resource).toBe(KEY);
    expect(context["kms:EncryptionContext:aws:sns:topicArn"]).toBe(TOPIC);
  }
});

test("an organization's trail logs its accounts, an account's trail its owner", () => {
  expect(TRAILS.map(([, trail]) => loggedAccounts(trail))).toEqual([
    [OWNER],
    [OWNER],
    [OWNER, MEMBER],
  ]);
});

describe("CloudTrail's service principal", () => {
  const configured = "cloudtrail.amazonaws.com.cn";

  test.each(["aws", "aws-us-gov"] as const)(
    "in %s it is AWS's own text that counts",
    (partition) => {
      expect(servicePrincipalIn(partition)).toBe("cloudtrail.amazonaws.com");
      expect(servicePrincipalIn(partition, configured)).toBe("cloudtrail.amazonaws.com");
    },
  );

  test.each(["aws-cn", "aws-eusc", "aws-iso"] as const)(
    "in %s, where none is documented, it is what is configured",
    (partition) => {
      expect(servicePrincipalIn(partition)).toBe("cloudtrail.amazonaws.com");
      expect(servicePrincipalIn(partition, configured)).toBe(configured);
    },
  );

  test("there is a name for what each partition's hosts end with", () => {
    expect(CLOUDTRAIL_PRINCIPALS).toEqual([
      "cloudtrail.amazonaws.com",
      "cloudtrail.amazonaws.com.cn",
      "cloudtrail.amazonaws.eu",
      "cloudtrail.c2s.ic.gov",
      "cloudtrail.sc2s.sgov.gov",
      "cloudtrail.cloud.adc-e.uk",
      "cloudtrail.csp.hci.ic.gov",
    ]);
  });
});

test("the pattern for an account's trails is the one that AWS shows", () => {
  expect(trailPatterns([OWNER, "*"], "aws")).toEqual([
    `arn:aws:cloudtrail:*:${OWNER}:trail/*`,
    "arn:aws:cloudtrail:*:*:trail/*",
  ]);
});
