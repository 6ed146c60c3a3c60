/**
 * The shapes that the documents for CloudTrail may have: in which words they say whose trails may
 * deliver. Every shape is fed by the same registry. They differ in what AWS documents, in what
 * they let through besides the listed trails' own files, and in how many accounts fit. Nothing
 * chooses a shape by itself: the environment file names it, and the default is AWS's own text.
 */
import type { Statement } from "../../iam/policy-document";

/** The shape that a policy has where nobody chooses one: AWS's own text. */
export const DEFAULT_SHAPE = "trail-arns";

/** Shapes of the log bucket's policy; each has its own page in bucket-shapes.ts. */
export const BUCKET_POLICY_SHAPES = [
  DEFAULT_SHAPE,
  "own-prefix",
  "account-list",
  "source-org-id",
] as const;
/** A shape of the log bucket's policy. */
export type BucketPolicyShape = (typeof BUCKET_POLICY_SHAPES)[number];

/** Shapes of the log key's policy; each has its own page in key-shapes.ts. */
export const KEY_POLICY_SHAPES = [DEFAULT_SHAPE, "account-list"] as const;
/** A shape of the log key's policy. */
export type KeyPolicyShape = (typeof KEY_POLICY_SHAPES)[number];

/** Shapes of the notification topic's policy; each has its own page in topic-shapes.ts. */
export const TOPIC_POLICY_SHAPES = [DEFAULT_SHAPE, "account-list"] as const;
/** A shape of the notification topic's policy. */
export type TopicPolicyShape = (typeof TOPIC_POLICY_SHAPES)[number];

/**
 * What a shape may let through besides the listed trails' own files, in words that follow "lets
 * through". "As far as the policy goes" stands where CloudTrail itself does not do the thing.
 */
export const LETS_THROUGH = {
  "other-folders":
    "a listed trail into another listed account's folder, as far as the policy goes (CloudTrail writes into the trail owner's folder alone)",
  "same-name-trails":
    "any trail of a listed account that has the name and home region of some listed trail",
  "organization-accounts":
    "accounts of the organization that are not listed, with a trail that has the name and home region of some listed trail",
  "acl-check-by-anyone":
    "the ACL check alone (s3:GetBucketAcl, no writing), for any account's trail that has the name and home region of some listed trail",
  "listed-contexts":
    "a listed trail under another listed account's trail ARN as encryption context, as far as the policy goes (CloudTrail names the trail that it encrypts for)",
  "any-context":
    "a listed account's trail under any trail ARN as encryption context, as far as the policy goes (CloudTrail names the trail that it encrypts for)",
} as const;
/** One thing that a shape may let through. */
export type LetsThrough = keyof typeof LETS_THROUGH;

/** A shape: its statements, and what people need to know to choose it. */
export interface Shape<Input> {
  /** Which page of AWS shows it, or what of it no page of AWS shows. One sentence. */
  readonly documentedBy: string;
  /** What it lets through besides the listed trails' own files; empty where nothing. */
  readonly letsThrough: readonly LetsThrough[];
  /** The statements that let CloudTrail in. */
  readonly statements: (input: Input) => readonly Statement[];
}
