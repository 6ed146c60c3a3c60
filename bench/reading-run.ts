/**
 * Reads log files and counts the refused calls in them, in a process of its own:
 * `node --import tsx bench/reading-run.ts WAY TIMES FILE…` reads the files so many times and prints
 * one JSON line.
 */
import { createReadStream, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readRecords } from "../cloudtrail/files/log-reader";
import type { CloudTrailRecord } from "../cloudtrail/records/record";
import { recordFilter } from "../cloudtrail/records/record-filter";

/**
 * `filter`: as `central-trail events` reads; `all`: every record parsed; `whole`: every file parsed
 * whole.
 */
export type ReadingWay = "filter" | "all" | "whole";

/** How reading went. */
export interface ReadingRun {
  readonly found: number;
  /** Of content, uncompressed. */
  readonly megabytes: number;
  /** On all cores together; reading alone, without the process's start. */
  readonly cpuSeconds: number;
  readonly seconds: number;
  /**
   * Of the whole process.
   * @default - not measured
   */
  readonly peakMegabytes?: number;
}

const [way, times, ...files] = process.argv.slice(2) as [ReadingWay, string, ...string[]];
const { matches, prefilter } = recordFilter({ errorCode: "AccessDenied" });

async function count(file: string): Promise<number> {
  if (way === "whole") {
    const { Records } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
      Records: CloudTrailRecord[];
    };
    return Records.filter(matches).length;
  }
  let found = 0;
  const options = way === "filter" ? { file, prefilter } : { file };
  for await (const { records, problems } of readRecords(createReadStream(file), options)) {
    if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
    found += records.filter(matches).length;
  }
  return found;
}

async function main(): Promise<void> {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  let found = 0;
  for (let time = 0; time < Number(times); time++)
    for (const file of files) found += await count(file);
  const { user, system } = process.cpuUsage(cpu);
  const run: Omit<ReadingRun, "megabytes"> = {
    found,
    cpuSeconds: (user + system) / 1e6,
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(run));
}

void main();
