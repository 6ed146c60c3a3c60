/** One thing that is wrong, and where. */
export interface PolicyProblem {
  /** The place in the document, e.g. `Statement[2].Condition.StringEqual`; empty for the whole. */
  readonly path: string;
  /** What was found, what is allowed, and how to fix it. */
  readonly message: string;
}

/**
 * A policy or a request that cannot be evaluated: evaluation never guesses. Holds all problems that
 * were found, not the first.
 */
export class PolicyError extends Error {
  /** The message has a line for each problem. */
  constructor(
    /** At least one. */
    readonly problems: readonly PolicyProblem[],
  ) {
    super(
      problems
        .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
        .join("\n"),
    );
    this.name = "PolicyError";
  }
}

/** Of more problems than anybody reads. */
const MOST_PROBLEMS = 100;

/** The problems; of more than 100 the first, and how many there are. */
export function firstOf(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const more = problems.length - MOST_PROBLEMS;
  if (more <= 0) return problems;
  const rest = { path: "", message: `There are ${more} problems more` };
  return [...problems.slice(0, MOST_PROBLEMS), rest];
}

/** Takes one problem of the document that is being read. */
export type Report = (path: string, message: string) => void;

/** `"a", "b", "c" and 7 more`: enough of a list to recognize it. */
export function listed(values: readonly string[]): string {
  const shown = values
    .slice(0, 3)
    .map((value) => JSON.stringify(value))
    .join(", ");
  return values.length > 3 ? `${shown} and ${values.length - 3} more` : shown;
}
