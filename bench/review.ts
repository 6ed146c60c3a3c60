import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { table } from "../operations/table";

/** Stacks, and whether each of them changes or only what an added account takes. */
const SETS = [
  { members: 300, what: "one account added" },
  { members: 300, what: "all trails changed, each in its own way" },
  { members: 2000, what: "one account added" },
] as const;

/**
 * Reading saved plans' JSON, reviewing them and writing Markdown, by number of stacks. `terraform show -json`,
 * which makes that JSON, is not part of it.
 */
export function benchReview(): string[] {
  const rows = SETS.map(({ members, what }) => {
    const run = join(__dirname, "review-run.ts");
    const args = ["--import", "tsx", run, String(members), what];
    const figures = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as {
      readonly seconds: number;
      readonly cpu: number;
      readonly megabytes: number;
      readonly plans: number;
      readonly markdown: number;
    };
    return [
      ...[String(members), what, (figures.plans / 1e6).toFixed(1), figures.seconds.toFixed(2)],
      ...[figures.cpu.toFixed(2), figures.megabytes.toFixed(0)],
      ...[String(figures.markdown)],
    ];
  });
  return table([
    [
      "members",
      "change",
      "MB of plans",
      "seconds",
      "CPU seconds",
      "MB at most",
      "characters of Markdown",
    ],
    ...rows,
  ]);
}
