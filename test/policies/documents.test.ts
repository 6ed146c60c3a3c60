import { accessLogBucketPolicy } from "../../policies/documents/access-log-bucket-policy";
import { logBucketPolicy } from "../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../policies/documents/log-key-policy";
import { TrailRegistry } from "../../policies/trail-registry";
import { trailOf } from "../support/trails";

// The documents that AWS shows for several accounts, with this test's names put in:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
const trails = new TrailRegistry([trailOf("111111111111"), trailOf("222222222222")]);
const arns = [
  "arn:aws:cloudtrail:us-east-1:111111111111:trail/central-trail",
  "arn:aws:cloudtrail:us-east-1:222222222222:trail/central-trail",
];
const cloudTrail = { Service: "cloudtrail.amazonaws.com" };

test("the bucket policy is AWS's own for several accounts, plus TLS for everyone but services", () => {
  const policy = logBucketPolicy({
    partition: "aws",
    bucketName: "logs",
    s3KeyPrefix: "org",
    trails,
  });
  expect(policy).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AWSCloudTrailAclCheck20131101",
        Effect: "Allow",
        Principal: cloudTrail,
        Action: "s3:GetBucketAcl",
        Resource: "arn:aws:s3:::logs",
        Condition: { StringEquals: { "aws:SourceArn": arns } },
      },
      {
        Sid: "AWSCloudTrailWrite20131101",
        Effect: "Allow",
        Principal: cloudTrail,
        Action: "s3:PutObject",
        Resource: [
          "arn:aws:s3:::logs/org/AWSLogs/111111111111/*",
          "arn:aws:s3:::logs/org/AWSLogs/222222222222/*",
        ],
        Condition: {
          StringEquals: {
            "aws:SourceArn": arns,
            "s3:x-amz-acl": "bucket-owner-full-control",
          },
        },
      },
      {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
        Condition: {
          Bool: { "aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false" },
        },
      },
    ],
  });
});

test("the key policy names every trail where AWS's sample names one", () => {
  const policy = logKeyPolicy({ partition: "aws", accountId: "111111111111", trails });
  expect(policy.Statement).toEqual([
    {
      Sid: "EnableIAMUserPermissions",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111111111111:root" },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "AllowCloudTrailEncryptLogs",
      Effect: "Allow",
      Principal: cloudTrail,
      Action: "kms:GenerateDataKey*",
      Resource: "*",
      Condition: {
        StringEquals: { "aws:SourceArn": arns },
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": [
            "arn:aws:cloudtrail:*:111111111111:trail/*",
            "arn:aws:cloudtrail:*:222222222222:trail/*",
          ],
        },
      },
    },
    {
      Sid: "AllowCloudTrailDescribeKey",
      Effect: "Allow",
      Principal: cloudTrail,
      Action: "kms:DescribeKey",
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceArn": arns } },
    },
  ]);
});

test("an S3 Bucket Key adds kms:Decrypt for CloudTrail, and nothing else does", () => {
  const withBucketKey = logKeyPolicy({
    partition: "aws",
    accountId: "111111111111",
    trails,
    bucketKeyEnabled: true,
  });
  expect(withBucketKey.Statement).toHaveLength(4);
  expect(withBucketKey.Statement[3]).toMatchObject({
    Effect: "Allow",
    Principal: cloudTrail,
    Action: "kms:Decrypt",
  });
});

test("other partitions change every ARN", () => {
  const gov = new TrailRegistry([
    trailOf("111111111111", { partition: "aws-us-gov", homeRegion: "us-gov-west-1" }),
  ]);
  const documents = JSON.stringify([
    logBucketPolicy({ partition: "aws-us-gov", bucketName: "logs", trails: gov }),
    logKeyPolicy({ partition: "aws-us-gov", accountId: "111111111111", trails: gov }),
    accessLogBucketPolicy({
      partition: "aws-us-gov",
      accountId: "111111111111",
      bucketName: "access",
      sourceBucketName: "logs",
      targetPrefix: "s3-access/",
    }),
  ]);
  expect(documents.match(/arn:aws-us-gov:/g)?.length).toBeGreaterThan(8);
  expect(documents).not.toContain("arn:aws:");
});

test("the access log bucket takes logs from S3's logging service for the one bucket alone", () => {
  const policy = accessLogBucketPolicy({
    partition: "aws",
    accountId: "111111111111",
    bucketName: "access",
    sourceBucketName: "logs",
    targetPrefix: "s3-access/",
  });
  expect(policy.Statement[0]).toEqual({
    Sid: "S3ServerAccessLogsPolicy",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::access/s3-access/*",
    Condition: {
      ArnEquals: { "aws:SourceArn": "arn:aws:s3:::logs" },
      StringEquals: { "aws:SourceAccount": "111111111111" },
    },
  });
  expect(policy.Statement[1]).toMatchObject({ Effect: "Deny", Sid: "DenyInsecureTransport" });
});
