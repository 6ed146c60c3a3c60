/** A plan of Terraform's, read. */
import type { PlanValue } from "./plan-value";

/** What Terraform will do with a resource. */
export type PlanAction = "no-op" | "read" | "create" | "update" | "replace" | "destroy" | "forget";

/** One resource of a plan. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly managed: boolean;
  readonly action: PlanAction;
  /** Of a replacement: whether the new one is made before the old one goes. */
  readonly createBeforeDestroy: boolean;
  /** Why Terraform does it, in its own words such as `replace_because_cannot_update`. */
  readonly actionReason?: string;
  /** Where the resource stood before it was moved in the configuration. */
  readonly previousAddress?: string;
  /** The ID by which it is imported; empty where that is not known yet. */
  readonly importedId?: string;
  /** Undefined where there is nothing before. */
  readonly before?: PlanValue;
  /** Undefined where nothing is left. */
  readonly after?: PlanValue;
}

/** An output of a stack that changes. Its values are reported nowhere. */
export interface OutputChange {
  /** The name in the stack. */
  readonly name: string;
  /** What happens to it. */
  readonly action: "create" | "update" | "destroy";
}

/** A provider as the configuration has it. */
export interface ProviderConfiguration {
  /** `aws.member` */
  readonly key: string;
  /** `aws` */
  readonly name: string;
  /** Undefined where it is not given; `expression` where only Terraform knows it. */
  readonly allowedAccountIds?: readonly string[] | "expression";
  /** ARNs of the roles that it assumes; `expression` as above. */
  readonly roleArns: readonly string[] | "expression";
  /**
   * Whether the configuration says anything of it, or a resource has it. Terraform lists the
   * provider without an alias in any case.
   */
  readonly inUse: boolean;
}

/** A plan, read. */
export interface Plan {
  readonly changes: readonly ResourceChange[];
  /** What was changed outside of Terraform since the last apply. */
  readonly drift: readonly ResourceChange[];
  /** By name. */
  readonly outputs: readonly OutputChange[];
  readonly providers: readonly ProviderConfiguration[];
  /** Whether Terraform met an error while planning: such a plan says not all. */
  readonly errored: boolean;
  /** Whether Terraform put parts off to a later plan. */
  readonly complete: boolean;
  /**
   * The managed resources in the state before the plan, as AWS has them; undefined where the plan
   * has none.
   */
  readonly prior?: readonly HeldResource[];
}

/** A resource that Terraform holds in a state, and so compares with what AWS has. */
export interface HeldResource {
  readonly type: string;
  /** What names it or says what it is a part of: `arn`, `bucket` and other texts. */
  readonly texts: Readonly<Record<string, string>>;
}
