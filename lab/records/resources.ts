/** The resources that records name. */
import { bucketArn, parseArn, queueArn } from "../../cloudtrail/arn";
import type { RecordedResource } from "../../cloudtrail/records/record";
import { partitionOfRegion } from "../../cloudtrail/regions";
import type { EventClass } from "./event-class";
import type { ObservedCall } from "./observed-call";
import { jsonMembers } from "./recorded-members";

/** Undefined where AWS's records of the service have none, or none was got at. */
export function resources(
  call: ObservedCall,
  event: EventClass,
): readonly RecordedResource[] | undefined {
  switch (call.scope.service) {
    case "s3":
      return s3Resources(call, event);
    case "kms":
      return keys(call);
    case "sts":
      return role(call, event);
    case "sns":
      return event.isData
        ? owned("AWS::SNS::Topic", call.request.parameters["TopicArn"])
        : undefined;
    case "sqs":
      return event.isData ? queue(call) : undefined;
    default:
      return undefined;
  }
}

/** A bucket as records name it. */
interface NamedBucket {
  readonly arn: string;
  /** @default - there is no such bucket, and so no owner */
  readonly accountId?: string;
}

/**
 * Of a data event: the object, or all of the bucket's where the call is about none, and the bucket.
 */
export function objectResources(bucket: NamedBucket, key?: string): readonly RecordedResource[] {
  const type = "AWS::S3::Object";
  const prefix = `${bucket.arn}/`;
  const object = key === undefined ? { type, ARNPrefix: prefix } : { type, ARN: prefix + key };
  return [object, bucketResource(bucket)];
}

function bucketResource({ arn: ARN, accountId }: NamedBucket): RecordedResource {
  return { ...(accountId === undefined ? {} : { accountId }), type: "AWS::S3::Bucket", ARN };
}

function s3Resources({ scope, request, bucket }: ObservedCall, { isData }: EventClass) {
  const { bucketName, key } = request.parameters;
  if (typeof bucketName !== "string") return undefined;
  const arn = bucketArn({ partition: partitionOfRegion(scope.region), bucketName });
  const named = bucket ?? { arn };
  if (!isData) return [bucketResource(named)];
  return objectResources(named, typeof key === "string" ? key : undefined);
}

function keys({ request, answer, keys }: ObservedCall): readonly RecordedResource[] | undefined {
  // A failure has none.
  const made = request.action === "CreateKey" ? jsonMembers(answer.body)["KeyMetadata"] : undefined;
  const arns = made === undefined ? keys : [(made as { Arn: string }).Arn];
  return arns.length === 0 ? undefined : arns.flatMap((arn) => owned("AWS::KMS::Key", arn) ?? []);
}

function role({ request, answer }: ObservedCall, { name }: EventClass) {
  if (name !== "AssumeRole" || answer.errorCode !== undefined) return undefined;
  return owned("AWS::IAM::Role", request.parameters["RoleArn"]);
}

/** `https://sqs.us-east-1.amazonaws.com/111111111111/name` → its ARN */
function queue({ scope, request }: ObservedCall): readonly RecordedResource[] | undefined {
  const [, account, name] =
    /\/(\d{12})\/([^/]+)$/.exec(String(request.parameters["QueueUrl"])) ?? [];
  if (account === undefined) return undefined;
  const { region } = scope;
  const place = { partition: partitionOfRegion(region), region, accountId: account };
  return owned("AWS::SQS::Queue", queueArn(place, name ?? ""));
}

function owned(type: string, ARN: unknown): readonly RecordedResource[] | undefined {
  if (typeof ARN !== "string") return undefined;
  return [{ accountId: parseArn(ARN)?.account, type, ARN }];
}
