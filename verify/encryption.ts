import type { Encryption } from "../envs/types";
import type { VerifyFinding } from "./verdict";

/** What a trail and its files are to be encrypted with. */
export type ExpectedKey =
  | { readonly type: "sse-s3" }
  | {
      readonly type: "sse-kms";
      /** @default - not known which: only that it has to be one */
      readonly arn?: string;
    };

/**
 * The key that the environment asks for. One that the destination makes has an ARN that only AWS
 * knows: it is the one that the destination's trail uses.
 *
 * @param ofDestinationTrail the key's ARN; undefined where that trail has none or could not be read
 */
export function expectedKey(
  encryption: Encryption,
  ofDestinationTrail: string | undefined,
): ExpectedKey {
  switch (encryption.type) {
    case "sse-s3":
      return { type: "sse-s3" };
    case "sse-kms-existing":
      return { type: "sse-kms", arn: encryption.keyArn };
    case "sse-kms":
      return { type: "sse-kms", arn: ofDestinationTrail };
  }
}

/**
 * Whether something is encrypted as it should be.
 *
 * @param what the start of a sentence: `It encrypts with`
 * @param found a key's ARN; undefined for SSE-S3
 * @param about the object, where it is about one
 */
export function encryptionFindings(
  what: string,
  found: string | undefined,
  expected: ExpectedKey,
  about: { readonly key?: string } = {},
): VerifyFinding[] {
  const finding = { check: "encryption", ...about } as const;
  const text = `${what} ${found ?? "S3's own keys (SSE-S3)"}`;
  if (expected.type === "sse-s3")
    return found === undefined
      ? []
      : [{ verdict: "amiss", ...finding, text: `${text}, not S3's own keys (SSE-S3).` }];
  if (found === undefined)
    return [
      {
        verdict: "amiss",
        ...finding,
        text: `${text}, not ${expected.arn ?? "the destination's KMS key"}.`,
      },
    ];
  if (expected.arn === undefined)
    return [
      {
        verdict: "not-checked",
        ...finding,
        text: `${text}; whether that is the destination's key only the destination's trail says, and that names none.`,
      },
    ];
  return found === expected.arn
    ? []
    : [{ verdict: "amiss", ...finding, text: `${text}, not ${expected.arn}.` }];
}
