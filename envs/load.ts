import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { oldestMajor } from "../cloudtrail/selection/provider-fields";
import { installedAwsProvider } from "./aws-provider";
import { checkEnvironment, type Checked } from "./check";
import { endpointHosts } from "./rules/endpoint-rules";
import { EnvironmentError, printable, type Problem } from "./schema/problems";
import { nearest } from "./schema/suggest";
import type { Environment } from "./types";

export { EnvironmentError };

const EXTENSION = ".yaml";

/** What an environment, and so its file, may be called. */
export const ENVIRONMENT_NAME = {
  pattern: /^[a-z][a-z0-9-]{0,99}$/,
  allowed: "1 to 100 lower-case letters, digits and hyphens, a letter first",
} as const;

/** The names of the environments in a folder, sorted; none where there is no such folder. */
export function listEnvironments(directory: string): string[] {
  return filesIn(directory)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => basename(file, EXTENSION))
    .sort();
}

/** What the person who runs a command decides, and no environment file. */
export interface LoadOptions {
  /**
   * Hosts that `endpoint` of a throwaway environment may name beside this computer, separated by
   * commas: what the variable CENTRAL_TRAIL_ENDPOINT_HOSTS holds.
   * @default - none
   */
  readonly endpointHosts?: string;
}

/**
 * Reads `<directory>/<name>.yaml`. Whatever is wrong with it comes back as problems.
 *
 * @param name undefined where nobody chose one, which is a problem that lists what there is
 */
export function loadEnvironment(
  directory: string,
  name: string | undefined,
  { endpointHosts: hosts = "" }: LoadOptions = {},
): Checked {
  if (name === undefined) {
    return fileProblem(shown(directory), {
      found: "no choice of an environment",
      allowed: `one of ${existing(directory)}`,
      fix: "name one, for example with the variable CENTRAL_TRAIL_ENV",
    });
  }
  const file = shown(join(directory, `${name}${EXTENSION}`));
  if (!ENVIRONMENT_NAME.pattern.test(name)) {
    return fileProblem(shown(directory), {
      found: `the environment name ${printable(JSON.stringify(name))}`,
      allowed: `${ENVIRONMENT_NAME.allowed}; here: ${existing(directory)}`,
      fix: suggestion(directory, name) ?? "rename the environment and its file",
    });
  }
  try {
    const text = readText(join(directory, `${name}${EXTENSION}`));
    if (typeof text !== "string") return fileProblem(file, text);
    const installed = installedAwsProvider();
    return checkEnvironment(name, file, text, {
      installedMajor: installed && oldestMajor(installed.version),
      endpointHosts: endpointHosts(hosts),
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return fileProblem(file, {
      found: code === "ENOENT" ? "no such file" : message,
      allowed: `one of the environments in ${shown(directory)}: ${existing(directory)}`,
      fix: suggestion(directory, name) ?? "choose one of them, or copy one to this name",
    });
  }
}

/**
 * {@link loadEnvironment} for callers that can't go on without.
 *
 * @throws EnvironmentError with all problems
 */
export function requireEnvironment(
  directory: string,
  name: string | undefined,
  options?: LoadOptions,
): Environment {
  const { environment, problems } = loadEnvironment(directory, name, options);
  if (environment === undefined) throw new EnvironmentError(problems);
  return environment;
}

/** Far more than any environment needs: some 8,000 members. */
const MAX_BYTES = 1_000_000;

/** The text of a file, or why it is none of an environment. */
function readText(path: string): string | Omit<Problem, "file" | "path"> {
  const status = statSync(path);
  if (!status.isFile())
    return {
      found: status.isDirectory() ? "a folder" : "no regular file",
      allowed: "a file",
      fix: "put a file in its place",
    };
  if (status.size > MAX_BYTES)
    return {
      found: `${status.size.toLocaleString("en")} bytes, of which none was read`,
      allowed: `at most ${MAX_BYTES.toLocaleString("en")} bytes`,
      fix: "write what all accounts have once, under trail and deployer; or spread the accounts over several destinations",
    };
  const bytes = readFileSync(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return {
      ...placeOfNoText(bytes),
      found: "bytes that are not UTF-8",
      allowed: "text in UTF-8",
      fix: "save the file again as UTF-8; or remove what is not text",
    };
  }
}

/** Where bytes stop being UTF-8: the first that decoding replaces. */
function placeOfNoText(bytes: Buffer): { readonly line: number; readonly column: number } {
  const replaced = bytes.toString("utf8");
  // A replacement character may stand there as one, too.
  let at = replaced.indexOf("\uFFFD");
  while (
    at !== -1 &&
    bytes.subarray(Buffer.byteLength(replaced.slice(0, at))).indexOf("\uFFFD") === 0
  )
    at = replaced.indexOf("\uFFFD", at + 1);
  const before = replaced.slice(0, Math.max(at, 0)).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function fileProblem(file: string, words: Omit<Problem, "file" | "path">): Checked {
  return { problems: [{ file, path: "", ...words }] };
}

function existing(directory: string): string {
  return listEnvironments(directory).join(", ") || "none yet";
}

function suggestion(directory: string, name: string): string | undefined {
  if (filesIn(directory).includes(`${name}.yml`)) return `rename ${name}.yml to ${name}.yaml`;
  const meant = nearest(name, listEnvironments(directory));
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A path as people know it: from the working folder, where it lies in it. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
