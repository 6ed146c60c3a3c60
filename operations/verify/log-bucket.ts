import {
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { StoredObject } from "../../cloudtrail/validation-source";

/** The log bucket, read with the destination's role. Every method throws where S3 refuses. */
export class LogBucket {
  constructor(
    private readonly s3: S3Client,
    readonly name: string,
  ) {}

  /** The names of the folders right below a folder, in S3's order. */
  async folders(folder: string): Promise<string[]> {
    const names: string[] = [];
    const request = { Bucket: this.name, Prefix: folder, Delimiter: "/" };
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: this.s3 }, request))
      for (const { Prefix = "" } of CommonPrefixes) names.push(Prefix.slice(folder.length, -1));
    return names;
  }

  /**
   * Keys in S3's order.
   *
   * @param startAfter only those after it
   */
  async *keys(bucket: string, prefix: string, startAfter?: string): AsyncGenerator<string, void> {
    const request = { Bucket: bucket, Prefix: prefix, StartAfter: startAfter };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, request))
      for (const { Key } of Contents) if (Key !== undefined) yield Key;
  }

  /** The KMS key that an object is encrypted with; undefined for SSE-S3. */
  async kmsKeyOf(key: string): Promise<string | undefined> {
    const head = await this.s3.send(new HeadObjectCommand({ Bucket: this.name, Key: key }));
    return head.SSEKMSKeyId;
  }

  /** @returns undefined where there is no such object */
  async get(bucket: string, key: string): Promise<StoredObject | undefined> {
    try {
      const { Body, Metadata = {} } = await this.s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key }),
      );
      return { body: Body as unknown as AsyncIterable<Uint8Array>, metadata: Metadata };
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === "NoSuchKey") return undefined;
      throw error;
    }
  }
}
