/** The simple commands of a shell text, as far as the documentation uses the shell. */

/** A command with its words, quotes taken off. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** What is set for it: by itself, or by an earlier `export` of the same text. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What stands for a placeholder such as `<name>`, and for what `$(…)` gives. */
export const SOMETHING = "something";

/**
 * The commands, those within `$(…)` included; redirections and comments are left out.
 *
 * @throws Error where a quote or bracket is not closed
 */
export function shellCommands(text: string): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let exported: Readonly<Record<string, string>> = {};
  const { words, nested } = split(text.replaceAll(/<[^<>\n]+>/g, SOMETHING));
  for (const command of words) {
    const first = command.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
    const own = assigned(first === -1 ? command : command.slice(0, first));
    const rest = first === -1 ? [] : command.slice(first);
    if (rest[0] === "export") exported = { ...exported, ...assigned(rest.slice(1)) };
    else if (rest.length > 0) commands.push({ words: rest, environment: { ...exported, ...own } });
  }
  return [...commands, ...nested.flatMap(shellCommands)];
}

function assigned(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map((word) => word.split(/=(.*)/s, 2) as [string, string]));
}

/** A word, or what separates commands, redirects, or is of no meaning. */
const PARTS =
  /\\\n|[ \t]+|(?<comment>#.*)|(?<separator>&&|\|\||[;|&\n])|(?<redirect>\d?>>?&?[ \t]*)|(?<word>(?:\\[^\n]|'[^']*'|"(?:\\[^]|[^"\\])*"|\$\([^()]*\)|[^\s;|&<>'"\\()])+)/y;

function split(text: string): {
  readonly words: readonly (readonly string[])[];
  readonly nested: readonly string[];
} {
  const words: string[][] = [[]];
  const nested: string[] = [];
  let redirected = false;
  PARTS.lastIndex = 0;
  while (PARTS.lastIndex < text.length) {
    const start = PARTS.lastIndex;
    const { groups = {} } = PARTS.exec(text) ?? {};
    if (PARTS.lastIndex === 0)
      throw new Error(`no simple shell command: ${JSON.stringify(text.slice(start))}`);
    if (groups.separator) words.push([]);
    if (groups.redirect) redirected = true;
    if (groups.word === undefined) continue;
    nested.push(...[...groups.word.matchAll(/\$\(([^()]*)\)/g)].map(([, inner]) => inner!));
    if (!redirected) words.at(-1)!.push(plain(groups.word));
    redirected = false;
  }
  return { words, nested };
}

function plain(word: string): string {
  return word
    .replaceAll(/\$\([^()]*\)/g, SOMETHING)
    .replaceAll(
      /\\([^])|'([^']*)'|"((?:\\[^]|[^"\\])*)"/g,
      (_, escaped?: string, single?: string, double?: string) => escaped ?? single ?? double ?? "",
    );
}
