/**
 * Who asks for what: the request that policies are evaluated against.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

/** Who makes a request. */
export type Principal =
  | {
      /** An AWS service. */
      readonly kind: "service";
      /** The AWS service principal, e.g. `cloudtrail.amazonaws.com`. */
      readonly service: string;
    }
  | {
      /** Somebody who belongs to an account. */
      readonly kind: "role" | "user" | "assumed-role" | "root" | "federated";
      /** The principal's ARN; of an assumed role the ARN of the role, not of its session. */
      readonly arn: string;
      /** The principal's account, twelve digits. */
      readonly accountId: string;
      /**
       * Of an assumed role: the session's ARN,
       * `arn:aws:sts::111111111111:assumed-role/name/session`.
       *
       * @default - no statement that names a session matches
       */
      readonly sessionArn?: string;
    }
  | {
      /** Somebody without credentials. */
      readonly kind: "anonymous";
    };

/** One request. */
export interface AccessRequest {
  /** Who asks. */
  readonly principal: Principal;
  /** `service:Action`, e.g. `s3:PutObject`. */
  readonly action: string;
  /** The resource's ARN. */
  readonly resource: string;
  /**
   * Condition keys and their values; names in any case. An array is a multivalued key.
   *
   * @default - only the keys that follow from the principal
   */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}
