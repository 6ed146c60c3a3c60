import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { DigestLogFile } from "./digest";
import { messageOf } from "./digest-check";
import type { ValidationFinding } from "./validation-findings";
import type { StoredObject, ValidationSource } from "./validation-source";

/** Compares a log file with the hash that a digest holds, without ever having it whole in memory. Never throws. */
export async function checkLogFile(
  {
    s3Bucket: bucket,
    s3Object: key,
    hashValue,
  }: Pick<DigestLogFile, "s3Bucket" | "s3Object" | "hashValue">,
  backfill: boolean,
  source: ValidationSource,
): Promise<ValidationFinding> {
  const file = { bucket, key, backfill };
  const notChecked = (error: unknown): ValidationFinding => ({
    ...file,
    kind: "log-not-checked",
    message: `It could not be read: ${messageOf(error)}.`,
  });
  let object: StoredObject | undefined;
  try {
    object = await source.getObject(bucket, key);
  } catch (error) {
    return notChecked(error);
  }
  if (object === undefined) {
    const message = "A digest names it, and there is no such object: it was deleted.";
    return { ...file, kind: "log-missing", message };
  }
  const hash = createHash("sha256");
  let readError: { readonly error: unknown } | undefined;
  try {
    await pipeline(
      noting(object.body, (error) => (readError = { error })),
      createGunzip(),
      async (content: AsyncIterable<Buffer>) => {
        for await (const chunk of content) hash.update(chunk);
      },
    );
  } catch (error) {
    if (readError !== undefined) return notChecked(readError.error);
    const message = `It can't be unzipped: ${messageOf(error)}.`;
    return { ...file, kind: "log-unreadable", message };
  }
  const found = hash.digest("hex");
  if (found === hashValue.toLowerCase()) return { ...file, kind: "log-valid" };
  const message = `Its SHA-256 is ${found}, and the digest says ${hashValue}.`;
  return { ...file, kind: "log-changed", message };
}

/** The same chunks. A failure of the source is noted, so that it is told from one of unzipping. */
async function* noting(
  body: AsyncIterable<Uint8Array>,
  onError: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    onError(error);
    throw error;
  }
}
