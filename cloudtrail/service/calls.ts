/**
 * What CloudTrail asks of S3, KMS and SNS: each call with the condition keys that it carries. The
 * local AWS, `explain` and the review take the calls from here, so that they judge a policy alike.
 *
 * No call carries network keys (`aws:SecureTransport`, `aws:SourceIp`, `aws:SourceVpce`): AWS
 * leaves them out of calls that one service makes to another. None carries `aws:SourceOrgPaths`, of
 * which AWS's pages on CloudTrail say nothing.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import { accountFolder } from "../files/log-layout";
import type { ServiceTrail } from "../trails/trail";
import { trailArn } from "../trails/trail-identity";
import { type ContextValues, fileContext, messageContext } from "./encryption-context";
import { servicePrincipalIn } from "./principal";

/** One call that CloudTrail makes. */
export interface ServiceCall {
  /** CloudTrail itself. */
  readonly principal: {
    /** What kind of caller it is. */
    readonly kind: "service";
    /** Its service principal. */
    readonly service: string;
  };
  /** `service:Action` */
  readonly action: string;
  /** The resource's ARN. */
  readonly resource: string;
  /** The condition keys that the call carries. */
  readonly context: ContextValues;
}

/** For whom CloudTrail calls. */
export interface ServiceCaller {
  /** The trail that it calls for. */
  readonly trail: ServiceTrail;
  /**
   * CloudTrail's service principal, for partitions where AWS documents none.
   * @default "cloudtrail.amazonaws.com"
   */
  readonly servicePrincipal?: string;
}

/** The condition key for how an object is encrypted: `aws:kms`, or `AES256` for S3's own keys. */
export const ENCRYPTION = "s3:x-amz-server-side-encryption";

/** The condition key for the KMS key that an object is encrypted with. */
export const ENCRYPTION_KEY = `${ENCRYPTION}-aws-kms-key-id`;

/** The condition key for the ACL that an object is written with. */
export const OBJECT_ACL = "s3:x-amz-acl";

/** What CloudTrail writes each file with: the bucket's owner gets full control of it. */
export const FULL_CONTROL = { [OBJECT_ACL]: "bucket-owner-full-control" };

/**
 * The look at the bucket's ACL that comes before everything else. It is reported to come without
 * `aws:SourceOrgID`; AWS's own policies ask for the key in no statement on it.
 *
 * @param bucketArn the bucket's
 */
export function aclCheck(caller: ServiceCaller, bucketArn: string): ServiceCall {
  return call(caller, "s3:GetBucketAcl", bucketArn, {});
}

/**
 * The delivery of a file: log file or digest file. With the trail's key both are encrypted with it,
 * and without one with S3's own keys. It is the only call that is known to carry `aws:SourceOrgID`,
 * by the policy of Control Tower's bucket.
 *
 * @param objectArn the file's
 * @param kmsKeyArn of the trail's key; undefined for SSE-S3
 * @see https://docs.aws.amazon.com/controltower/latest/userguide/logging-s3-audit-bucket-policy.html
 */
export function delivery(
  caller: ServiceCaller,
  objectArn: string,
  kmsKeyArn?: string,
): ServiceCall {
  const { organizationId } = caller.trail;
  return call(caller, "s3:PutObject", objectArn, {
    ...(organizationId === undefined ? {} : { "aws:SourceOrgID": organizationId }),
    ...FULL_CONTROL,
    ...(kmsKeyArn === undefined
      ? { [ENCRYPTION]: "AES256" }
      : { [ENCRYPTION]: "aws:kms", [ENCRYPTION_KEY]: kmsKeyArn }),
  });
}

/**
 * The data key for a file. No page of AWS says whether CloudTrail's calls of KMS carry
 * `aws:SourceOrgID`: they are taken to come without it, as a policy that needs it is not known to
 * work.
 *
 * @param kmsKeyArn of the trail's key
 * @param s3Arn what the encryption context says of S3: see s3ContextArn
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-kms-works-with-cloudtrail.html
 */
export function dataKey(caller: ServiceCaller, kmsKeyArn: string, s3Arn: string): ServiceCall {
  return onKey(caller, "kms:GenerateDataKey", kmsKeyArn, s3Arn);
}

/**
 * The decryption that CloudTrail needs where the bucket has an S3 Bucket Key. AWS's statement for
 * it has no condition; it is taken to carry the keys of {@link dataKey}.
 *
 * @param kmsKeyArn of the trail's key
 * @param s3Arn as for {@link dataKey}
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export function bucketKeyDecryption(
  caller: ServiceCaller,
  kmsKeyArn: string,
  s3Arn: string,
): ServiceCall {
  return onKey(caller, "kms:Decrypt", kmsKeyArn, s3Arn);
}

/**
 * The look at the trail's key. It encrypts nothing, so it has no encryption context.
 *
 * @param kmsKeyArn of the trail's key
 */
export function keyDescription(caller: ServiceCaller, kmsKeyArn: string): ServiceCall {
  return call(caller, "kms:DescribeKey", kmsKeyArn, {});
}

/**
 * The message about a delivered file. As for KMS, AWS documents `aws:SourceArn` and
 * `aws:SourceAccount` alone.
 *
 * @param topicArn the topic's
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 */
export function publication(caller: ServiceCaller, topicArn: string): ServiceCall {
  return call(caller, "sns:Publish", topicArn, {});
}

/**
 * What a message to an encrypted topic takes. AWS's statement for it has no condition; the calls
 * are taken to carry SNS's encryption context and the keys of the other calls.
 *
 * @param keyArn of the topic's key
 * @param topicArn the topic's
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function topicKeyCalls(
  caller: ServiceCaller,
  keyArn: string,
  topicArn: string,
): ServiceCall[] {
  return ["kms:GenerateDataKey", "kms:Decrypt"].map((action) =>
    call(caller, action, keyArn, messageContext(topicArn)),
  );
}

/**
 * Keys of a log file and of a digest file in an account's folder: what a policy says of them it
 * says of all, unless it tells regions or days apart.
 *
 * @param prefix the part of the keys before `AWSLogs/`
 */
export function exampleKeys(
  accountId: string,
  prefix?: string,
): { readonly logFile: string; readonly digestFile: string } {
  const folder = accountFolder(accountId, prefix);
  const name = "us-east-1/2026/01/31/any.json.gz";
  return {
    logFile: `${folder}CloudTrail/${name}`,
    digestFile: `${folder}CloudTrail-Digest/${name}`,
  };
}

function onKey(
  caller: ServiceCaller,
  action: string,
  kmsKeyArn: string,
  s3Arn: string,
): ServiceCall {
  return call(caller, action, kmsKeyArn, fileContext(caller.trail.identity, s3Arn));
}

/**
 * An organization trail's calls name the management account, whichever account the files are of.
 */
function call(
  { trail: { identity }, servicePrincipal }: ServiceCaller,
  action: string,
  resource: string,
  context: ContextValues,
): ServiceCall {
  return {
    principal: {
      kind: "service",
      service: servicePrincipalIn(identity.partition, servicePrincipal),
    },
    action,
    resource,
    context: {
      "aws:SourceArn": trailArn(identity),
      "aws:SourceAccount": identity.accountId,
      ...context,
    },
  };
}
