/**
 * IAM's policy language as types.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */

/** One value or several. */
export type OneOrMany<T> = T | readonly T[];

/** Who a statement of a resource policy speaks of. */
export type PrincipalElement =
  | "*"
  | {
      /**
       * Accounts, users, roles and sessions: ARNs or account IDs; `*` for everyone.
       * @default - none
       */
      readonly AWS?: OneOrMany<string>;
      /**
       * AWS services: `cloudtrail.amazonaws.com`.
       * @default - none
       */
      readonly Service?: OneOrMany<string>;
      /**
       * Identity providers.
       * @default - none
       */
      readonly Federated?: OneOrMany<string>;
      /**
       * Accounts by S3's canonical user IDs.
       * @default - none
       */
      readonly CanonicalUser?: OneOrMany<string>;
    };

/** Operator → condition key → allowed values. */
export type ConditionElement = Readonly<
  Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>
>;

/** One statement. */
export interface Statement {
  /**
   * Its name.
   * @default - none
   */
  readonly Sid?: string;
  /** What it does to the requests that it speaks of. */
  readonly Effect: "Allow" | "Deny";
  /**
   * Whom it speaks of; not in identity policies.
   * @default - see `NotPrincipal`
   */
  readonly Principal?: PrincipalElement;
  /**
   * It speaks of everybody else.
   * @default - see `Principal`
   */
  readonly NotPrincipal?: PrincipalElement;
  /**
   * `s3:GetObject`; `*` and `?` stand for any characters.
   * @default - see `NotAction`
   */
  readonly Action?: OneOrMany<string>;
  /**
   * It speaks of every other action.
   * @default - see `Action`
   */
  readonly NotAction?: OneOrMany<string>;
  /**
   * ARNs; `*` and `?` stand for any characters.
   * @default - see `NotResource`; in a trust policy the role
   */
  readonly Resource?: OneOrMany<string>;
  /**
   * It speaks of every other resource.
   * @default - see `Resource`
   */
  readonly NotResource?: OneOrMany<string>;
  /**
   * What has to hold besides.
   * @default - nothing
   */
  readonly Condition?: ConditionElement;
}

/** A policy document. */
export interface PolicyDocument {
  /** The version of the language; only the newer one has policy variables. */
  readonly Version: "2012-10-17" | "2008-10-17";
  /**
   * Its name, without meaning.
   * @default - none
   */
  readonly Id?: string;
  /** The statements, in any order. */
  readonly Statement: readonly Statement[];
}

/** The document as it is sent to AWS: no white space. */
export function minify(document: PolicyDocument): string {
  return JSON.stringify(document);
}

/** Bytes of the minified document in UTF-8: what is counted against AWS's size limits. */
export function sizeInBytes(document: PolicyDocument): number {
  return Buffer.byteLength(minify(document), "utf8");
}
