/**
 * A CloudTrail record of any kind, with AWS's own field names; record-fields.ts says where each
 * kind has what all have. Everything may be missing: records are other people's data.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export interface CloudTrailRecord {
  /**
   * The version of the record's format: `1.11`.
   * @default - not in the record
   */
  readonly eventVersion?: string;
  /**
   * Who called.
   * @default - not in the record
   */
  readonly userIdentity?: UserIdentity;
  /**
   * ISO 8601 in UTC, to the second.
   * @default - not in the record
   */
  readonly eventTime?: string;
  /**
   * `s3.amazonaws.com`
   * @default - not in the record
   */
  readonly eventSource?: string;
  /**
   * The API's action: `PutObject`.
   * @default - not in the record
   */
  readonly eventName?: string;
  /**
   * The region that the call was made to.
   * @default - not in the record
   */
  readonly awsRegion?: string;
  /**
   * The caller's IP address; of a service its DNS name.
   * @default - not in the record
   */
  readonly sourceIPAddress?: string;
  /**
   * The program that called.
   * @default - not in the record
   */
  readonly userAgent?: string;
  /**
   * `AccessDenied` and the like.
   * @default - not in the record
   */
  readonly errorCode?: string;
  /**
   * The error's description.
   * @default - not in the record
   */
  readonly errorMessage?: string;
  /**
   * The request's parameters, as the service gives them.
   * @default - not in the record
   */
  readonly requestParameters?: Readonly<Record<string, unknown>> | null;
  /**
   * What the call made or changed; null for calls that read.
   * @default - not in the record
   */
  readonly responseElements?: Readonly<Record<string, unknown>> | null;
  /**
   * What is neither of request nor response.
   * @default - not in the record
   */
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  /**
   * The service's own ID of the request.
   * @default - not in the record
   */
  readonly requestID?: string;
  /**
   * A GUID; each copy of an event has its own.
   * @default - not in the record
   */
  readonly eventID?: string;
  /**
   * Whether the call only reads.
   * @default - not in the record
   */
  readonly readOnly?: boolean;
  /**
   * What the call was about.
   * @default - not in the record
   */
  readonly resources?: readonly RecordedResource[];
  /**
   * `AwsApiCall` and others.
   * @default - not in the record
   */
  readonly eventType?: string;
  /**
   * The version of the service's API.
   * @default - not in the record
   */
  readonly apiVersion?: string;
  /**
   * Whether it is a management event.
   * @default - not in the record
   */
  readonly managementEvent?: boolean;
  /**
   * The account that this copy is for.
   * @default - not in the record
   */
  readonly recipientAccountId?: string;
  /**
   * A GUID that the caller's and the owner's copy of one event share.
   * @default - not in the record
   */
  readonly sharedEventID?: string;
  /**
   * `Management`, `Data`, `NetworkActivity`, `Insight` or `Aggregated`
   * @default - not in the record
   */
  readonly eventCategory?: string;
  /**
   * The VPC endpoint that the call went through.
   * @default - not in the record
   */
  readonly vpcEndpointId?: string;
  /**
   * Of Insights events: what was unusual, with its `eventName` and `eventSource`.
   * @default - not in the record
   */
  readonly insightDetails?: Readonly<Record<string, unknown>>;
  /**
   * Of aggregated events: their ID, in place of `eventID`.
   * @default - not in the record
   */
  readonly eventId?: string;
  /**
   * Of aggregated events: the account that the record is for, in place of `recipientAccountId`.
   * @default - not in the record
   */
  readonly accountId?: string;
  /**
   * Of aggregated events: `windowStart` and `windowEnd`, in place of `eventTime`.
   * @default - not in the record
   */
  readonly timeWindow?: Readonly<Record<string, unknown>>;
  /**
   * Of aggregated events: what was counted, and by which dimensions.
   * @default - not in the record
   */
  readonly summary?: Readonly<Record<string, unknown>>;
  /**
   * The call's TLS connection.
   * @default - not in the record
   */
  readonly tlsDetails?: {
    /**
     * `TLSv1.3`
     * @default - not in the record
     */
    readonly tlsVersion?: string;
    /**
     * `TLS_AES_128_GCM_SHA256`
     * @default - not in the record
     */
    readonly cipherSuite?: string;
    /**
     * The host name that the client asked for.
     * @default - not in the record
     */
    readonly clientProvidedHostHeader?: string;
  };
  /** Fields that are not listed here: AWS adds some from time to time. */
  readonly [field: string]: unknown;
}

/**
 * Who called.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export interface UserIdentity {
  /**
   * `IAMUser`, `AssumedRole`, `Root`, `AWSService` and others.
   * @default - not in the record
   */
  readonly type?: string;
  /**
   * A unique ID; of an assumed role with the name of the session.
   * @default - not in the record
   */
  readonly principalId?: string;
  /**
   * The caller's ARN.
   * @default - not in the record
   */
  readonly arn?: string;
  /**
   * The caller's account: twelve digits.
   * @default - not in the record
   */
  readonly accountId?: string;
  /**
   * The access key that signed the call.
   * @default - not in the record
   */
  readonly accessKeyId?: string;
  /**
   * The name of the user or, in some records, the role.
   * @default - not in the record
   */
  readonly userName?: string;
  /**
   * The AWS service that made the call on behalf of the caller.
   * @default - not in the record
   */
  readonly invokedBy?: string;
  /**
   * Of temporary credentials: who they were given to, and when.
   * @default - not in the record
   */
  readonly sessionContext?: Readonly<Record<string, unknown>>;
  /** Fields that are not listed here: AWS adds some from time to time. */
  readonly [field: string]: unknown;
}

/**
 * One resource of a record. S3 objects have an `ARNPrefix` in place of the ARN; a redacted bucket's
 * owner is `""`.
 */
export interface RecordedResource {
  /**
   * `AWS::S3::Bucket` and the like.
   * @default - not in the record
   */
  readonly type?: string;
  /**
   * Its ARN.
   * @default - not in the record
   */
  readonly ARN?: string;
  /**
   * The beginning of the ARNs of several objects.
   * @default - not in the record
   */
  readonly ARNPrefix?: string;
  /**
   * The account that owns it: twelve digits, or `""` where CloudTrail took it out.
   * @default - not in the record
   */
  readonly accountId?: string;
}
