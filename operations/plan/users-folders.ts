import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, parse, relative, resolve } from "node:path";
import { projectFolder } from "../project";

/**
 * Why a folder is not one to be filled and emptied, even while it is empty; the end of a sentence.
 */
export function usersFolderProblem(folder: string): string | undefined {
  const path = real(folder);
  const users: readonly (readonly [string, string])[] = [
    [parse(path).root, "the root of the file system"],
    [homedir(), "your home folder"],
    [projectFolder(), "the project's folder"],
    [process.cwd(), "the working folder"],
  ];
  for (const [own, words] of users) {
    const from = relative(path, real(own));
    if (from === "") return `is ${words}`;
    if (from !== ".." && !/^\.\.[\\/]/.test(from) && !isAbsolute(from)) return `holds ${words}`;
  }
  return undefined;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
