import type {
  CloudTrailRecord,
  RecordedResource,
  UserIdentity,
} from "../../cloudtrail/records/record";
import { ownerIsRedacted, redacted } from "../../cloudtrail/records/redaction";
import { formatTime } from "../../cloudtrail/time";
import { type EventClass, eventClass } from "./event-class";
import type { ObservedCall } from "./observed-call";
import { nestedParameters, recordedMembers } from "./recorded-members";
import { objectResources, resources } from "./resources";
import { responseElements } from "./response-elements";
import { s3Parameters, withoutGrantees } from "./s3-parameters";
import { foreignIdentity, userIdentity } from "./user-identity";

/** Whether callers learn the bucket's owner when they are denied: no longer, but once they did. */
export type Redaction = "current" | "historic";

/** How records are made. */
export interface RecordOptions {
  readonly redaction: Redaction;
  /** Makes a GUID that no event has had. */
  readonly newId: () => string;
}

/** An event without what tells its copies apart. */
interface Event {
  readonly event: EventClass;
  readonly type: "AwsApiCall" | "AwsServiceEvent";
  readonly resources: readonly RecordedResource[] | undefined;
}

/** What tells the copies of one event apart. */
interface Copy {
  readonly userIdentity: UserIdentity;
  readonly recipientAccountId: string;
  /** @default - there is one copy only */
  readonly sharedEventID: string | undefined;
}

/**
 * The records of a call: its event in the caller's account, and the copy for the owner of what was
 * got at, where that is another account. DeleteObjects has an event more for each object that it
 * deleted. A request that is not an operation that we know has none.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function recordsOf(call: ObservedCall, options: RecordOptions): readonly CloudTrailRecord[] {
  const { scope, request } = call;
  if (request.action.startsWith("Unknown(")) return [];
  const event = eventClass(scope.service, request.action);
  const main: Event = { event, type: "AwsApiCall", resources: resources(call, event) };
  const deleted = {
    ...call,
    answer: { ...call.answer, errorCode: undefined, errorMessage: undefined },
  };
  return [
    ...copies(call, main, options),
    // Refused were others than those that are gone.
    ...deletions(call).flatMap((one) => copies(deleted, one, options)),
  ];
}

/**
 * One for each object of a DeleteObjects call that was deleted. AWS says that they are there and of
 * this type, and shows none: what else is in them is our reading.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html#filtering-data-events-deleteobjects
 */
function deletions({ bucket, deletedObjects }: ObservedCall): readonly Event[] {
  if (bucket === undefined) return [];
  const event = eventClass("s3", "DeleteObject");
  return deletedObjects.map(({ key }) => ({
    event,
    type: "AwsServiceEvent",
    resources: objectResources(bucket, key),
  }));
}

function copies(call: ObservedCall, event: Event, options: RecordOptions): CloudTrailRecord[] {
  const { caller, session } = call;
  const owner = otherOwner(call, event);
  const sharedEventID = owner === undefined ? undefined : options.newId();
  const own = written(call, event, options, {
    userIdentity: userIdentity(caller, session),
    recipientAccountId: caller.accountId,
    sharedEventID,
  });
  if (owner === undefined) return [own];
  const theirs = written(call, event, options, {
    userIdentity: foreignIdentity(caller, session),
    recipientAccountId: owner,
    sharedEventID,
  });
  const hides =
    options.redaction === "current" &&
    call.scope.service === "s3" &&
    ownerIsRedacted({
      callerAccountId: caller.accountId,
      bucketOwnerAccountId: owner,
      errorCode: call.answer.errorCode,
      deniedBy: call.answer.deniedBy,
    });
  return [hides ? redacted(own) : own, theirs];
}

