import { createHash, type KeyObject, verify } from "node:crypto";
import { DIGEST_METADATA, parseDigest, type ReadDigest, stringToSign } from "./digest";
import { type GzipFault, soleMember } from "../files/gunzip";
import { parseDigestFileKey } from "../files/log-layout";
import type { PublicKeys } from "./public-keys";
import type { Fault, FaultKind } from "./validation-findings";
import type { Location, StoredObject, ValidationSource } from "./validation-source";

/** A digest file as it was read, or why it was not. */
export type FetchedDigest =
  | {
      /** Uncompressed, up to where its compression is broken. */
      readonly content: Buffer;
      /** @default - its compression is sound, and nothing lies behind it */
      readonly compression?: GzipFault;
      readonly metadata: StoredObject["metadata"];
    }
  | "not found"
  | { readonly error: unknown };

/** Far more than a digest of an hour needs; what unzips to more is not a digest. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Reads a digest file whole. Never throws. */
export async function fetchDigest(
  { bucket, key }: Location,
  source: ValidationSource,
): Promise<FetchedDigest> {
  try {
    const object = await source.getObject(bucket, key);
    if (object === undefined) return "not found";
    return { ...(await unzipped(object.body)), metadata: object.metadata };
  } catch (error) {
    return { error };
  }
}

async function unzipped(
  body: StoredObject["body"],
): Promise<{ readonly content: Buffer; readonly compression?: GzipFault }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const unzipping = soleMember(body);
  for (;;) {
    const next = await unzipping.next();
    if (next.done) return { content: Buffer.concat(chunks), compression: next.value };
    chunks.push(next.value);
    bytes += next.value.length;
    if (bytes <= MOST_BYTES) continue;
    await unzipping.return(undefined);
    const detail = `it unzips to more than ${MOST_BYTES} bytes`;
    return { content: Buffer.alloc(0), compression: { kind: "damaged", detail } };
  }
}

/** What the next digest, itself proven, says about a digest. */
export interface Vouched {
  /** Hexadecimal SHA-256 of the uncompressed content. */
  readonly hashValue: string;
  /** Hexadecimal. */
  readonly signature: string;
}

/** A digest with what is wrong about it. */
export interface CheckedDigest {
  /**
   * The content, where it is proven to be what CloudTrail wrote: its links and hashes hold then.
   * @default - nothing proves it
   */
  readonly proven?: ReadDigest;
  /**
   * The first fault, in the order in which the AWS CLI looks.
   * @default - there is none
   */
  readonly fault?: Pick<Fault, "kind" | "message" | "cause">;
}

/**
 * Checks one digest. Two things can prove its content: the signature in its own metadata, which the
 * AWS CLI takes, and the next digest, which holds its hash and signature, and which AWS's page
 * takes. Where both are there, they must agree.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 */
export async function checkDigest(
  location: Location,
  fetched: FetchedDigest,
  vouched: Vouched | undefined,
  publicKeys: PublicKeys,
): Promise<CheckedDigest> {
  if (fetched === "not found") {
    const message =
      vouched === undefined
        ? "It was listed, and was gone when it was to be read."
        : "The next digest names it, and there is no such object: it was deleted.";
    return fault("digest-missing", message);
  }
  if ("error" in fetched) return notChecked("It could not be read", fetched.error);

  const { content, compression, metadata } = fetched;
  if (compression && compression.kind !== "behind")
    return fault("digest-unreadable", `It can't be unzipped: ${compression.detail}.`);
  const hashValue = createHash("sha256").update(content).digest("hex");
  const parsed = parseDigest(content.toString());
  if ("problems" in parsed)
    return fault("digest-unreadable", `It is not a digest: ${parsed.problems.join("; ")}.`);
  const { digest } = parsed;
  const { digestS3Bucket, digestS3Object, digestPublicKeyFingerprint } = digest;
  const unchanged = vouched !== undefined && sameHex(hashValue, vouched.hashValue);
  const byNext = unchanged ? { proven: digest } : {};

  const generatedAt = metadata[DIGEST_METADATA.backfillGeneratedAt];
  if (generatedAt === undefined && parseDigestFileKey(location.key)?.backfill)
    return {
      ...byNext,
      ...fault(
        "digest-unreadable",
        `It is a backfill digest without ${DIGEST_METADATA.backfillGeneratedAt} in its metadata.`,
      ),
    };
  if (digestS3Bucket !== location.bucket || digestS3Object !== location.key)
    return fault(
      "digest-moved",
      `CloudTrail wrote it to s3://${digestS3Bucket}/${digestS3Object}, and it was moved or copied here.`,
    );
  if (vouched !== undefined && !unchanged)
    return fault(
      "digest-changed",
      `Its SHA-256 is ${hashValue}, and the next digest says ${vouched.hashValue}.`,
    );

  const publicKey = await publicKeys.find(digestPublicKeyFingerprint, generatedAt);
  if (publicKey === undefined)
    return {
      ...byNext,
      ...fault(
        "public-key-missing",
        `It is signed with the key of fingerprint ${digestPublicKeyFingerprint}, which CloudTrail does not list for ${publicKeys.region}.`,
      ),
    };
  if ("error" in publicKey)
    return {
      ...byNext,
      ...notChecked("Its public key could not be had", publicKey.error),
    };
  const signature = metadata[DIGEST_METADATA.signature];
  const problem = signatureProblem(signature, stringToSign(digest, hashValue), publicKey.key);
  if (problem !== undefined)
    return {
      ...byNext,
      ...fault("digest-signature-invalid", signatureMessage(problem, unchanged)),
    };
  if (vouched !== undefined && !sameHex(signature!, vouched.signature))
    return {
      ...byNext,
      ...fault(
        "digest-signature-invalid",
        "The signature in its metadata is another than the one that the next digest names.",
      ),
    };
  return {
    proven: digest,
    ...(compression ? fault("digest-changed", notVouchedFor(compression)) : {}),
  };
}

/** Of a file whose content is as it was written. */
export function notVouchedFor({ detail }: GzipFault): string {
  return `Its content is as CloudTrail wrote it, but ${detail}. Nothing vouches for that, and some programs read it.`;
}

function fault(kind: FaultKind, message: string): Required<Pick<CheckedDigest, "fault">> {
  return { fault: { kind, message } };
}

function notChecked(what: string, error: unknown): Required<Pick<CheckedDigest, "fault">> {
  const message = `${what}: ${messageOf(error)}.`;
  return { fault: { kind: "digest-not-checked", message, cause: causeOf(error) } };
}

function signatureProblem(
  signature: string | undefined,
  signed: string,
  key: KeyObject,
): string | undefined {
  if (signature === undefined) return "There is no signature in its metadata";
  if (!/^([0-9a-f]{2})+$/i.test(signature))
    return "The signature in its metadata is not hexadecimal";
  return verify("RSA-SHA256", Buffer.from(signed), key, Buffer.from(signature, "hex"))
    ? undefined
    : "The signature in its metadata is not that of this content";
}

function signatureMessage(problem: string, unchanged: boolean): string {
  return unchanged
    ? `${problem}. The content is what the next digest vouches for, so only the metadata was touched.`
    : `${problem}.`;
}

function sameHex(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The name of what was thrown. */
export function causeOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
