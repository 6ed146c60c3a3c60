import type { LivePolicies } from "../access/live-policies";
import type { Caller } from "../access/principals";
import type { PutPolicies } from "../access/put-policies";
import { ServiceError } from "../gateway/service-error";

/** S3's calls that {@link answerBucketPolicyCall} answers. */
const CALLS = ["PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"];

export function isBucketPolicyCall(action: string): boolean {
  return CALLS.includes(action);
}

/**
 * S3's calls on bucket policies. They do not go to moto: it takes any statement whose condition it
 * cannot see fulfilled, an Allow too, for a Deny of every object call.
 *
 * @param text the body
 * @throws ServiceError NoSuchBucket, MethodNotAllowed, NoSuchBucketPolicy, MalformedPolicy
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export async function answerBucketPolicyCall(
  action: string,
  bucket: string,
  text: string,
  caller: Caller,
  policies: LivePolicies,
  putPolicies: PutPolicies,
): Promise<{ readonly status: number; readonly body: string }> {
  const home = policies.bucketHome(bucket);
  if (home === undefined)
    throw new ServiceError("NoSuchBucket", "The specified bucket does not exist", 404);
  // Another account may be allowed to call, and still is not the owner.
  if (home.accountId !== caller.accountId)
    throw new ServiceError(
      "MethodNotAllowed",
      "The specified method is not allowed against this resource.",
      405,
    );
  if (action === "GetBucketPolicy") {
    const document = policies.bucketPolicy(bucket);
    if (document === undefined)
      throw new ServiceError("NoSuchBucketPolicy", "The bucket policy does not exist", 404);
    return { status: 200, body: document };
  }
  if (action === "PutBucketPolicy") await putPolicies.checkBucketPolicy(text);
  policies.setBucketPolicy(bucket, action === "PutBucketPolicy" ? text : undefined);
  return { status: 204, body: "" };
}
