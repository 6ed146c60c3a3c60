import type { LivePolicies } from "../access/live-policies";
import { headerOf } from "../gateway/http-request";
import { ServiceError } from "../gateway/service-error";
import type { UserCall } from "../gateway/user-call";
import { copySource } from "./s3-address";

/**
 * Whoever says whose bucket it must be is refused at another account's.
 *
 * @throws ServiceError AccessDenied
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
export function checkExpectedOwners({ request, http }: UserCall, policies: LivePolicies): void {
  const check = (bucket: string, header: string): void => {
    const expected = headerOf(http, header);
    const home = policies.bucketHome(bucket);
    if (expected === undefined || home === undefined || home.accountId === expected) return;
    throw new ServiceError("AccessDenied", "Access Denied", 403);
  };
  check(String(request.parameters["bucketName"]), "x-amz-expected-bucket-owner");
  const source = copySource(http);
  if (source !== undefined) check(source.bucket, "x-amz-source-expected-bucket-owner");
}
