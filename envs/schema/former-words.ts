import { formatPath } from "./problems";
import { valueAt } from "./schema-at";
import type { Source } from "./source";

/** A word of the environment file that another one has replaced. */
interface FormerWord {
  readonly path: readonly string[];
  readonly former: string;
  readonly word: string;
}

/** Words that are still read; `check` names the new one. */
const FORMER_WORDS: readonly FormerWord[] = [
  {
    path: ["destination", "bucketPolicyShape"],
    former: "organization",
    word: "source-org-id",
  },
];

/** The file with today's words in place of former ones, and a warning for each. */
export function withTodaysWords(source: Source): { source: Source; warnings: readonly string[] } {
  const found = FORMER_WORDS.filter(({ path, former }) => valueAt(path, source.value) === former);
  const value = found.reduce((soFar, { path, word }) => withWord(soFar, path, word), source.value);
  return {
    source: found.length === 0 ? source : { ...source, value },
    warnings: found.map((one) => warningOf(one, source.line(one.path))),
  };
}

/** A copy with a word at a path of keys, all of which are there. */
function withWord(value: unknown, path: readonly string[], word: string): unknown {
  const [key, ...below] = path;
  if (key === undefined) return word;
  const entries = value as Readonly<Record<string, unknown>>;
  return { ...entries, [key]: withWord(entries[key], below, word) };
}

function warningOf({ path, former, word }: FormerWord, line: number): string {
  return (
    `${formatPath(path)} in line ${line} is ${former}, which is called ${word} now: ` +
    `write ${path.at(-1)}: ${word}. The former word is read until version 1.0, and the policy is the same.`
  );
}
