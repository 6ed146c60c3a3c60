/** What to do about an error of the operating system, by its code. */
const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: "This user may not do that: `ls -ld` on it says who may.",
  EDQUOT: "The quota of the disk is used up: make room.",
  EISDIR: "It is a folder, and a file is needed.",
  EMFILE: "Too many files are open: `ulimit -n` says how many may be.",
  ENAMETOOLONG: "The name is too long: use a shorter path.",
  ENOENT: "It does not exist: make it, or name another one.",
  ENOSPC: "The disk is full: make room (`df -h` shows where), or name another folder in TMPDIR.",
  ENOTDIR: "A part of it is not a folder: name another one.",
  EPERM: "The system does not let this user do that.",
  EROFS: "The disk can't be written to: name another folder, for temporary files in TMPDIR.",
};

/**
 * Lines for people about an error of the operating system, found by Node's message of it; undefined
 * where there is none. It is not a fault of this program, so a stack trace would say nothing to
 * them.
 *
 * @param text an error's message, or what another Node process printed as it died of one
 * @see https://nodejs.org/docs/latest-v22.x/api/errors.html#class-systemerror
 */
export function systemErrorLines(text: string): readonly string[] | undefined {
  const [message, code = "", , , path] =
    /\b(E[A-Z]{3,15}): ([^,\n]+), ([a-z]+)(?: '([^'\n]+)')?/.exec(text) ?? [];
  const meaning = MEANINGS[code];
  if (message === undefined || meaning === undefined) return undefined;
  return [message, path === undefined ? meaning : `${path}: ${meaning}`];
}
