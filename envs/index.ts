/**
 * Environment files: what they hold, and their loader.
 *
 * @packageDocumentation
 */
export type { Checked } from "./check";
export { GUARD_IDS, type GuardId } from "./guard-ids";
export { environmentJsonSchema } from "./json-schema";
export {
  EnvironmentError,
  listEnvironments,
  loadEnvironment,
  type LoadOptions,
  requireEnvironment,
} from "./load";
export type { Problem } from "./problems";
export type * from "./types";
