import { GetBucketEncryptionCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { isObject } from "../../iam/json";
import { lookAtJson } from "../../iam/json-limits";
import type { AccountClients } from "../account-clients";
import type { BucketHome } from "../access/live-policies";
import { ServiceError } from "../gateway/service-error";

/** An S3 object, or a place for one. */
export interface ObjectPlace {
  readonly home: BucketHome;
  readonly bucket: string;
  readonly key: string;
  /** @default - the newest one */
  readonly versionId?: string;
}

/** How S3 uses KMS for one object. */
export interface KmsUse {
  /**
   * As the object or the bucket calls it; undefined for AWS's own key of S3 in the bucket's
   * account.
   */
  readonly keyId: string | undefined;
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/** Which key objects are encrypted with; moto knows that, and nothing of encryption contexts. */
export class ObjectEncryption {
  readonly #contexts = new Map<string, Readonly<Record<string, string>>>();

  constructor(private readonly clients: AccountClients) {}

  /**
   * Takes note of the encryption context that a new object was written with, beside `aws:s3:arn`,
   * which S3 adds.
   *
   * @param place with the new object's version, where it has one
   */
  written(place: ObjectPlace, context: Readonly<Record<string, string>>): void {
    this.#contexts.set(versionArn(place), context);
  }

  /** Undefined where the object does not use KMS, or is not there. */
  async ofObject(place: ObjectPlace): Promise<KmsUse | undefined> {
    const { home, bucket: Bucket, key: Key, versionId: VersionId } = place;
    const head = await this.clients
      .s3(home.accountId, home.region)
      .send(new HeadObjectCommand({ Bucket, Key, VersionId }))
      .catch(unlessMissing);
    if (!head?.ServerSideEncryption?.startsWith("aws:kms")) return undefined;
    const given = this.#contexts.get(versionArn({ ...place, versionId: head.VersionId }));
    return {
      keyId: head.SSEKMSKeyId,
      encryptionContext: { "aws:s3:arn": s3Arn(place, head.BucketKeyEnabled), ...given },
    };
  }

  /**
   * What writing an object takes: as the request says, or else the bucket's default. Undefined
   * without KMS.
   *
   * @param headers of the request
   */
  async ofWrite(
    place: ObjectPlace,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): Promise<KmsUse | undefined> {
    const { home, bucket: Bucket } = place;
    const answer = await this.clients
      .s3(home.accountId, home.region)
      .send(new GetBucketEncryptionCommand({ Bucket }))
      .catch(unlessMissing);
    const rule = answer?.ServerSideEncryptionConfiguration?.Rules?.[0];
    const byDefault = rule?.ApplyServerSideEncryptionByDefault;
    const header = (name: string) => headers[`${SSE}${name}`]?.toString();
    if (!(header("") ?? byDefault?.SSEAlgorithm)?.startsWith("aws:kms")) return undefined;
    const bucketKey = header("-bucket-key-enabled") ?? String(rule?.BucketKeyEnabled);
    return {
      keyId: header("-aws-kms-key-id") ?? byDefault?.KMSMasterKeyID,
      encryptionContext: {
        "aws:s3:arn": s3Arn(place, bucketKey.toLowerCase() === "true"),
        ...contextHeader(headers),
      },
    };
  }
}

const SSE = "x-amz-server-side-encryption";

/**
 * The encryption context that the writer of an object gives: Base64 of JSON.
 *
 * @throws ServiceError InvalidArgument where it is anything else
 */
export function contextHeader(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const text = headers[`${SSE}-context`]?.toString();
  if (text === undefined) return {};
  const json = Buffer.from(text, "base64").toString();
  try {
    const value: unknown = lookAtJson(json, 1).tooDeep ? undefined : JSON.parse(json);
    if (isObject(value) && Object.values(value).every((one) => typeof one === "string"))
      return value as Record<string, string>;
  } catch {
    // Said below.
  }
  throw new ServiceError(
    "InvalidArgument",
    `The header '${SSE}-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map`,
  );
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context */
function s3Arn({ home, key }: ObjectPlace, bucketKey: boolean | undefined): string {
  return bucketKey ? home.arn : `${home.arn}/${key}`;
}

function versionArn({ home, key, versionId = "null" }: ObjectPlace): string {
  return `${home.arn}/${key}?versionId=${versionId}`;
}

/** moto's own answer tells the caller what is not there. */
function unlessMissing(error: unknown): undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 500;
  // A delete marker is 405.
  if (status >= 500 || status === 403) throw error;
}
