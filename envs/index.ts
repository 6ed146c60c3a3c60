/**
 * Environment files: what they hold, and their loader.
 *
 * @packageDocumentation
 */
export type { Checked } from "./check";
export { GUARD_IDS, type GuardId } from "./rules/guard-ids";
export { environmentJsonSchema } from "./schema/json-schema";
export {
  EnvironmentError,
  listEnvironments,
  loadEnvironment,
  type LoadOptions,
  requireEnvironment,
} from "./load";
export type { Problem } from "./schema/problems";
export type * from "./types";
