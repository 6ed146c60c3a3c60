/**
 * `npm run test:mutation`: changes the sources of some rooms in one small place after another and
 * counts after how many of the changes some test fails (docs/mutation-testing.md).
 *
 * - `-- cloudtrail review`: only these rooms; paths below them will do too.
 * - `SAMPLE=300`: at most so many mutants of each room, drawn by `MUTATION_SEED` (1).
 * - `MUTATION_WORKERS=2`: so many test files at once (1).
 * - `MUTATION_REPORT=file`: where all that survived is written, as JSON lines (not at all).
 */
import { writeFileSync } from "node:fs";
import { findEquivalent } from "./equivalent";
import { instrument, type Mutant } from "./mutants";
import { sample } from "./sample";
import { mutatedFiles, ROOMS, roomOf, testFiles } from "./rooms";
import { readSource } from "./sources";
import { tryMutants, type Outcome } from "./try-mutants";

/** At least so many of a hundred mutants must be killed, in each room. */
const LEAST = 90;

async function main(): Promise<number> {
  const chosen = process.argv.slice(2);
  const size = Number(process.env.SAMPLE ?? Infinity);
  if (size !== Infinity && !(Number.isInteger(size) && size > 0)) {
    console.error(
      `SAMPLE is ${process.env.SAMPLE}; give a whole number from 1 on, or leave it out for all.`,
    );
    return 2;
  }
  const seed = Number(process.env.MUTATION_SEED ?? 1);
  const mutants: Mutant[] = [];
  const firstIds: Record<string, number> = {};
  for (const file of mutatedFiles()) {
    firstIds[file] = mutants.length;
    mutants.push(...instrument(file, readSource(file), mutants.length).mutants);
  }
  const { equivalent, faults } = findEquivalent(mutants);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) return 2;

  const tried = ROOMS.flatMap((room) =>
    sample(
      mutants.filter(
        ({ file }) =>
          roomOf(file) === room &&
          (chosen.length === 0 || chosen.some((one) => file === one || file.startsWith(`${one}/`))),
      ),
      size,
      seed,
    ),
  );
  if (tried.length === 0) {
    console.error(`No source of ${ROOMS.join(", ")} lies at ${chosen.join(", ")}.`);
    return 2;
  }
  const outcomes = await tryMutants(testFiles(), tried, {
    firstIds,
    total: mutants.length,
    workers: Number(process.env.MUTATION_WORKERS ?? 1),
    say: (line) => console.error(line),
  });

  let isEnough = true;
  const isDrawn = Number.isFinite(size);
  console.log(
    isDrawn ? `A sample: at most ${size} mutants of each room, seed ${seed}.` : "All mutants.",
  );
  console.log("| Room | Mutants | Killed | Equivalent | Survived | Score |");
  console.log("| --- | --: | --: | --: | --: | --: |");
  for (const room of ROOMS) {
    const own = tried.filter(({ file }) => roomOf(file) === room);
    if (own.length === 0) continue;
    const is = (outcome: Outcome["kind"]): Mutant[] =>
      own.filter(({ id }) => (outcomes.get(id)?.kind ?? "not covered") === outcome);
    const killed = is("killed").length;
    const left = [...is("survived"), ...is("not covered")];
    const known = left.filter(({ id }) => equivalent.has(id)).length;
    const score = (100 * killed) / (own.length - known);
    // Not a number where all are equivalent, which shows nothing.
    if (!(score >= LEAST)) isEnough = false;
    console.log(
      `| \`${room}/\` | ${own.length} | ${killed} | ${known} | ${left.length - known} | ${score.toFixed(1)} % |`,
    );
  }
  const survivors = tried.filter(
    ({ id }) => outcomes.get(id)?.kind !== "killed" && !equivalent.has(id),
  );
  if (process.env.MUTATION_REPORT !== undefined) {
    const lines = survivors.map((one) =>
      JSON.stringify({ ...one, outcome: outcomes.get(one.id)?.kind ?? "not covered" }),
    );
    writeFileSync(process.env.MUTATION_REPORT, lines.map((line) => `${line}\n`).join(""));
  }
  const dead = tried.filter(({ id }) => equivalent.has(id) && outcomes.get(id)?.kind === "killed");
  for (const { file, line, original } of dead)
    console.error(`${file}:${line}: listed as equivalent, yet killed: ${original}`);
  if (!isEnough) console.error(`Less than ${LEAST} % of a room's mutants are killed.`);
  return isEnough && dead.length === 0 ? 0 : 1;
}

void main().then((code) => (process.exitCode = code));
