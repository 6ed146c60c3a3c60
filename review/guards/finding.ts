import type { GuardId } from "../../envs/rules/guard-ids";
import type { Environment } from "../../envs/types";
import type { RegionCoverage } from "../coverage/coverage";
import type { Estate, Located } from "../plans/estate";
import type { PolicyDifference } from "../rights/policies";

/** What the API answered when it was asked for an account's trail. */
export type TrailShown = "shown" | "gone" | "could not ask";

/** What is known of the version that is applied. */
export interface Applied {
  /** The accounts that were `retiring` in it. */
  readonly retiring: readonly string[];
}

/** What guards look at. */
export interface Scene {
  readonly estate: Estate;
  readonly environment: Environment;
  readonly policies: readonly PolicyDifference[];
  readonly coverage: readonly RegionCoverage[];
  /** Undefined where nobody said. */
  readonly applied: Applied | undefined;
  /** By account. */
  readonly trailsShown: ReadonlyMap<string, TrailShown>;
}

/** Something that a guard stands against. */
export interface GuardFinding {
  /** The guard that found it. */
  readonly guard: GuardId;
  /** What an acknowledgement names: an account, a bucket's name, an ARN or a stack. */
  readonly subject: string;
  /** What happens, in words of ours alone: nothing of the plans stands in it. */
  readonly what: string;
  /** @default - it is about no one stack */
  readonly stack?: string;
  /** @default - it is about no one resource */
  readonly address?: string;
  /** The values that it is about, as they stand in the plan. @default - none */
  readonly before?: string;
  /**
   * As `before`, once the plan is applied.
   * @default - none
   */
  readonly after?: string;
  /**
   * Whether it is announced in the environment file in another way than by an acknowledgement: it
   * is reported and does not block.
   * @default false
   */
  readonly announced?: boolean;
}

/** Where a resource is. */
export function place({ stack, change }: Located): Pick<GuardFinding, "stack" | "address"> {
  return { stack: stack.stack, address: change.address };
}
