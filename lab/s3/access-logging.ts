import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { decide } from "../access/access";
import type { AccountClients } from "../account-clients";
import type { BucketHome, LivePolicies } from "../access/live-policies";
import { ServiceError } from "../gateway/service-error";
import { textsOf } from "../gateway/xml";
import { checkPlainXml, malformedXml } from "./plain-xml";

const SERVICE = "logging.s3.amazonaws.com";

/** Where a bucket's access logs are to go. */
interface LoggingTarget {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * S3's check of the bucket that access logs are to go to: its policy has to let the logging service
 * in.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class AccessLogging {
  constructor(
    private readonly clients: AccountClients,
    private readonly policies: LivePolicies,
  ) {}

  /**
   * Makes the check, and then the call. moto makes the same check on its own copy of the bucket's
   * policy, which it has none of (see bucket-policies.ts); so it gets one for as long as the call
   * takes.
   *
   * @param text the body of PutBucketLogging
   * @throws ServiceError InvalidTargetBucketForLogging
   */
  async put<Answer>(source: string, text: string, call: () => Promise<Answer>): Promise<Answer> {
    const target = loggingTarget(text);
    // Without a target the call turns logging off.
    if (target === undefined) return call();
    const home = this.policies.bucketHome(target.bucket);
    const from = this.policies.bucketHome(source);
    if (home === undefined || from === undefined) return call();
    const resource = `${home.arn}/${target.prefix}`;
    this.#check(resource, home, from);
    const s3 = this.clients.s3(home.accountId, home.region);
    const Bucket = target.bucket;
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: SERVICE },
          Action: "s3:PutObject",
          Resource: `${resource}*`,
        },
      ],
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    try {
      return await call();
    } finally {
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    }
  }

  #check(resource: string, target: BucketHome, source: BucketHome): void {
    const { decision } = decide(
      this.policies,
      { principal: { kind: "service", service: SERVICE } },
      {
        action: "s3:PutObject",
        resource: {
          arn: resource,
          accountId: target.accountId,
          type: "other",
          policyOf: target.arn,
        },
        context: { "aws:SourceArn": source.arn, "aws:SourceAccount": source.accountId },
      },
    );
    if (decision !== "allowed")
      throw new ServiceError(
        "InvalidTargetBucketForLogging",
        "You must either provide the necessary permissions to the logging service using a bucket policy or give the log-delivery group WRITE and READ_ACP permissions to the target bucket",
      );
  }
}

/** @throws ServiceError MalformedXML where it could be read in two ways */
function loggingTarget(text: string): LoggingTarget | undefined {
  checkPlainXml(text);
  const field = (name: string): string | undefined => {
    const found = textsOf(text, name);
    if (found.length > 1) throw malformedXml();
    return found[0];
  };
  const bucket = field("TargetBucket");
  return bucket === undefined ? undefined : { bucket, prefix: field("TargetPrefix") ?? "" };
}
