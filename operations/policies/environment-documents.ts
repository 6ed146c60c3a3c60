import { destinationSettings } from "../../envs/destination-settings";
import type { Environment } from "../../envs/types";
import type { PolicyDocument } from "../../iam/policy-document";
import {
  ACCESS_LOG_PREFIX,
  accessLogBucketPolicy,
} from "../../policies/documents/access-log-bucket-policy";
import { queryResultsBucketPolicy } from "../../policies/documents/query-results-bucket-policy";
import {
  destinationDocuments,
  type DestinationDocuments,
} from "../../policies/documents/destination-policies";

/** The resource policies that a deploy of an environment puts in force. */
export interface EnvironmentDocuments extends DestinationDocuments {
  /** @default - there are no access logs */
  readonly accessLogBucket?: PolicyDocument;
  /** @default - there are no queries */
  readonly resultsBucket?: PolicyDocument;
}

/**
 * The documents as the stacks build them, without building stacks.
 *
 * @param newKeyArn the ARN of the key that the deploy makes; without it, one that is as long stands
 *   for it
 */
export function environmentDocuments(
  environment: Environment,
  newKeyArn?: string,
): EnvironmentDocuments {
  const { partition, destination } = environment;
  const { account: accountId, accessLogBucket, query } = destination;
  return {
    ...destinationDocuments(destinationSettings(environment), newKeyArn),
    ...(accessLogBucket === undefined
      ? {}
      : {
          accessLogBucket: accessLogBucketPolicy({
            partition,
            accountId,
            bucketName: accessLogBucket,
            sourceBucketName: destination.bucket,
            targetPrefix: ACCESS_LOG_PREFIX,
          }),
        }),
    ...(query === undefined
      ? {}
      : {
          resultsBucket: queryResultsBucketPolicy({ partition, bucketName: query.resultsBucket }),
        }),
  };
}
