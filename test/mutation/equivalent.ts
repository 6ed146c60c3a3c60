import { readFileSync } from "node:fs";
import path from "node:path";
import type { Mutant } from "./mutants";

/** Mutants that do nothing else than the source, as far as anyone can see from outside. */
interface Entry {
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
  readonly because: string;
}

/** The listed mutants, and what is wrong with the list. */
export function findEquivalent(mutants: readonly Mutant[]): {
  readonly equivalent: ReadonlySet<number>;
  readonly faults: readonly string[];
} {
  const list = JSON.parse(
    readFileSync(path.join(__dirname, "equivalent.json"), "utf8"),
  ) as readonly Entry[];
  const found = list.map((entry) => mutants.filter((mutant) => isSame(mutant, entry)));
  return {
    equivalent: new Set(found.flat().map(({ id }) => id)),
    faults: list.flatMap(({ file, original }, index) =>
      found[index]!.length > 0
        ? []
        : [`equivalent.json: ${file} has no such mutant any more, remove it: ${original}`],
    ),
  };
}

function isSame(mutant: Mutant, { file, original, replacement }: Entry): boolean {
  return (
    mutant.file === file &&
    inOneLine(mutant.original) === original &&
    inOneLine(mutant.replacement) === replacement
  );
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
