/**
 * Records of events that no call to the local AWS makes: Insights, which are statistics of weeks,
 * and network activity, since there are no VPC endpoints. They are made where somebody asks for
 * them.
 */
import { accountIdProblem } from "../../cloudtrail/names";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import { isRegionName } from "../../cloudtrail/regions";
import { formatTime } from "../../cloudtrail/time";

/** The kinds that can be asked for. */
export const ASKED_KINDS = ["insight", "network-activity"] as const;

/** One of {@link ASKED_KINDS}. */
export type AskedKind = (typeof ASKED_KINDS)[number];

/** What is asked for. */
export interface AskedEvent {
  readonly kind: AskedKind;
  /** Whose trails get it: twelve digits. */
  readonly accountId: string;
  readonly region: string;
  /** `kms.amazonaws.com` */
  readonly eventSource: string;
  /** `Decrypt` */
  readonly eventName: string;
  /**
   * Of Insights: the error whose rate is unusual; of network activity: what the call was answered
   * with.
   * @default - of Insights the rate of calls is unusual; of network activity "VpceAccessDenied"
   */
  readonly errorCode?: string;
}

/**
 * What the parameters of a request ask for: `account`, `region`, `event=kms:Decrypt` and, if
 * wanted, `error`.
 *
 * @param region where the request names none
 * @returns all that is wrong, a sentence each, where something is
 */
export function askedEvent(
  kind: AskedKind,
  parameters: URLSearchParams,
  region: string,
): AskedEvent | readonly string[] {
  const accountId = parameters.get("account") ?? "";
  const asked = parameters.get("region") ?? region;
  const event = parameters.get("event") ?? "";
  const [, service, eventName] = /^([a-z0-9-]+):(\w+)$/.exec(event) ?? [];
  const account = accountIdProblem(accountId);
  const problems = [
    ...(account === undefined ? [] : [`account=${accountId} ${account}.`]),
    ...(isRegionName(asked) ? [] : [`region=${asked} is not a region name.`]),
    ...(service === undefined ? [`event=${event} must look like kms:Decrypt.`] : []),
  ];
  if (problems.length > 0) return problems;
  return {
    kind,
    accountId,
    region: asked,
    eventSource: `${service}.amazonaws.com`,
    eventName: eventName!,
    errorCode: parameters.get("error") ?? undefined,
  };
}

/**
 * The records of an event: of Insights the beginning and the end of the unusual activity.
 *
 * @param time milliseconds
 * @param newId makes a GUID that no event has had
 */
export function askedRecords(
  event: AskedEvent,
  time: number,
  newId: () => string,
): readonly CloudTrailRecord[] {
  return event.kind === "insight"
    ? insightRecords(event, time, newId)
    : [networkActivityRecord(event, time, newId)];
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html */
function insightRecords(
  { accountId, region, eventSource, eventName, errorCode }: AskedEvent,
  time: number,
  newId: () => string,
): readonly CloudTrailRecord[] {
  const sharedEventID = newId();
  const statistics = { baseline: { average: 0.01 }, insight: { average: 10 } };
  return ["Start", "End"].map((state) => ({
    eventVersion: "1.09",
    eventTime: formatTime(time),
    awsRegion: region,
    eventID: newId(),
    eventType: "AwsCloudTrailInsight",
    recipientAccountId: accountId,
    sharedEventID,
    insightDetails: {
      state,
      eventSource,
      eventName,
      insightType: errorCode === undefined ? "ApiCallRateInsight" : "ApiErrorRateInsight",
      ...(errorCode === undefined ? {} : { errorCode }),
      insightContext: { statistics, attributions: [] },
    },
    eventCategory: "Insight",
  }));
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html */
function networkActivityRecord(
  { accountId, region, eventSource, eventName, errorCode = "VpceAccessDenied" }: AskedEvent,
  time: number,
  newId: () => string,
): CloudTrailRecord {
  return {
    eventVersion: "1.11",
    userIdentity: { type: "AWSAccount", principalId: "AROAEXAMPLE:session", accountId },
    eventTime: formatTime(time),
    eventSource,
    eventName,
    awsRegion: region,
    sourceIPAddress: "10.0.0.1",
    errorCode,
    errorMessage: "The request was denied due to a VPC endpoint policy",
    requestID: newId(),
    eventID: newId(),
    eventType: "AwsVpceEvent",
    recipientAccountId: accountId,
    sharedEventID: newId(),
    vpcEndpointId: "vpce-0123456789abcdef0",
    vpcEndpointAccountId: accountId,
    eventCategory: "NetworkActivity",
  };
}
