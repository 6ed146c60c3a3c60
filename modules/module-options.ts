import { Token, type TerraformProvider, type TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";

/** Options that every module takes. */
export interface ModuleOptions {
  /**
   * The AWS provider of the account and region that the module's resources belong to.
   * @default - the stack's provider without an alias
   */
  readonly provider?: TerraformProvider;
  /**
   * Opt-out for environments that are thrown away: nothing is protected from destruction, and a
   * bucket is destroyed with all log files in it. Set it from the first apply on: Terraform reads
   * `force_destroy` from the state.
   * @default false - Terraform refuses to destroy bucket, key and trails (`prevent_destroy`)
   */
  readonly throwaway?: boolean;
}

/** The lifecycle of a resource whose loss would lose logs. */
export function protectedUnless(throwaway: boolean | undefined): TerraformResourceLifecycle {
  return throwaway ? {} : { preventDestroy: true };
}

/** One value of a module's props and the rule that it has to keep. */
export interface PropCheck {
  /** The prop's name. */
  readonly prop: string;
  /**
   * The value given. Tokens pass: Terraform knows them, synthesis does not.
   * @default - the problem says all
   */
  readonly value?: string | number;
  /**
   * What is wrong with the value, as the end of a sentence that starts with it; undefined where
   * nothing is.
   * @default - nothing is wrong
   */
  readonly problem?: string;
}

/**
 * Refuses bad props, all at once.
 *
 * @throws Error that names the construct, each prop, what was found and what is allowed
 */
export function checkProps(construct: Construct, checks: readonly PropCheck[]): void {
  const failed = checks.filter(
    ({ value, problem }) => problem !== undefined && !Token.isUnresolved(value),
  );
  if (failed.length === 0) return;
  throw new Error(
    failed
      .map(({ prop, value, problem }) =>
        [`${construct.node.path}: ${prop}`, JSON.stringify(value), `${problem}.`]
          .filter((part) => part !== undefined)
          .join(" "),
      )
      .join("\n"),
  );
}
