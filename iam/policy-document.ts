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
      readonly AWS?: OneOrMany<string>;
      readonly Service?: OneOrMany<string>;
      readonly Federated?: OneOrMany<string>;
      readonly CanonicalUser?: OneOrMany<string>;
    };

/** Operator → condition key → allowed values. */
export type ConditionElement = Readonly<
  Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>
>;

/** One statement. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: ConditionElement;
}

/** A policy document. */
export interface PolicyDocument {
  readonly Version: "2012-10-17" | "2008-10-17";
  readonly Id?: string;
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
