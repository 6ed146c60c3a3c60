import { gunzipSync } from "node:zlib";
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Digest } from "../../cloudtrail/digests/digest";
import { parseDigestFileKey, parseLogFileKey } from "../../cloudtrail/files/log-layout";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import type { AwsCredentials } from "./boto3";
import { REGION } from "./lab";

/** A file as S3 answers it, read. */
export interface DeliveredFile<T> {
  readonly key: string;
  readonly content: T;
  readonly answer: GetObjectCommandOutput;
}

/**
 * Reads what CloudTrail has put into a bucket; the AWS SDK for JavaScript, since bodies are binary.
 */
export class DeliveredFiles {
  readonly #s3: S3Client;

  constructor(
    endpoint: string,
    credentials: AwsCredentials,
    private readonly bucket: string,
  ) {
    this.#s3 = new S3Client({ endpoint, region: REGION, credentials, forcePathStyle: true });
  }

  /** In S3's order: by key. */
  async keys(): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(
      new ListObjectsV2Command({ Bucket: this.bucket }),
    );
    return Contents.map(({ Key }) => Key!);
  }

  async logs(): Promise<DeliveredFile<{ readonly Records: readonly CloudTrailRecord[] }>[]> {
    return this.#read((key) => parseLogFileKey(key) !== undefined);
  }

  async digests(): Promise<DeliveredFile<Digest>[]> {
    return this.#read((key) => parseDigestFileKey(key) !== undefined);
  }

  /** The records of all log files. */
  async records(): Promise<CloudTrailRecord[]> {
    return (await this.logs()).flatMap(({ content }) => content.Records);
  }

  destroy(): void {
    this.#s3.destroy();
  }

  async #read<T>(isOne: (key: string) => boolean): Promise<DeliveredFile<T>[]> {
    return Promise.all((await this.keys()).filter(isOne).map((key) => this.#readOne<T>(key)));
  }

  async #readOne<T>(key: string): Promise<DeliveredFile<T>> {
    const answer = await this.#s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    const bytes = await answer.Body!.transformToByteArray();
    return { key, content: JSON.parse(gunzipSync(bytes).toString()) as T, answer };
  }
}
