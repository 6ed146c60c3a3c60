/**
 * CloudTrail's exceptions. Names are those of the API; texts are what AWS was seen to answer, or,
 * where no such text is public, a plain sentence.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 */
import { ServiceError } from "../gateway/service-error";

export const validation = (message: string): ServiceError =>
  new ServiceError("ValidationException", message);

export const accessDenied = (callerArn: string, action: string, resource: string): ServiceError =>
  new ServiceError(
    "AccessDeniedException",
    `User: ${callerArn} is not authorized to perform: cloudtrail:${action} on resource: ${resource} because no resource-based policy allows the cloudtrail:${action} action`,
  );

export const insufficientS3BucketPolicy = (bucket: string): ServiceError =>
  new ServiceError(
    "InsufficientS3BucketPolicyException",
    `Incorrect S3 bucket policy is detected for bucket: ${bucket}`,
  );

export const insufficientEncryptionPolicy = (bucket: string, keyArn: string): ServiceError =>
  new ServiceError(
    "InsufficientEncryptionPolicyException",
    `Insufficient permissions to access S3 bucket ${bucket} or KMS key ${keyArn}.`,
  );

export const insufficientSnsTopicPolicy = (): ServiceError =>
  new ServiceError(
    "InsufficientSnsTopicPolicyException",
    "SNS Topic does not exist or the topic policy is incorrect!",
  );

export const s3BucketDoesNotExist = (bucket: string): ServiceError =>
  new ServiceError("S3BucketDoesNotExistException", `S3 bucket ${bucket} does not exist!`);

export const trailAlreadyExists = (name: string, accountId: string): ServiceError =>
  new ServiceError(
    "TrailAlreadyExistsException",
    `Trail ${name} already exists for customer: ${accountId}`,
  );

export const maximumNumberOfTrailsExceeded = (
  accountId: string,
  count: number,
  region: string,
): ServiceError =>
  new ServiceError(
    "MaximumNumberOfTrailsExceededException",
    `User: ${accountId} already has ${count} trails in ${region}.`,
  );

export const trailNotFound = (nameOrArn: string, accountId: string): ServiceError =>
  new ServiceError(
    "TrailNotFoundException",
    `Unknown trail: ${nameOrArn} for the user: ${accountId}`,
  );

export const invalidTrailName = (problem: string): ServiceError =>
  new ServiceError("InvalidTrailNameException", `Trail name ${problem}.`);

export const invalidS3BucketName = (bucket: string, problem: string): ServiceError =>
  new ServiceError("InvalidS3BucketNameException", `S3 bucket name ${bucket} ${problem}.`);

export const invalidS3Prefix = (prefix: string, problem: string): ServiceError =>
  new ServiceError("InvalidS3PrefixException", `S3 prefix ${prefix} ${problem}.`);

export const invalidSnsTopicName = (topic: string): ServiceError =>
  new ServiceError(
    "InvalidSnsTopicNameException",
    `${topic} is neither the name nor the ARN of an SNS topic.`,
  );

export const invalidKmsKeyId = (keyId: string): ServiceError =>
  new ServiceError(
    "InvalidKmsKeyIdException",
    `${keyId} is not the ID, the ARN or an alias of a KMS key.`,
  );

export const kmsKeyNotFound = (message: string): ServiceError =>
  new ServiceError("KmsKeyNotFoundException", message);

export const kmsProblem = (message: string): ServiceError =>
  new ServiceError("KmsException", message);

export const invalidParameterCombination = (message: string): ServiceError =>
  new ServiceError("InvalidParameterCombinationException", message);

export const invalidHomeRegion = (
  arn: string,
  homeRegion: string,
  calledRegion: string,
): ServiceError =>
  new ServiceError(
    "InvalidHomeRegionException",
    `Trail ${arn} was created in ${homeRegion} and cannot be changed from ${calledRegion}.`,
  );

export const cloudTrailArnInvalid = (arn: string): ServiceError =>
  new ServiceError("CloudTrailARNInvalidException", `${arn} is not the ARN of a trail.`);

export const invalidCloudWatchLogsLogGroupArn = (message: string): ServiceError =>
  new ServiceError("InvalidCloudWatchLogsLogGroupArnException", message);

export const invalidCloudWatchLogsRoleArn = (message: string): ServiceError =>
  new ServiceError("InvalidCloudWatchLogsRoleArnException", message);

export const organizationsNotInUse = (): ServiceError =>
  new ServiceError(
    "OrganizationsNotInUseException",
    "Your account is not a member of an organization.",
  );

export const invalidEventSelectors = (message: string): ServiceError =>
  new ServiceError("InvalidEventSelectorsException", message);

export const invalidInsightSelectors = (message: string): ServiceError =>
  new ServiceError("InvalidInsightSelectorsException", message);

export const insightNotEnabled = (trailName: string): ServiceError =>
  new ServiceError(
    "InsightNotEnabledException",
    `Trail ${trailName} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.`,
  );

export const invalidLookupAttributes = (message: string): ServiceError =>
  new ServiceError("InvalidLookupAttributesException", message);

export const invalidTimeRange = (message: string): ServiceError =>
  new ServiceError("InvalidTimeRangeException", message);

export const invalidMaxResults = (given: number, most: number): ServiceError =>
  new ServiceError(
    "InvalidMaxResultsException",
    `MaxResults is ${given}; 1 to ${most} is allowed.`,
  );

export const invalidNextToken = (): ServiceError =>
  new ServiceError(
    "InvalidNextTokenException",
    "NextToken is not one of an earlier answer to the same request.",
  );

export const invalidEventCategory = (category: string): ServiceError =>
  new ServiceError(
    "InvalidEventCategoryException",
    `EventCategory ${category} is not insight, the only one there is.`,
  );

export const resourceNotFound = (arn: string): ServiceError =>
  new ServiceError("ResourceNotFoundException", `Resource ${arn} does not exist.`);

export const resourceTypeNotSupported = (arn: string): ServiceError =>
  new ServiceError("ResourceTypeNotSupportedException", `${arn} cannot be tagged here.`);

export const tagsLimitExceeded = (arn: string, limit: number): ServiceError =>
  new ServiceError(
    "TagsLimitExceededException",
    `The number of tags on ${arn} would exceed ${limit}.`,
  );

export const invalidTagParameter = (message: string): ServiceError =>
  new ServiceError("InvalidTagParameterException", message);
