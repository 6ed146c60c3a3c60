/**
 * Where validation reads from. What it can't do it throws: that is reported, and never taken for
 * "not there".
 */
export interface ValidationSource {
  /** The keys that begin with the prefix and come after `startAfter`, in S3's order. */
  listKeys(bucket: string, prefix: string, startAfter: string): AsyncIterable<string>;
  /** An object; undefined where S3 answers that there is no such key. */
  getObject(bucket: string, key: string): Promise<StoredObject | undefined>;
  /**
   * ListPublicKeys in that region.
   *
   * @param from ISO 8601 in UTC, as is `to`
   */
  publicKeys(region: string, from: string, to: string): Promise<readonly PublicKey[]>;
}

/** An object in S3. */
export interface StoredObject {
  /** The content, in pieces of any size. */
  readonly body: AsyncIterable<Uint8Array>;
  /** User metadata, without `x-amz-meta-`, its names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A key by which CloudTrail's signatures are checked. */
export interface PublicKey {
  /** Hexadecimal, as digests name it. */
  readonly fingerprint: string;
  /** DER, PKCS#1. */
  readonly value: Uint8Array;
}

/** Where an object lies. */
export interface Location {
  /** The bucket. */
  readonly bucket: string;
  /** The object's key. */
  readonly key: string;
}
