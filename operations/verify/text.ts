import { FOLDERS, LOG_FOLDERS } from "../../cloudtrail/files/log-folders";
import { painted } from "../terminal/terminal";
import { table } from "../../text/table";
import type { Count } from "../../cloudtrail/digests/validation-findings";
import type { RegionReport, TrailVerification, VerifyReport } from "../../verify/report";
import type { DeliveredFile } from "../../verify/newest-findings";
import { duration, secondsBetween, toSecond } from "../../verify/times";
import type { VerifyFinding, Verdict } from "../../verify/verdict";

const WORDS: Readonly<Record<Verdict, string>> = {
  proven: "proven",
  amiss: "AMISS",
  "not-checked": "NOT CHECKED",
  unvouched: "UNVOUCHED",
  tampered: "TAMPERED",
};

const COLOURS = {
  proven: "green",
  amiss: "yellow",
  "not-checked": "yellow",
  unvouched: "red",
  tampered: "red",
} as const;

/** The report for people: a table of trails and regions, and each finding in full. */
export function reportLines(report: VerifyReport, stream: NodeJS.WriteStream): string[] {
  const { trails, leftOut } = report;
  const rows = trails.flatMap((trail) =>
    (trail.regions.length > 0 ? trail.regions : [undefined]).map((region) => ({ trail, region })),
  );
  const [head = "", ...lines] = table([
    [
      "ACCOUNT",
      "NAME",
      "REGION",
      "NEWEST LOG",
      "NEWEST DIGEST",
      "DIGEST FILES",
      "LOG FILES",
      "VERDICT",
    ],
    ...rows.map(({ trail, region }) => cells(trail, region, report.now)),
  ]);
  return [
    head,
    // The verdict stands last, so that its colour does not count as width.
    ...lines.map((line, index) => coloured(line, verdictOf(rows[index]!), stream)),
    ...leftOut.map(
      ({ account, name, region, reason }) =>
        `${account}  ${name}${region === undefined ? "" : ` in ${region}`}: left out, ${reason}`,
    ),
    ...notNamedLines(trails),
    ...findingLines(trails, stream),
    "",
    summary(report, stream),
  ];
}

/**
 * Files that no digest file names, of which AWS documents none: a line for each account and folder.
 */
function notNamedLines(trails: readonly TrailVerification[]): string[] {
  return trails.flatMap(({ account, name, regions }) =>
    LOG_FOLDERS.flatMap((folder) => {
      const counts = regions.flatMap(({ notNamed }) =>
        notNamed.filter((one) => one.folder === folder),
      );
      const files = counts.reduce((sum, one) => sum + one.files, 0);
      if (files === 0) return [];
      const { holds } = FOLDERS[folder];
      return [
        `${account}  ${name}: ${files} ${files === 1 ? "file" : "files"} of ${holds} in ${folder}/ that no digest file names; AWS documents none for them, so nothing proves them`,
      ];
    }),
  );
}

interface Row {
  readonly trail: TrailVerification;
  readonly region: RegionReport | undefined;
}

/** What is about the whole trail counts in each of its rows. */
function verdictOf({ trail, region }: Row): Verdict {
  if (region === undefined || trail.findings.length > 0) return trail.verdict;
  return region.verdict;
}

function cells(trail: TrailVerification, region: RegionReport | undefined, now: Date): string[] {
  return [
    trail.account,
    trail.name,
    region?.region ?? "-",
    age(region?.newestLog, now),
    age(region?.newestDigest, now),
    ratio(region?.digestFiles),
    ratio(region?.logFiles),
    WORDS[verdictOf({ trail, region })],
  ];
}

function age(file: DeliveredFile | undefined, now: Date): string {
  return file ? `${duration(secondsBetween(file.time, now))} ago` : "-";
}

function ratio(count: Readonly<Count> | undefined): string {
  return count ? `${count.valid}/${count.valid + count.invalid + count.notChecked}` : "-";
}

function coloured(line: string, verdict: Verdict, stream: NodeJS.WriteStream): string {
  const word = WORDS[verdict];
  return line.slice(0, -word.length) + painted(COLOURS[verdict], word, stream);
}

/** Of one trail in one region; --json has them all. */
const FINDINGS_SHOWN = 20;
/** Of the trails and regions of one finding. */
const PLACES_SHOWN = 5;

/** What is said in one sentence, and of which trails and regions. */
interface Said {
  readonly finding: VerifyFinding;
  readonly places: string[];
}

function findingLines(trails: readonly TrailVerification[], stream: NodeJS.WriteStream): string[] {
  const said = new Map<string, Said>();
  for (const { account, name, findings, regions } of trails) {
    const parts = [
      { where: "", findings },
      ...regions.map((one) => ({ where: ` in ${one.region}`, findings: one.findings })),
    ];
    for (const part of parts)
      for (const finding of part.findings) {
        // One cause is one sentence, in however many regions.
        const { verdict, cause, text, key } = finding;
        const id = cause === undefined ? `${verdict} ${text} ${key}` : `cause ${cause}`;
        const { places } = said.get(id) ?? said.set(id, { finding, places: [] }).get(id)!;
        const place = `${account}  ${name}${part.where}`;
        if (places.at(-1) !== place) places.push(place);
      }
  }
  const byPlace = new Map<string, VerifyFinding[]>();
  for (const { finding, places } of said.values()) {
    const shown = places.slice(0, PLACES_SHOWN).join("; ");
    const more = places.length - PLACES_SHOWN;
    const place = more > 0 ? `${shown}; and ${more} more` : shown;
    byPlace.set(place, [...(byPlace.get(place) ?? []), finding]);
  }
  return [...byPlace].flatMap(([place, findings]) => [
    "",
    `${place}:`,
    ...findings.slice(0, FINDINGS_SHOWN).flatMap((finding) => findingLine(finding, stream)),
    ...(findings.length > FINDINGS_SHOWN
      ? [`  and ${findings.length - FINDINGS_SHOWN} more; --json has them all`]
      : []),
  ]);
}

function findingLine(
  { verdict, text, bucket, key }: VerifyFinding,
  stream: NodeJS.WriteStream,
): string[] {
  const object = bucket === undefined ? key : `s3://${bucket}/${key}`;
  return [
    `  ${painted(COLOURS[verdict], WORDS[verdict], stream)}: ${text}`,
    ...(object === undefined ? [] : [`    ${object}`]),
  ];
}

function summary(report: VerifyReport, stream: NodeJS.WriteStream): string {
  const { verdict, trails, since, now } = report;
  const regions = trails.flatMap((trail) => trail.regions);
  const valid = (counts: readonly Readonly<Count>[]): number =>
    counts.reduce((sum, count) => sum + count.valid, 0);
  const counted = [
    `${trails.length} trails`,
    `${valid(regions.map(({ digestFiles }) => digestFiles))} valid digest files`,
    `${valid(regions.map(({ logFiles }) => logFiles))} valid log files`,
  ].join(", ");
  const word = painted(COLOURS[verdict], WORDS[verdict], stream);
  return `${word}: ${counted}, from ${toSecond(since)} to ${toSecond(now)}.`;
}
