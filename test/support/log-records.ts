import type { CloudTrailRecord } from "../../cloudtrail/records/record";

/**
 * Realistic records of some 1.3 KB, each different: management and data events, one in 50 refused.
 */
export function logRecord(n: number): CloudTrailRecord {
  const accountId = ["111111111111", "222222222222", "333333333333"][n % 3]!;
  const data = n % 2 === 0;
  const denied = n % 50 === 0;
  const role = `app-${n % 17}`;
  const bucket = `example-bucket-${n % 29}`;
  const id = (n * 2_654_435_761) % 4_294_967_296;
  const guid = (salt: number): string =>
    `${hex(id, 8)}-${hex(n % 65_536, 4)}-4${hex(salt, 3)}-a${hex(n % 4096, 3)}-${hex(n, 12)}`;
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAEXAMPLE${n % 17}:session-${id}`,
      arn: `arn:aws:sts::${accountId}:assumed-role/${role}/session-${id}`,
      accountId,
      accessKeyId: `ASIA${hex(id, 16).toUpperCase()}`,
      sessionContext: {
        sessionIssuer: {
          type: "Role",
          principalId: `AROAEXAMPLE${n % 17}`,
          arn: `arn:aws:iam::${accountId}:role/${role}`,
          accountId,
          userName: role,
        },
        attributes: { creationDate: "2026-01-31T00:00:00Z", mfaAuthenticated: "false" },
      },
    },
    eventTime: `2026-01-31T${two(n / 3600)}:${two(n / 60)}:${two(n)}Z`,
    eventSource: data ? "s3.amazonaws.com" : "ec2.amazonaws.com",
    eventName: data ? (n % 4 === 0 ? "GetObject" : "PutObject") : "DescribeInstances",
    awsRegion: n % 5 === 0 ? "eu-central-1" : "us-east-1",
    sourceIPAddress: `10.0.${n % 256}.${(n * 7) % 256}`,
    userAgent: `[aws-sdk-nodejs/3.${n % 400} "quoted" Linux/5.10 ünïcode/1]`,
    ...(denied ? { errorCode: "AccessDenied", errorMessage: "Access Denied" } : {}),
    requestParameters: data
      ? {
          bucketName: bucket,
          Host: `${bucket}.s3.amazonaws.com`,
          key: `logs/2026/${id}/part-${n}.parquet`,
        }
      : {
          filterSet: { items: [{ name: "tag:app", valueSet: { items: [{ value: role }] } }] },
          nextToken: null,
        },
    responseElements: null,
    ...(data
      ? {
          additionalEventData: {
            SignatureVersion: "SigV4",
            CipherSuite: "ECDHE-RSA-AES128-GCM-SHA256",
            bytesTransferredIn: 0,
            AuthenticationMethod: "AuthHeader",
            "x-amz-id-2": `${hex(id * 31, 16)}${hex(n * 97, 16)}/${hex(id, 16)}=`,
            bytesTransferredOut: id % 100_000,
          },
        }
      : {}),
    requestID: hex(id * 13, 16).toUpperCase(),
    eventID: guid(1),
    readOnly: n % 4 !== 2,
    ...(data
      ? {
          resources: [
            { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${bucket}/logs/2026/${id}/part-${n}` },
            { accountId: "111111111111", type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::${bucket}` },
          ],
        }
      : {}),
    eventType: "AwsApiCall",
    managementEvent: !data,
    recipientAccountId: accountId,
    ...(data && accountId !== "111111111111" ? { sharedEventID: guid(2) } : {}),
    eventCategory: data ? "Data" : "Management",
    tlsDetails: {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      clientProvidedHostHeader: data ? `${bucket}.s3.amazonaws.com` : "ec2.us-east-1.amazonaws.com",
    },
  };
}

/** A log file of some records, as CloudTrail writes it: one line. */
export function logFile(records: readonly CloudTrailRecord[]): string {
  return JSON.stringify({ Records: records });
}

function hex(value: number, digits: number): string {
  return Math.floor(value).toString(16).padStart(digits, "0").slice(-digits);
}

function two(value: number): string {
  return String(Math.floor(value) % (value >= 3600 ? 24 : 60)).padStart(2, "0");
}
