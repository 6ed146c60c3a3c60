import { CLOUDTRAIL_SERVICE_PRINCIPAL } from "../../cloudtrail/service/principal";
import { partitionOfRegion, serviceHostSuffix } from "../../cloudtrail/regions";
import { randomUUID } from "node:crypto";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import { formatTime } from "../../cloudtrail/time";
import type { BucketHome } from "../access/live-policies";
import { eventClass } from "./event-class";
import { objectResources } from "./resources";

/** A file that CloudTrail put into a bucket. */
export interface DeliveredObject {
  readonly bucket: string;
  readonly home: BucketHome;
  readonly key: string;
  /** @default - encrypted with S3's own key */
  readonly kmsKeyArn?: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds. */
  readonly time: number;
}

const SERVICE = CLOUDTRAIL_SERVICE_PRINCIPAL;

/**
 * The data event of a delivery, for the bucket's owner. A trail that records the data events of the
 * bucket that it delivers to so makes a new file of each file.
 *
 * @param newId makes a GUID that no event has had
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-recursive-logging.html
 */
export function deliveryRecord(
  { bucket, home, key, kmsKeyArn, size, time }: DeliveredObject,
  newId: () => string = randomUUID,
): CloudTrailRecord {
  const event = eventClass("s3", "PutObject");
  const { accountId, region } = home;
  const host = `${bucket}.s3.${region}.${serviceHostSuffix(partitionOfRegion(region))}`;
  const encryption =
    kmsKeyArn === undefined
      ? { "x-amz-server-side-encryption": "AES256" }
      : {
          "x-amz-server-side-encryption": "aws:kms",
          "x-amz-server-side-encryption-aws-kms-key-id": kmsKeyArn,
        };
  return {
    eventVersion: "1.11",
    userIdentity: { type: "AWSService", invokedBy: SERVICE },
    eventTime: formatTime(time),
    eventSource: event.source,
    eventName: event.name,
    awsRegion: region,
    sourceIPAddress: SERVICE,
    userAgent: SERVICE,
    requestParameters: {
      bucketName: bucket,
      key,
      Host: host,
      "x-amz-acl": "bucket-owner-full-control",
      ...encryption,
    },
    responseElements: encryption,
    additionalEventData: {
      SignatureVersion: "SigV4",
      bytesTransferredIn: size,
      AuthenticationMethod: "AuthHeader",
      bytesTransferredOut: 0,
    },
    requestID: newId(),
    eventID: newId(),
    readOnly: event.readOnly,
    resources: objectResources(home, key),
    eventType: "AwsApiCall",
    managementEvent: false,
    recipientAccountId: accountId,
    sharedEventID: newId(),
    eventCategory: "Data",
  };
}
