import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { bucketNameProblem } from "../cloudtrail/names";
import { minify, type PolicyDocument } from "../iam/policy-document";
import { type ObjectLock, objectLockProblems } from "../policies/hardening/object-lock";
import { checkProps, type ModuleOptions, protectedUnless } from "./module-options";
import { verbatim } from "./terraform-text";

/**
 * How S3 encrypts what is written without saying how. CloudTrail itself says it with each file.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
export interface BucketEncryption {
  /**
   * The KMS key, by its ARN, in the bucket's region.
   * @default - SSE-S3
   */
  readonly kmsKeyArn?: string;
  /**
   * Whether to use an S3 Bucket Key: fewer calls to KMS, but CloudTrail then needs `kms:Decrypt`.
   * @default false
   */
  readonly bucketKey?: boolean;
}

/**
 * Props of {@link ClosedBucket}.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export interface ClosedBucketProps extends ModuleOptions {
  /** The bucket's name. */
  readonly bucketName: string;
  /** The bucket's policy. */
  readonly policy: PolicyDocument;
  /**
   * The bucket's default encryption.
   * @default - SSE-S3
   */
  readonly encryption?: BucketEncryption;
  /**
   * How long each version is kept at least. Once a bucket has Object Lock, S3 never turns it off.
   * @default - no Object Lock
   */
  readonly objectLock?: ObjectLock;
}

/**
 * A bucket that is versioned, closed to the public and owned by its account alone (no ACLs): what
 * the log bucket and the access log bucket have in common.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
 */
export class ClosedBucket extends Construct {
  /** The bucket itself. */
  readonly bucket: S3Bucket;
  /** The policy as a resource: the last of the bucket's parts, so waiting for it waits for all. */
  readonly bucketPolicy: S3BucketPolicy;

  /** @throws Error where the name is not one that S3 takes */
  constructor(scope: Construct, id: string, props: ClosedBucketProps) {
    super(scope, id);
    const { provider, bucketName, encryption = {}, objectLock, throwaway } = props;
    this.node.addValidation({ validate: () => objectLockProblems(objectLock, throwaway) });
    checkProps(this, [
      { prop: "bucketName", value: bucketName, problem: bucketNameProblem(bucketName) },
    ]);
    this.bucket = new S3Bucket(
      this,
      "bucket",
      verbatim({
        provider,
        bucket: bucketName,
        forceDestroy: throwaway ?? false,
        lifecycle: protectedUnless(throwaway),
      }),
    );
    if (objectLock) {
      // From the start for a new bucket. The provider would replace a bucket that gets it later,
      // though S3 takes the configuration below for one that exists.
      this.bucket.objectLockEnabled = true;
      this.bucket.lifecycle = {
        ...this.bucket.lifecycle,
        ignoreChanges: ["object_lock_enabled"],
      };
    }
    // One after the other: S3 answers 409 OperationAborted to changes of one bucket that overlap.
    const common = { provider, bucket: this.bucket.id };
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, "public-access-block", {
      ...common,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      ...common,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      dependsOn: [publicAccessBlock],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      ...common,
      versioningConfiguration: { status: "Enabled" },
      dependsOn: [ownership],
    });
    const encrypted = new S3BucketServerSideEncryptionConfigurationA(
      this,
      "encryption",
      verbatim({
        ...common,
        rule: [
          {
            applyServerSideEncryptionByDefault: encryption.kmsKeyArn
              ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: encryption.kmsKeyArn }
              : { sseAlgorithm: "AES256" },
            bucketKeyEnabled: encryption.bucketKey ?? false,
          },
        ],
        dependsOn: [versioning],
      }),
    );
    const locked = objectLock
      ? new S3BucketObjectLockConfigurationA(this, "object-lock", {
          ...common,
          rule: { defaultRetention: objectLock },
          dependsOn: [encrypted],
        })
      : undefined;
    this.bucketPolicy = new S3BucketPolicy(
      this,
      "policy",
      verbatim({
        ...common,
        policy: minify(props.policy),
        dependsOn: [locked ?? encrypted],
      }),
    );
  }
}
