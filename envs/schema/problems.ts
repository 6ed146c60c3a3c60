/** Where in an environment file something stands: keys and list indexes from the top. */
export type Path = readonly PropertyKey[];

/** What is wrong with an entry of a file. A {@link Problem} has its place in the file as well. */
export interface EntryProblem {
  /** Where it stands. */
  readonly path: Path;
  /**
   * Which part of the entry to point at.
   * @default "value"
   */
  readonly at?: "key" | "value";
  /** What stands there, as it stands there. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
  /** What to do about it. */
  readonly fix: string;
}

/** How many problems of a file are reported at a time. */
export const MAX_PROBLEMS = 100;

/**
 * One thing wrong with an environment file, as data; the message of {@link EnvironmentError} is for
 * people.
 */
export interface Problem {
  /** The file's path, relative to the working folder where it lies in it. */
  readonly file: string;
  /**
   * From 1.
   * @default none: the file itself is the problem
   */
  readonly line?: number;
  /**
   * From 1.
   * @default - none: the file itself is the problem
   */
  readonly column?: number;
  /** `members[2].account`; empty for the file as a whole. */
  readonly path: string;
  /** What stands there, as it stands there. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
  /** What to do about it. */
  readonly fix: string;
}

/** An environment that cannot be used. Its message is ready to print and needs no stack trace. */
export class EnvironmentError extends Error {
  /** What tells it from other errors. */
  override readonly name = "EnvironmentError";

  /** The message has all problems in it, by file. */
  constructor(
    /** At least one; those of one file in the order of the lines. */
    readonly problems: readonly Problem[],
  ) {
    super(formatProblems(problems));
  }
}

/** All problems as text for a terminal, grouped by file. */
export function formatProblems(problems: readonly Problem[]): string {
  const byFile = new Map<string, Problem[]>();
  for (const problem of problems) {
    const own = byFile.get(problem.file);
    if (own) own.push(problem);
    else byFile.set(problem.file, [problem]);
  }
  return [...byFile]
    .map(([file, own]) => {
      const count = own.length === 1 ? "1 problem" : `${own.length} problems`;
      return [`${file}: ${count}`, ...own.map(formatProblem)].join("\n\n");
    })
    .join("\n\n");
}

function formatProblem({ file, line, column, path, found, allowed, fix }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return [
    `${place}  ${path === "" ? "" : `${path}: `}found ${found}`,
    `    allowed: ${allowed}`,
    `    to fix: ${fix}`,
  ].join("\n");
}

/** `["members", 2, "account"]` as `members[2].account`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const key = String(step);
      if (!/^[\w-]{1,80}$/.test(key)) return `[${printable(JSON.stringify(key))}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/** Text for a message: one line, no control characters that a terminal would obey, not too long. */
export function printable(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  // Cut first: a cut may leave half a character, which is not text either.
  return (line.length > 80 ? `${line.slice(0, 77)}...` : line).replace(/\p{C}/gu, "?");
}
