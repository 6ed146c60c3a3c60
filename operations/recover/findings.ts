import { oneLine } from "../../review/writing/markdown-text";
import type { LockVerdict } from "./lock";
import type { PlannedChange, TrialPlan } from "./trial";

/** Something that AWS has and no state. */
export interface Import {
  readonly address: string;
  /** For people. */
  readonly words: string;
  readonly id: string;
  /** What it has that people should see before it is taken up: a sentence each. */
  readonly settings: readonly string[];
  /** @default - could not be planned */
  readonly change?: PlannedChange;
}

/** Something that the next deploy would replace although it need not. */
export interface Untaint {
  readonly address: string;
  readonly change: PlannedChange;
}

/** What was found of one stack, and what is to be done about it. */
export interface StackFindings {
  readonly stack: string;
  /** @default - nothing locks the state */
  readonly lock?: LockVerdict;
  /**
   * A kept state that is to be written over the state.
   * @default - none
   */
  readonly push?: { readonly file: string; readonly serial: number };
  readonly imports: readonly Import[];
  readonly untaints: readonly Untaint[];
  /** Worth knowing; nothing is left to do about it. */
  readonly notes: readonly string[];
  /** What this command does not do, with the way on: a sentence each. */
  readonly left: readonly string[];
}

/** Whether there is anything to do about it. */
export function hasWork({ lock, push, imports, untaints }: StackFindings): boolean {
  return (
    (lock !== undefined && lock.kind !== "alive") ||
    push !== undefined ||
    imports.length > 0 ||
    untaints.length > 0
  );
}

/** What Terraform says of something that is not there. */
const NOT_THERE = /Cannot import non-existent remote object/;

/** Whether an import failed because there is nothing to import. */
export function isNotThere(error: string): boolean {
  return NOT_THERE.test(error.replaceAll(/\s+/g, " "));
}

/**
 * Of something tainted: whether it may be untainted, by what the next deploy would then do to it.
 */
export function taintDecision(
  address: string,
  { changes, error }: TrialPlan,
): { readonly untaint: Untaint } | { readonly left: string } {
  if (error !== undefined) {
    return {
      left: `${address} is marked as tainted, and what AWS has of it could not be compared: ${oneLine(error, 500)}`,
    };
  }
  const change = changes.get(address);
  if (change === undefined) {
    return { left: `${address} is marked as tainted, and the configuration no longer has it.` };
  }
  if (change.kind === "replace") {
    return {
      left: `${address} is marked as tainted, and is not as the configuration wants it: ${change.attributes.join(", ") || "it is gone"}. The next deploy replaces it.`,
    };
  }
  return { untaint: { address, change } };
}

/** Of something imported: why it must not be, if the next deploy would then replace it. */
export function importProblem(
  words: string,
  change: PlannedChange | undefined,
): string | undefined {
  return change?.kind === "replace"
    ? `The ${words} stands in AWS and is not imported: the next deploy would replace it, for its ${change.attributes.join(", ")}. See what made it, and take it away or choose another name.`
    : undefined;
}
