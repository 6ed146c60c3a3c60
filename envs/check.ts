import { OLDEST_PROVIDER } from "../cloudtrail/selection/provider-fields";
import { formatPath, MAX_PROBLEMS, type Problem } from "./schema/problems";
import { resolveEnvironment } from "./resolve";
import { checkRules, type CheckSurroundings } from "./rules/rules";
import { checkSids } from "./rules/statement-rules";
import { withTodaysWords } from "./schema/former-words";
import { checkAgainstSchema } from "./schema/schema-check";
import { readSource, type PlacedProblem } from "./schema/source";
import type { Environment } from "./types";

/** An environment, or everything that is wrong with it in the order of the lines. */
export type Checked =
  | {
      /** The environment, of a file without problems. */
      readonly environment: Environment;
      /**
       * Sentences on words of the file that others have replaced; `central-trail check` has more.
       */
      readonly warnings: readonly string[];
      /** @default - none */
      readonly problems?: never;
    }
  | {
      /** @default - none */
      readonly environment?: never;
      /** @default - none: what is wrong comes first */
      readonly warnings?: never;
      /** At least one. */
      readonly problems: readonly Problem[];
    };

/**
 * Checks the text of an environment file and resolves it. Pure, and never throws.
 *
 * @param file how messages name the file
 * @param surroundings by default the oldest AWS provider, and no host but this computer
 */
export function checkEnvironment(
  name: string,
  file: string,
  text: string,
  { installedMajor = OLDEST_PROVIDER, endpointHosts = [] }: Partial<CheckSurroundings> = {},
): Checked {
  const { source: asWritten, problems: syntax } = readSource(text);
  if (asWritten === undefined) return { problems: inFile(file, syntax) };
  const { source, warnings } = withTodaysWords(asWritten);
  const checked = checkAgainstSchema(source);
  const surroundings = { installedMajor, endpointHosts };
  // Where the schema refuses more than is reported, nobody needs to know what rules say of the
  // rest.
  const rules =
    checked.findings.length > MAX_PROBLEMS
      ? []
      : checkRules(checked.sound, (path) => source.line(path), surroundings);
  const findings = [...checked.findings, ...rules].map((finding) => source.locate(finding));
  const problems = inFile(file, [...syntax, ...findings]);
  if (checked.file === undefined || problems.length > 0) return { problems };
  const environment = resolveEnvironment(name, checked.file);
  const sids = checkSids(environment).map((finding) => source.locate(finding));
  return sids.length > 0 ? { problems: inFile(file, sids) } : { environment, warnings };
}

/** The problems in the order of the lines: so many of them, and that there are more. */
function inFile(file: string, located: readonly PlacedProblem[]): Problem[] {
  const sorted = [...located].sort((a, b) => a.line - b.line || a.column - b.column);
  const told = sorted.slice(0, MAX_PROBLEMS);
  const problems = told.map((one) => ({ ...one, file, path: formatPath(one.path) }));
  const last = told.at(-1);
  const more = sorted.length - told.length;
  if (last === undefined || more === 0) return problems;
  return [
    ...problems,
    {
      file,
      line: last.line,
      column: last.column,
      path: "",
      found: `at least ${more} more ${more === 1 ? "problem" : "problems"}, left out here`,
      allowed: `${MAX_PROBLEMS} problems are reported at a time`,
      fix: "correct these, then check again",
    },
  ];
}