/**
 * The account beside the caller's that gets a copy. S3: the bucket's owner, for data events,
 * whatever came of the call. KMS and AssumeRole: the owner of key or role, for calls that were not
 * refused; AWS says so of KMS, and of AssumeRole it is our reading.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-object-level-crossaccount
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
function otherOwner(call: ObservedCall, { event, resources }: Event): string | undefined {
  const { scope, caller, bucket } = call;
  const owners =
    scope.service === "s3"
      ? [event.isData ? bucket?.accountId : undefined]
      : scope.service === "kms" || scope.service === "sts"
        ? (resources ?? []).map(({ accountId }) => accountId)
        : [];
  return owners.find((owner) => owner !== undefined && owner !== caller.accountId);
}

/** In the order of AWS's own records. */
function written(
  call: ObservedCall,
  { event, type, resources }: Event,
  { newId }: RecordOptions,
  { userIdentity, recipientAccountId, sharedEventID }: Copy,
): CloudTrailRecord {
  const { scope, http, answer, caller } = call;
  const isCall = type === "AwsApiCall";
  const parameters = isCall ? requestParameters(call) : null;
  const isForOwner = recipientAccountId !== caller.accountId;
  const host = http.headers["host"];
  return {
    eventVersion: "1.11",
    userIdentity,
    eventTime: formatTime(call.time),
    eventSource: event.source,
    eventName: event.name,
    // A request to S3 ends up where the bucket is.
    awsRegion: call.bucket?.region ?? scope.region,
    sourceIPAddress: call.sourceIp,
    ...userAgent(call),
    ...(answer.errorCode === undefined ? {} : { errorCode: recordedErrorCode(call) }),
    ...(answer.errorMessage === undefined ? {} : { errorMessage: answer.errorMessage }),
    requestParameters: parameters && isForOwner ? withoutGrantees(parameters) : parameters,
    responseElements: isCall ? responseElements(call, event) : null,
    ...(scope.service === "s3" && isCall ? { additionalEventData: additionalEventData(call) } : {}),
    requestID: answer.requestId,
    eventID: newId(),
    readOnly: event.readOnly,
    ...(resources === undefined ? {} : { resources }),
    eventType: type,
    managementEvent: !event.isData,
    recipientAccountId,
    ...(sharedEventID === undefined ? {} : { sharedEventID }),
    eventCategory: event.isData ? "Data" : "Management",
    // No version, no cipher: so AWS records plain HTTP, which this is.
    ...(typeof host === "string" ? { tlsDetails: { clientProvidedHostHeader: host } } : {}),
  };
}

/** S3 sets it in brackets. */
function userAgent({ scope, http }: ObservedCall): { userAgent?: string } {
  const sent = http.headers["user-agent"];
  if (scope.service === "s3") return { userAgent: `[${String(sent ?? "")}]` };
  return sent === undefined ? {} : { userAgent: String(sent) };
}

/** KMS answers AccessDeniedException, and records it by another name. */
function recordedErrorCode({ scope, answer }: ObservedCall): string | undefined {
  return scope.service === "kms" && answer.errorCode === "AccessDeniedException"
    ? "AccessDenied"
    : answer.errorCode;
}

/** Services but S3 do not look at the parameters of a call that they refuse. */
function requestParameters(call: ObservedCall): Readonly<Record<string, unknown>> | null {
  const { scope, request, answer } = call;
  if (scope.service === "s3") return s3Parameters(call);
  if (answer.errorCode?.startsWith("AccessDenied")) return null;
  if (request.protocol === "json") {
    const recorded = recordedMembers(request.parameters);
    // KMS records it even where the request leaves it out.
    return request.action === "Decrypt"
      ? { encryptionAlgorithm: "SYMMETRIC_DEFAULT", ...recorded }
      : recorded;
  }
  return recordedMembers(
    nestedParameters({ ...request.parameters, Action: undefined, Version: undefined }),
  );
}

/** No cipher, as the connection has none. */
function additionalEventData({ http, answer }: ObservedCall): Readonly<Record<string, unknown>> {
  const { headers } = http;
  const sent = headers["x-amz-decoded-content-length"] ?? headers["content-length"] ?? 0;
  return {
    SignatureVersion: "SigV4",
    bytesTransferredIn: Number(sent),
    AuthenticationMethod: headers["authorization"] === undefined ? "QueryString" : "AuthHeader",
    ...(answer.hostId === undefined ? {} : { "x-amz-id-2": answer.hostId }),
    ...(answer.size === undefined ? {} : { bytesTransferredOut: answer.size }),
  };
}
