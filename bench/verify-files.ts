import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { logFileKey } from "../cloudtrail/files/log-layout";
import type { TrailIdentity } from "../cloudtrail/trails/trail-identity";
import { type DeliveredLogFile, type PreviousDigest, type SigningKeys, writeDigest } from "../lab";

/** An object as the bench's S3 keeps it. */
export interface MemoryObject {
  readonly body: Buffer;
  /** User metadata, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** How much each trail has delivered, up to a time. */
export interface Delivered {
  readonly bucket: string;
  readonly trails: readonly TrailIdentity[];
  readonly hours: number;
  /** Log files in each hour. */
  readonly filesPerHour: number;
  /** Records in each log file, about 1 KB each. */
  readonly recordsPerFile: number;
  /** Of the last digest; milliseconds. */
  readonly end: number;
}

const HOUR = 3_600_000;

/**
 * The log and digest files of trails in their home region, as CloudTrail would have written them.
 */
export function deliveredFiles(delivered: Delivered, keys: SigningKeys): Map<string, MemoryObject> {
  const objects = new Map<string, MemoryObject>();
  for (const trail of delivered.trails) {
    let previous: PreviousDigest | undefined;
    for (let hour = delivered.hours - 1; hour >= 0; hour--) {
      const end = delivered.end - hour * HOUR;
      const digest = writeDigest(
        {
          target: { identity: trail, s3BucketName: delivered.bucket },
          region: trail.homeRegion,
          startTime: iso(end - HOUR),
          endTime: iso(end),
          logFiles: logFiles(delivered, trail, end, objects),
          previous,
        },
        keys,
      );
      objects.set(digest.key, digest);
      previous = digest.asPrevious;
    }
  }
  return objects;
}

function logFiles(
  { bucket, filesPerHour, recordsPerFile }: Delivered,
  trail: TrailIdentity,
  end: number,
  objects: Map<string, MemoryObject>,
): DeliveredLogFile[] {
  return Array.from({ length: filesPerHour }, (_, index) => {
    const time = iso(end - ((index + 1) * HOUR) / (filesPerHour + 1));
    const unique = digestOf(`${trail.accountId} ${time}`);
    const key = logFileKey({
      accountId: trail.accountId,
      region: trail.homeRegion,
      deliveredAt: time,
      uniqueString: unique.slice(0, 16),
    });
    const Records = Array.from({ length: recordsPerFile }, (_, place) =>
      record(trail, time, digestOf(`${unique} ${place}`)),
    );
    const content = JSON.stringify({ Records });
    objects.set(key, { body: gzipSync(content), metadata: {} });
    return {
      s3Bucket: bucket,
      s3Object: key,
      hashValue: digestOf(content),
      oldestEventTime: time,
      newestEventTime: time,
    };
  });
}

function record({ accountId, homeRegion }: TrailIdentity, eventTime: string, id: string): object {
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROA${id.slice(0, 16).toUpperCase()}:session`,
      arn: `arn:aws:sts::${accountId}:assumed-role/application/session`,
      accountId,
      accessKeyId: `ASIA${id.slice(16, 32).toUpperCase()}`,
    },
    eventTime,
    eventSource: "ec2.amazonaws.com",
    eventName: "DescribeInstances",
    awsRegion: homeRegion,
    sourceIPAddress: "192.0.2.1",
    userAgent: "aws-sdk",
    requestParameters: { maxResults: 100, filterSet: {}, nextToken: id },
    responseElements: null,
    requestID: id.slice(32),
    eventID: id,
    readOnly: true,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: "Management",
    tlsDetails: { tlsVersion: "TLSv1.3", cipherSuite: "TLS_AES_128_GCM_SHA256" },
  };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
