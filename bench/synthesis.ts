import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { table } from "../text/table";

const MEMBERS = [100, 1000, 2000, 5000];

/** Time and memory of synthesis, start of the process included, by number of members. */
export function benchSynthesis(): string[] {
  const rows = MEMBERS.map((members) => {
    const folder = mkdtempSync(join(tmpdir(), "central-trail-bench-"));
    try {
      const args = [
        "--import",
        "tsx",
        "bench/synthesis-run.ts",
        String(members),
        join(folder, "out"),
      ];
      const { seconds, megabytes } = JSON.parse(
        execFileSync(process.execPath, args, { encoding: "utf8" }),
      ) as { seconds: number; megabytes: number };
      return [
        String(members),
        seconds.toFixed(1),
        ((1000 * seconds) / members).toFixed(1),
        megabytes.toFixed(0),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  return table([["members", "seconds", "ms per member", "MB at most"], ...rows]);
}
