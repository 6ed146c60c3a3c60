import { parseArn } from "../../cloudtrail/arn";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { PutObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import type { AccountClients } from "../account-clients";
import type { LivePolicies } from "../access/live-policies";
import type { ObjectEncryption, ObjectPlace } from "../s3/object-encryption";
import type { DeliveredObject } from "../records/delivery-record";
import { ServiceError } from "../gateway/service-error";
import type { DeliveryTarget, ServiceAccess } from "./service-access";

/** A file on its way into a trail's bucket. */
export interface DeliveryFile {
  readonly key: string;
  /** Compressed. */
  readonly body: Buffer;
  /** @default - none */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * S3 as CloudTrail meets it: what the policies in effect let in is put into the owner's bucket with
 * `bucket-owner-full-control`, encrypted with the trail's key, or else with S3's own keys.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-kms-works-with-cloudtrail.html
 */
export class DeliveryBucket {
  /**
   * @param now milliseconds
   * @param onPut told of each file that the bucket has taken
   */
  constructor(
    private readonly clients: AccountClients,
    private readonly policies: LivePolicies,
    private readonly access: ServiceAccess,
    private readonly encryption: ObjectEncryption,
    private readonly now: () => number,
    private readonly onPut: (object: DeliveredObject) => void,
  ) {}

  /** @returns S3's error code; undefined where the file is delivered */
  async put(target: DeliveryTarget, file: DeliveryFile): Promise<string | undefined> {
    try {
      return await this.#put(target, file);
    } catch (error) {
      if (error instanceof ServiceError) return error.code;
      // What is not an answer of S3's would be S3's own failure to CloudTrail.
      return error instanceof S3ServiceException ? error.name : "InternalError";
    }
  }

  async #put(target: DeliveryTarget, file: DeliveryFile): Promise<string | undefined> {
    const { s3BucketName: Bucket, kmsKeyArn } = target;
    const { key: Key, body: Body, metadata: Metadata } = file;
    const home = this.policies.bucketHome(Bucket);
    if (home === undefined) return "NoSuchBucket";
    if (!this.access.mayPutObject(target, Key)) return "AccessDenied";
    const place = { home, bucket: Bucket, key: Key };
    const refused =
      kmsKeyArn === undefined ? undefined : await this.#keyError({ ...target, kmsKeyArn }, place);
    if (refused !== undefined) return refused;
    // Without the Content-Encoding of AWS's own files: moto would store such a body uncompressed.
    const { VersionId } = await this.clients.s3(home.accountId, home.region).send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        Metadata,
        ContentType: "application/json",
        ACL: "bucket-owner-full-control",
        ...(kmsKeyArn === undefined
          ? { ServerSideEncryption: "AES256" }
          : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn }),
      }),
    );
    if (kmsKeyArn !== undefined)
      this.encryption.written({ ...place, versionId: VersionId }, contextOf(target));
    const size = Body.length;
    this.onPut({ bucket: Bucket, home, key: Key, kmsKeyArn, size, time: this.now() });
    return undefined;
  }

  /**
   * What S3 answers where it cannot use the key for CloudTrail.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
   */
  async #keyError(
    target: DeliveryTarget & { readonly kmsKeyArn: string },
    place: ObjectPlace,
  ): Promise<string | undefined> {
    const { region, account, resource } = parseArn(target.kmsKeyArn)!;
    const described = await this.clients
      .kms(account, region)
      .send(new DescribeKeyCommand({ KeyId: resource.replace(/^key\//, "") }))
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === "NotFoundException") return undefined;
        throw error;
      });
    const state = described?.KeyMetadata?.KeyState;
    if (state === undefined) return "KMS.NotFoundException";
    if (state === "Disabled") return "KMS.DisabledException";
    if (state !== "Enabled") return "KMS.KMSInvalidStateException";
    const use = await this.encryption.ofWrite(place, {
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": target.kmsKeyArn,
    });
    const allowed = this.access.mayUseKey(
      target,
      "kms:GenerateDataKey",
      use?.encryptionContext["aws:s3:arn"],
    );
    return allowed ? undefined : "AccessDenied";
  }
}

function contextOf({ identity }: DeliveryTarget): Readonly<Record<string, string>> {
  return { "aws:cloudtrail:arn": trailArn(identity) };
}
