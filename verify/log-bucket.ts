import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { StoredObject } from "../cloudtrail/digests/validation-source";

/** The log bucket, read with the destination's role. Every method throws where S3 refuses. */
export class LogBucketReader {
  constructor(
    private readonly s3: S3Client,
    readonly name: string,
  ) {}

  /** The names of the folders right below a folder, in S3's order. */
  async folders(folder: string): Promise<string[]> {
    const names: string[] = [];
    const request = { Bucket: this.name, Prefix: folder, Delimiter: "/" };
    for await (const { CommonPrefixes = [] } of this.#pages(request))
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
    for await (const { Contents = [] } of this.#pages(request))
      for (const { Key } of Contents) if (Key !== undefined) yield Key;
  }

  /** The KMS key that an object is encrypted with; undefined for SSE-S3. */
  async kmsKeyOf(key: string): Promise<string | undefined> {
    const head = await this.s3
      .send(new HeadObjectCommand({ Bucket: this.name, Key: key }))
      .catch(inWords);
    return head.SSEKMSKeyId;
  }

  /** @returns undefined where there is no such object */
  async get(bucket: string, key: string): Promise<StoredObject | undefined> {
    try {
      const { Body, Metadata = {} } = await this.s3
        .send(new GetObjectCommand({ Bucket: bucket, Key: key }))
        .catch(inWords);
      return { body: Body as unknown as AsyncIterable<Uint8Array>, metadata: Metadata };
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === "NoSuchKey") return undefined;
      throw error;
    }
  }

  /**
   * The SDK takes any XML for a page, also a portal's, and ends where a page that has a next one
   * names none.
   */
  async *#pages(
    request: Omit<ListObjectsV2CommandInput, "ContinuationToken">,
  ): AsyncGenerator<ListObjectsV2CommandOutput, void> {
    let token: string | undefined;
    do {
      const page = await this.s3
        .send(new ListObjectsV2Command({ ...request, ContinuationToken: token }))
        .catch((error: unknown) => {
          throw statusOfUnreadable(error) === 200 ? new NoListing("it is not XML") : error;
        })
        .catch(inWords);
      const { IsTruncated: more, NextContinuationToken: next } = page;
      if (more === undefined) throw new NoListing("it does not say whether there is more");
      if (more && (next === undefined || next === token))
        throw new NoListing("it has a next page, and does not say which");
      yield page;
      token = more ? next : undefined;
    } while (token !== undefined);
  }
}

/** A listing was asked for, and the answer is none. */
export class NoListing extends Error {
  override readonly name = "NoListing";
}

/** What was answered is neither what was asked for nor an error of S3's: a proxy's page, say. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/**
 * @throws the error, or {@link NoAnswer} in its place: the SDK's words are about its own insides
 */
function inWords(error: unknown): never {
  const status = statusOfUnreadable(error);
  if (status === undefined) throw error;
  throw new NoAnswer(`an answer of HTTP status ${status} that is none of S3's`, { cause: error });
}

/** The answer's status, where the SDK could not read what was answered. */
function statusOfUnreadable(error: unknown): number | undefined {
  // The errors that AWS answers with have their own class, those of STS too.
  if (!(error instanceof Error) || "$fault" in error) return undefined;
  return (error as Partial<S3ServiceException>).$metadata?.httpStatusCode;
}
