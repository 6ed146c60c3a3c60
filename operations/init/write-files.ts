import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ExpectedError } from "../expected-error";

/** A file to be written where none is. */
export interface NewFile {
  /** From the app's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  /** @default false */
  readonly executable?: boolean;
}

/** A file that is there and gets more text. */
export interface ChangedFile {
  readonly path: string;
  readonly before: string;
  readonly text: string;
}

/**
 * What is at a path: nothing, a file's text, or something that is not a file and can't be read as
 * one.
 */
export type Found =
  | { readonly kind: "nothing" }
  | { readonly kind: "file"; readonly text: string }
  | { readonly kind: "obstacle"; readonly code: string };

/** Looks at a path. */
export function look(file: string): Found {
  try {
    // Reading a pipe waits for whoever writes into it.
    if (statSync(file).isFIFO()) return { kind: "obstacle", code: "a pipe" };
    return { kind: "file", text: readFileSync(file, "utf8") };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    return code === "ENOENT" ? { kind: "nothing" } : { kind: "obstacle", code };
  }
}

/**
 * Writes all files or none: where one can't be written, what was written before it goes again.
 *
 * @throws ExpectedError which one, and that nothing was written
 */
export function writeFiles(
  folder: string,
  created: readonly NewFile[],
  changed: readonly ChangedFile[],
): void {
  const undo: (() => void)[] = [];
  let current = "";
  try {
    for (const { path, text, executable = false } of created) {
      current = path;
      const file = join(folder, path);
      const made = mkdirSync(dirname(file), { recursive: true });
      if (made !== undefined) undo.push(() => removeEmpty(dirname(file), made));
      // wx: what came between the look and now is not overwritten either.
      writeFileSync(file, "", { flag: "wx", mode: executable ? 0o755 : 0o644 });
      undo.push(() => rmSync(file, { force: true }));
      writeFileSync(file, text);
    }
    for (const { path, before, text } of changed) {
      current = path;
      const file = join(folder, path);
      replace(file, before, text);
      undo.push(() => {
        const now = look(file);
        if (now.kind === "file" && now.text === text) replace(file, text, before);
      });
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    for (const step of undo.reverse()) step();
    throw new ExpectedError([`${current} can't be written (${message}). Nothing was written.`]);
  }
}

/**
 * Gives a file another text, in one step: a full disk or a killed process leaves it as it was.
 *
 * @throws Error with a code where it can't, or where the text is no longer the one from before
 */
function replace(file: string, before: string, text: string): void {
  const target = realpathSync(file);
  if (readFileSync(target, "utf8") !== before)
    throw Object.assign(new Error("it was changed meanwhile"), { code: "CHANGED" });
  const next = `${target}.central-trail`;
  try {
    writeFileSync(next, text, { flag: "wx", mode: statSync(target).mode });
    renameSync(next, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") rmSync(next, { force: true });
    throw error;
  }
}

/** Removes a folder and those above it up to one, as far as they are empty. */
function removeEmpty(folder: string, last: string): void {
  for (let current = folder; ; current = dirname(current)) {
    if (readdirSync(current).length > 0) return;
    rmdirSync(current);
    if (current === last) return;
  }
}
