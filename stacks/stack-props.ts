import type { Environment } from "../envs/types";
import type { ReviewMode } from "./review-mode";

/** Props of every stack. */
export interface StackProps {
  /** The environment that the stack belongs to. */
  readonly environment: Environment;
  /** Absolute path of the folder that local state files lie in. */
  readonly stateDirectory: string;
  /**
   * Which roles providers and backend assume: those that deploy, or those that only read, where the
   * environment has some. A saved plan is applied with the roles that it was made with.
   * @default "deploy"
   */
  readonly roles?: "deploy" | "plan";
  /**
   * For a plan that is only read.
   * @default - every stack can be applied
   */
  readonly review?: ReviewMode;
}
