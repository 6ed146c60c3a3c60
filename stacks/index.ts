/**
 * The stacks of an environment file, for an app of one's own.
 *
 * @packageDocumentation
 */
export type { AccountStack, AccountStackProps } from "./account-stack";
export { DestinationStack } from "./destination-stack";
export { addEnvironmentStacks } from "./environment-stacks";
export { MemberStack, type MemberStackProps } from "./member-stack";
export type { ReviewMode } from "./review-mode";
export type { StackProps } from "./stack-props";
export { synthesize, SynthesisError } from "./synthesize";
export { UpkeepStack, type UpkeepStackProps } from "./upkeep-stack";
