import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { table } from "../text/table";
import { logFile, logRecord } from "../test/support/log-records";
import type { ReadingRun, ReadingWay } from "./reading-run";

/** One in so many records of a file is wanted, as logRecord makes them. */
const WANTED = 50;

/** What is read: some files. */
interface Subject {
  readonly name: string;
  readonly files: readonly string[];
  readonly records: number;
  readonly megabytes: number;
}

interface Measured {
  readonly way: string;
  readonly subject: Subject;
  readonly run: ReadingRun;
}

/** Reading and filtering log files: speed and memory, beside jq on the same files. */
export function benchReading(): string[] {
  const folder = mkdtempSync(join(tmpdir(), "central-trail-bench-"));
  try {
    const withJq = spawnSync("sh", ["-c", "command -v jq && command -v zcat"]).status === 0;
    const hour = makeFiles(folder, "40 files", 40, 3_200);
    const results = [hour, makeFiles(folder, "one line of 50 MB", 1, 34_000)].flatMap((subject) => [
      { way: "filter", subject, run: ours("filter", subject) },
      { way: "parse all", subject, run: ours("all", subject) },
      { way: "gunzip and JSON.parse of whole files", subject, run: ours("whole", subject) },
      ...(withJq ? [{ way: "zcat | jq", subject, run: jq(subject) }] : []),
    ]);
    const stream = { ...hour, name: "40 files up to 10 GB" };
    results.push({ way: "filter", subject: stream, run: ours("filter", stream, 10_000) });
    results.forEach(checkFound);
    return [
      ...(withJq
        ? []
        : ["!! jq or zcat is not on PATH: beside ours is only JSON.parse of whole files."]),
      "MB are of content, uncompressed; CPU is that of all cores together, so MB per CPU second is what one core does.",
      ...table([
        ["way", "of", "MB", "MB per CPU second", "MB per second", "MB of memory at most"],
        ...results.map(({ way, subject, run }) => [
          way,
          subject.name,
          run.megabytes.toFixed(0),
          perCpuSecond(run).toFixed(0),
          perSecond(run).toFixed(0),
          run.peakMegabytes?.toFixed(0) ?? "not measured",
        ]),
      ]),
      ...results
        .filter(({ way }) => way === "filter" || way === "parse all")
        .flatMap((one) => besideJq(one, results)),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makeFiles(folder: string, name: string, count: number, recordsInFile: number): Subject {
  let megabytes = 0;
  const files = Array.from({ length: count }, (_, n) => {
    const path = join(folder, `${recordsInFile}-${n}.json.gz`);
    const records = Array.from({ length: recordsInFile }, (_, m) =>
      logRecord(n * recordsInFile + m),
    );
    const content = Buffer.from(logFile(records));
    megabytes += content.length / 1e6;
    writeFileSync(path, gzipSync(content));
    return path;
  });
  return { name, files, records: count * recordsInFile, megabytes };
}

function ours(way: ReadingWay, { files, megabytes }: Subject, atLeast = megabytes): ReadingRun {
  const times = Math.ceil(atLeast / megabytes);
  const args = ["--import", "tsx", "bench/reading-run.ts", way, String(times), ...files];
  const run = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Omit<
    ReadingRun,
    "megabytes"
  >;
  return { ...run, megabytes: times * megabytes };
}

function jq({ files, megabytes }: Subject): ReadingRun {
  const script = `zcat "$@" | jq -c '.Records[] | select(.errorCode == "AccessDenied")' | wc -l; times`;
  const start = process.hrtime.bigint();
  const output = execFileSync("sh", ["-c", script, "sh", ...files], { encoding: "utf8" });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  // The second line of `times` is the user's and the system's time of what the shell has run.
  const [found, , children = ""] = output.trim().split("\n");
  const cpuSeconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)]
    .map(([, minutes, rest]) => 60 * Number(minutes) + Number(rest))
    .reduce((sum, one) => sum + one, 0);
  return { found: Number(found), megabytes, cpuSeconds, seconds };
}

/** However fast, it must have found them all. */
function checkFound({ way, subject, run }: Measured): void {
  const wanted = (Math.round(run.megabytes / subject.megabytes) * subject.records) / WANTED;
  if (run.found === wanted) return;
  throw new Error(`${way} of ${subject.name}: ${run.found} records, not ${wanted}`);
}

function besideJq({ way, subject, run }: Measured, results: readonly Measured[]): string[] {
  const jq = results.find((one) => one.way === "zcat | jq" && one.subject === subject)?.run;
  if (jq === undefined) return [];
  const byCpu = (perCpuSecond(run) / perCpuSecond(jq)).toFixed(1);
  const byClock = (perSecond(run) / perSecond(jq)).toFixed(1);
  return [
    `${way} of ${subject.name}: ${byCpu} times zcat | jq by CPU, ${byClock} times by the clock`,
  ];
}

function perCpuSecond({ megabytes, cpuSeconds }: ReadingRun): number {
  return megabytes / cpuSeconds;
}

function perSecond({ megabytes, seconds }: ReadingRun): number {
  return megabytes / seconds;
}
