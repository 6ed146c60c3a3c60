import { missingIn, parseState, type StateFile } from "./state-file";

/** A file that Terraform left because it could not write the state. */
export interface KeptState {
  readonly file: string;
  readonly text: string;
}

/** What is to be done with the files that were kept of a stack. */
export interface KeptStateDecision {
  /** @default - none is newer than the state */
  readonly push?: KeptState & { readonly state: StateFile };
  /** Why each of the others stays where it is: a sentence each. */
  readonly notes: readonly string[];
  /** Whether a file holds what the state does not, and cannot be pushed. */
  readonly isStuck: boolean;
}

/**
 * Which kept state is to be pushed: the newest whose lineage is the state's, and whose serial is
 * higher. Where there is no state yet, every lineage fits, as long as there is one only.
 */
export function decideKeptStates(
  current: StateFile | undefined,
  kept: readonly KeptState[],
): KeptStateDecision {
  const notes: string[] = [];
  let isStuck = false;
  const fitting: (KeptState & { readonly state: StateFile })[] = [];
  for (const one of kept) {
    try {
      fitting.push({ ...one, state: parseState(one.text) });
    } catch (error) {
      isStuck = true;
      notes.push(`${one.file} is not pushed: ${(error as Error).message}.`);
    }
  }
  const lineages = new Set(fitting.map(({ state }) => state.lineage));
  if (current === undefined && lineages.size > 1) {
    return {
      isStuck: true,
      notes: [
        ...notes,
        `There is no state, and kept files of ${lineages.size} lineages: ${fitting.map(({ file }) => file).join(", ")}. Keep the one that is meant in this folder, and run this again.`,
      ],
    };
  }
  const lineage = current?.lineage ?? fitting[0]?.state.lineage;
  const candidates = fitting.filter(({ file, state }) => {
    if (state.lineage !== lineage) {
      isStuck = true;
      notes.push(
        `${file} is not pushed: its lineage is ${state.lineage}, the state's is ${lineage}. It is the state of another deployment, or the state was made anew since.`,
      );
      return false;
    }
    if (current !== undefined && state.serial <= current.serial) {
      const missing = missingIn(current, state);
      if (missing.length > 0) isStuck = true;
      notes.push(
        `${file} is not pushed: its serial is ${state.serial}, the state's is ${current.serial}. ${
          missing.length === 0
            ? "The state has all that it has, so it can be deleted."
            : `It holds what the state does not: ${missing.join(", ")}. What is not imported here is to be looked after by hand.`
        }`,
      );
      return false;
    }
    return true;
  });
  const [push, ...older] = [...candidates].sort((a, b) => b.state.serial - a.state.serial);
  notes.push(
    ...older.map(
      ({ file }) => `${file} is not pushed: ${push!.file} is newer. It can be deleted afterwards.`,
    ),
  );
  return { ...(push ? { push } : {}), notes, isStuck };
}
