import type { CloudTrailRecord } from "../../cloudtrail/records/record";

/**
 * Records of the kinds that lie in folders of their own, as AWS's pages on their fields have them.
 */

export const CALLER_ARN = "arn:aws:sts::222222222222:assumed-role/app/one";

/** The start of unusual activity. */
export function insight(changes: CloudTrailRecord = {}): CloudTrailRecord {
  return {
    eventVersion: "1.09",
    eventTime: "2026-01-31T10:00:00Z",
    awsRegion: "us-east-1",
    eventID: "insight-start",
    eventType: "AwsCloudTrailInsight",
    recipientAccountId: "222222222222",
    sharedEventID: "insight-1",
    insightDetails: {
      state: "Start",
      eventSource: "ssm.amazonaws.com",
      eventName: "UpdateInstanceInformation",
      insightType: "ApiErrorRateInsight",
      errorCode: "AccessDenied",
      insightContext: {
        statistics: { baseline: { average: 0.0017857143 }, insight: { average: 4 } },
        attributions: [
          {
            attribute: "userIdentityArn",
            insight: [{ value: CALLER_ARN, average: 4 }],
            baseline: [],
          },
          { attribute: "userAgent", insight: [{ value: "aws-cli", average: 4 }], baseline: [] },
        ],
      },
    },
    eventCategory: "Insight",
    ...changes,
  };
}

/** A call that a VPC endpoint's policy denied. */
export function networkActivity(changes: CloudTrailRecord = {}): CloudTrailRecord {
  return {
    eventVersion: "1.11",
    userIdentity: { type: "AWSAccount", principalId: "AROAX:one", accountId: "333333333333" },
    eventTime: "2026-01-31T10:00:00Z",
    eventSource: "kms.amazonaws.com",
    eventName: "Decrypt",
    awsRegion: "us-east-1",
    sourceIPAddress: "10.0.0.1",
    errorCode: "VpceAccessDenied",
    errorMessage: "The request was denied due to a VPC endpoint policy",
    requestID: "request-1",
    eventID: "network-1",
    eventType: "AwsVpceEvent",
    recipientAccountId: "222222222222",
    sharedEventID: "network-shared-1",
    vpcEndpointId: "vpce-0123456789abcdef0",
    vpcEndpointAccountId: "222222222222",
    eventCategory: "NetworkActivity",
    ...changes,
  };
}

/** Five minutes of data events. */
export function aggregated(changes: CloudTrailRecord = {}): CloudTrailRecord {
  return {
    eventVersion: "1.0",
    accountId: "222222222222",
    eventId: "aggregated-1",
    eventCategory: "Aggregated",
    eventType: "AwsAggregatedEvent",
    awsRegion: "us-east-1",
    eventSource: "s3.amazonaws.com",
    timeWindow: {
      windowStart: "2026-01-31T10:00:00Z",
      windowEnd: "2026-01-31T10:05:00Z",
      windowSize: "PT5M",
    },
    summary: {
      primaryDimension: {
        dimension: "eventName",
        statistics: [
          { name: "GetObject", value: 1000 },
          { name: "PutObject", value: 3 },
        ],
      },
      details: [
        {
          dimension: "resourceARN",
          statistics: [{ name: "arn:aws:s3:::payments/2026/file", value: 1003 }],
        },
        { dimension: "userIdentity", statistics: [{ name: CALLER_ARN, value: 1003 }] },
        { dimension: "errorCodes", statistics: [{ name: "AccessDenied", value: 2 }] },
      ],
    },
    ...changes,
  };
}
