import { createHash } from "node:crypto";
import type { DigestLogFile } from "./digest";
import { causeOf, messageOf, notVouchedFor } from "./digest-check";
import { type GzipFault, soleMember } from "../files/gunzip";
import { EACH_TIME_ANOTHER, secondLook } from "./second-look";
import { type FoundFile, isFault, type ValidationFinding } from "./validation-findings";
import type { StoredObject, ValidationSource } from "./validation-source";

/**
 * Compares a log file with the hash that a digest holds, without ever having it whole in memory:
 * AWS's hash is of the uncompressed content of one gzip member, and nothing may lie behind that.
 * Reads again before it calls a file tampered with. Never throws.
 */
export async function checkLogFile(
  logFile: NamedLogFile,
  backfill: boolean,
  source: ValidationSource,
): Promise<ValidationFinding> {
  const file = { bucket: logFile.s3Bucket, key: logFile.s3Object, backfill };
  const finding = await secondLook(
    () => look(logFile, file, source),
    (seen) => (isFault(seen) ? seen : undefined),
  );
  return finding ?? { ...file, kind: "log-not-checked", message: EACH_TIME_ANOTHER };
}

type NamedLogFile = Pick<DigestLogFile, "s3Bucket" | "s3Object" | "hashValue">;

async function look(
  { s3Bucket: bucket, s3Object: key, hashValue }: NamedLogFile,
  file: FoundFile,
  source: ValidationSource,
): Promise<ValidationFinding> {
  const notChecked = (error: unknown): ValidationFinding => ({
    ...file,
    kind: "log-not-checked",
    message: `It could not be read: ${messageOf(error)}.`,
    cause: causeOf(error),
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
  let compression: GzipFault | undefined;
  try {
    const content = soleMember(object.body);
    let next = await content.next();
    for (; !next.done; next = await content.next()) hash.update(next.value);
    compression = next.value;
  } catch (error) {
    return notChecked(error);
  }
  if (compression && compression.kind !== "behind") {
    const message = `It can't be unzipped: ${compression.detail}.`;
    return { ...file, kind: "log-unreadable", message };
  }
  const found = hash.digest("hex");
  if (found !== hashValue.toLowerCase()) {
    const message = `Its SHA-256 is ${found}, and the digest says ${hashValue}.`;
    return { ...file, kind: "log-changed", message };
  }
  if (compression) return { ...file, kind: "log-changed", message: notVouchedFor(compression) };
  return { ...file, kind: "log-valid" };
}
