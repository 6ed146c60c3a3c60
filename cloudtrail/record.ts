/**
 * A CloudTrail record, with AWS's own field names. Everything may be missing: records are other
 * people's data.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export interface CloudTrailRecord {
  readonly eventVersion?: string;
  readonly userIdentity?: UserIdentity;
  /** ISO 8601 in UTC, to the second. */
  readonly eventTime?: string;
  /** `s3.amazonaws.com` */
  readonly eventSource?: string;
  readonly eventName?: string;
  readonly awsRegion?: string;
  readonly sourceIPAddress?: string;
  readonly userAgent?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters?: Readonly<Record<string, unknown>> | null;
  readonly responseElements?: Readonly<Record<string, unknown>> | null;
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  readonly requestID?: string;
  /** A GUID; each copy of an event has its own. */
  readonly eventID?: string;
  readonly readOnly?: boolean;
  readonly resources?: readonly RecordedResource[];
  /** `AwsApiCall` and others. */
  readonly eventType?: string;
  readonly apiVersion?: string;
  readonly managementEvent?: boolean;
  /** The account that this copy is for. */
  readonly recipientAccountId?: string;
  /** A GUID that the caller's and the owner's copy of one event share. */
  readonly sharedEventID?: string;
  /** `Management`, `Data`, `Insight` or `NetworkActivity` */
  readonly eventCategory?: string;
  readonly vpcEndpointId?: string;
  readonly tlsDetails?: {
    readonly tlsVersion?: string;
    readonly cipherSuite?: string;
    readonly clientProvidedHostHeader?: string;
  };
  readonly [field: string]: unknown;
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export interface UserIdentity {
  readonly type?: string;
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  readonly invokedBy?: string;
  readonly sessionContext?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/**
 * One resource of a record. S3 objects have an `ARNPrefix` in place of the ARN; a redacted bucket's
 * owner is `""`.
 */
export interface RecordedResource {
  readonly type?: string;
  readonly ARN?: string;
  readonly ARNPrefix?: string;
  readonly accountId?: string;
}
