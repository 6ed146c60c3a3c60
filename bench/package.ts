import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { table } from "../text/table";
import { link, pack, SUB_PATHS } from "../test/support/package";

const RUNS = 5;

/**
 * What it takes to import one sub-path of the packed package, start of Node included, beside cdktf
 * alone.
 */
export function benchPackage(): string[] {
  const folder = mkdtempSync(join(tmpdir(), "central-trail-bench-"));
  try {
    const consumer = join(folder, "consumer");
    link(pack(folder), consumer);
    const names = SUB_PATHS.map((path) => posix.join("central-trail", path));
    const cdktf = imported("cdktf", consumer);
    const row = (name: string, { seconds, megabytes } = imported(name, consumer)): string[] => [
      name,
      seconds.toFixed(2),
      (seconds / cdktf.seconds).toFixed(2),
      megabytes.toFixed(0),
    ];
    return table([
      ["import", "seconds", "times cdktf", "MB"],
      row("cdktf", cdktf),
      ...names.map((name) => row(name)),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The median of some runs, each in a process of its own. */
function imported(name: string, cwd: string): { seconds: number; megabytes: number } {
  const script = `require(${JSON.stringify(name)}); console.log(process.memoryUsage.rss() / 1e6)`;
  const runs = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    const out = execFileSync(process.execPath, ["-e", script], { cwd, encoding: "utf8" });
    return { seconds: (performance.now() - start) / 1000, megabytes: Number(out) };
  });
  return runs.sort((a, b) => a.seconds - b.seconds)[Math.floor(RUNS / 2)]!;
}
