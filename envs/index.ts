/** Environment files: what they hold, and their loader. */
export { environmentJsonSchema } from "./json-schema";
export { EnvironmentError, listEnvironments, loadEnvironment, requireEnvironment } from "./load";
export type { EnvironmentInput } from "./schema";
export type * from "./types";
