import { parseArn } from "../../cloudtrail/arn";
import { LIMITS } from "../../cloudtrail/limits";
import { isOptInRegion, KNOWN_REGIONS, partitionOfRegion } from "../../cloudtrail/regions";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import { checkDestinationRules } from "./destination-rules";
import { checkEndpoint } from "./endpoint-rules";
import { checkEventRules, checkProviderFields } from "./event-rules";
import { formatPath, type EntryProblem, type Path } from "../schema/problems";
import { checkRoleRules } from "./role-rules";
import { DEFAULT_TRAIL, type EnvironmentInput } from "../schema/schema";
import type { Sound } from "../schema/schema-check";
import { nearest } from "../schema/suggest";
import type { AccountTrail } from "../types";

/** A file of which every part may be missing, since the schema refused it. */
export type SoundFile = Sound<EnvironmentInput>;
type Entry = NonNullable<NonNullable<SoundFile["members"]>[number]>;
/** The line on which a path stands. */
export type LineOf = (path: Path) => number;

/** What a file is checked with that does not stand in it. */
export interface CheckSurroundings {
  /** The major version of the AWS provider, where the file says none. */
  readonly installedMajor: number;
  /** Hosts beside this computer that `endpoint` may name. */
  readonly endpointHosts: readonly string[];
}

/** What must hold between the entries of a file. Looks at all that the schema left. */
export function checkRules(
  file: SoundFile,
  lineOf: LineOf,
  { installedMajor, endpointHosts }: CheckSurroundings,
): EntryProblem[] {
  return [
    ...accountsOnce(file, lineOf),
    ...homeRegions(file),
    ...onePartition(file),
    ...checkRoleRules(file, accounts(file)),
    ...keysInTheirRegions(file),
    ...globalEventsWithMultiRegion(file),
    ...bucketsApart(file, lineOf),
    ...expiryAfterTransition(file),
    ...tagCount(file),
    ...acknowledgedOnce(file, lineOf),
    ...checkEndpoint(file, endpointHosts),
    ...checkDestinationRules(file, lineOf),
    ...checkEventRules(file),
    ...checkProviderFields(file, installedMajor),
  ];
}

/** The destination or a member, and where it stands. */
export interface AccountEntry {
  readonly path: Path;
  readonly entry: Entry;
}

/** Destination and members, in the file's order. */
function accounts(file: SoundFile): AccountEntry[] {
  const members = (file.members ?? []).map((entry, index) => ({ path: ["members", index], entry }));
  return [{ path: ["destination"], entry: file.destination }, ...members].flatMap(
    ({ path, entry }) => (entry === undefined ? [] : [{ path, entry }]),
  );
}

/** The trail of an account; what the schema refused stays missing and hides no default. */
function trailOf(
  file: SoundFile,
  entry: Entry,
): Partial<Omit<AccountTrail, "events" | "insights">> {
  return { ...DEFAULT_TRAIL, ...file.trail, ...entry.trail };
}

/** Each account has one entry, so each has one trail of ours and the bucket policy names it once. */
function accountsOnce(file: SoundFile, lineOf: LineOf): EntryProblem[] {
  const first = new Map<string, { path: Path; arn: string | undefined }>();
  return accounts(file).flatMap(({ path, entry }) => {
    if (entry.account === undefined) return [];
    const arn = arnOf(file, entry);
    const earlier = first.get(entry.account);
    if (earlier === undefined) {
      first.set(entry.account, { path, arn });
      return [];
    }
    const line = lineOf([...earlier.path, "account"]);
    const same = arn !== undefined && arn === earlier.arn;
    return [
      {
        path: [...path, "account"],
        found: `${entry.account} again: it is the account of ${formatPath(earlier.path)} in line ${line}${same ? `; two trails with one identity ${arn}` : ""}`,
        allowed: "each account once, as the destination or as a member",
        fix: "correct the account ID, or remove this entry",
      },
    ];
  });
}

function arnOf(file: SoundFile, entry: Entry): string | undefined {
  const { account, region } = entry;
  if (account === undefined || region === undefined) return undefined;
  const { name } = trailOf(file, entry);
  if (name === undefined) return undefined;
  return trailArn({
    partition: partitionOfRegion(region),
    homeRegion: region,
    accountId: account,
    name,
  });
}

/** An account can't use a region before it has opted in; and a slip of the pen looks like a new region. */
function homeRegions(file: SoundFile): EntryProblem[] {
  const acknowledged = new Set(file.optInRegions);
  return accounts(file).flatMap(({ path, entry: { region } }) => {
    if (region === undefined || acknowledged.has(region)) return [];
    const known = KNOWN_REGIONS.includes(region);
    if (known && !isOptInRegion(region)) return [];
    const meant = known ? undefined : nearest(region, KNOWN_REGIONS);
    return [
      {
        path: [...path, "region"],
        found: `${region}, ${known ? "an opt-in region" : "a region that is not known here"}`,
        allowed: "a region that every account has from the start, or one that optInRegions lists",
        fix: `${meant === undefined ? "take another region" : `did you mean ${meant}?`} (Or, once every account here has opted in, add optInRegions: [${region}])`,
      },
    ];
  });
}

/** Policies, roles and trails never cross a partition; the destination's region says which it is. */
function onePartition(file: SoundFile): EntryProblem[] {
  const home = file.destination?.region;
  if (home === undefined) return [];
  const partition = partitionOfRegion(home);
  const { regions, arns } = places(file);
  const strangers = [
    ...regions.map(({ path, value }) => ({ path, value, is: partitionOfRegion(value) })),
    ...arns.map(({ path, value }) => ({
      path,
      value,
      is: parseArn(value)?.partition ?? partition,
    })),
  ].filter(({ is }) => is !== partition);
  return strangers.map(({ path, value, is }) => ({
    path,
    found: `${value}, which is in partition ${is}`,
    allowed: `partition ${partition}, since the destination is in ${home}`,
    fix: "correct it, or give each partition an environment of its own",
  }));
}

interface Place {
  readonly path: Path;
  readonly value: string;
}

/** Every region and every ARN of the file. */
function places(file: SoundFile): { regions: Place[]; arns: Place[] } {
  const given = (path: Path, value: string | undefined): Place[] =>
    value === undefined ? [] : [{ path, value }];
  const entries = accounts(file);
  return {
    regions: [
      ...entries.flatMap(({ path, entry }) => given([...path, "region"], entry.region)),
      ...(file.destination?.query?.regions ?? []).flatMap((value, index) =>
        given(["destination", "query", "regions", index], value),
      ),
      ...(file.state?.backend === "s3" ? given(["state", "region"], file.state.region) : []),
    ],
    arns: [
      ...entries
        .flatMap(({ path, entry }) => [
          ...given([...path, "role"], entry.role),
          ...given([...path, "planRole"], entry.planRole),
        ])
        .filter(({ value }) => value.startsWith("arn:")),
      ...readers(file),
      ...keys(file),
      ...(file.state?.backend === "s3"
        ? [
            ...given(["state", "roleArn"], file.state.roleArn),
            ...given(["state", "planRoleArn"], file.state.planRoleArn),
          ]
        : []),
    ],
  };
}

/** The ARNs of who may read logs, and of who is spared from the denies. */
function readers({ destination }: SoundFile): Place[] {
  const role = destination?.hardening?.breakGlassRole;
  return [
    ...(destination?.readers ?? []).flatMap((reader, index) =>
      (reader?.principals ?? []).flatMap((value, place) =>
        value === undefined
          ? []
          : [{ path: ["destination", "readers", index, "principals", place], value }],
      ),
    ),
    ...(role?.startsWith("arn:")
      ? [{ path: ["destination", "hardening", "breakGlassRole"], value: role }]
      : []),
  ];
}

/** The ARNs of keys, each with the region of the bucket that it encrypts. */
function keys({ destination, state }: SoundFile): (Place & { readonly region?: string })[] {
  const found = [];
  if (destination?.encryption?.type === "sse-kms-existing" && destination.encryption.keyArn) {
    const { keyArn: value } = destination.encryption;
    found.push({
      path: ["destination", "encryption", "keyArn"],
      value,
      region: destination.region,
    });
  }
  if (destination?.query?.resultsKmsKeyArn) {
    found.push({
      path: ["destination", "query", "resultsKmsKeyArn"],
      value: destination.query.resultsKmsKeyArn,
      region: destination.region,
    });
  }
  if (state?.backend === "s3" && state.kmsKeyArn) {
    found.push({ path: ["state", "kmsKeyArn"], value: state.kmsKeyArn, region: state.region });
  }
  return found;
}

/** S3 takes a KMS key of the bucket's own region only. */
function keysInTheirRegions(file: SoundFile): EntryProblem[] {
  return keys(file).flatMap(({ path, value, region }) => {
    const actual = parseArn(value)?.region;
    return region === undefined || actual === region
      ? []
      : [
          {
            path,
            found: `a key in ${actual}`,
            allowed: `a key in ${region}, the region of the bucket`,
            fix: `name a key of ${region}, or move the bucket`,
          },
        ];
  });
}

/** CloudTrail refuses a multi-region trail without global service events. */
function globalEventsWithMultiRegion(file: SoundFile): EntryProblem[] {
  const found = new Map<string, Path>();
  for (const { path, entry } of accounts(file)) {
    const { multiRegion, includeGlobalServiceEvents } = trailOf(file, entry);
    if (multiRegion !== true || includeGlobalServiceEvents !== false) continue;
    // Point at what makes this account's trail so: once at the file's settings, else at its own.
    const own = (["includeGlobalServiceEvents", "multiRegion"] as const).find(
      (key) => entry.trail?.[key] !== undefined,
    );
    const at =
      own === undefined ? ["trail", "includeGlobalServiceEvents"] : [...path, "trail", own];
    found.set(formatPath(at), at);
  }
  return [...found.values()].map((path) => ({
    path,
    found: "a multi-region trail without global service events",
    allowed: "includeGlobalServiceEvents: true where multiRegion is true, which is the default",
    fix: "write includeGlobalServiceEvents: true, or multiRegion: false",
  }));
}

function bucketsApart({ destination, state }: SoundFile, lineOf: LineOf): EntryProblem[] {
  const first = new Map<string, Path>();
  const buckets: [Path, string | undefined][] = [
    [["destination", "bucket"], destination?.bucket],
    [["destination", "accessLogBucket"], destination?.accessLogBucket],
    [["destination", "query", "resultsBucket"], destination?.query?.resultsBucket],
    [["state", "bucket"], state?.backend === "s3" ? state.bucket : undefined],
  ];
  return buckets.flatMap(([path, bucket]) => {
    if (bucket === undefined) return [];
    const earlier = first.get(bucket);
    if (earlier === undefined) {
      first.set(bucket, path);
      return [];
    }
    return [
      {
        path,
        found: `${bucket}, which is ${formatPath(earlier)} in line ${lineOf(earlier)} too`,
        allowed: "a bucket for each purpose: logs, access logs, query results, state",
        fix: "name another bucket",
      },
    ];
  });
}

/** S3 refuses a rule that expires objects before they move. */
function expiryAfterTransition({ destination }: SoundFile): EntryProblem[] {
  const { transitionToGlacierDays: moved, expireDays: expired } = destination?.retention ?? {};
  return moved === undefined || expired === undefined || expired > moved
    ? []
    : [
        {
          path: ["destination", "retention", "expireDays"],
          found: `${expired}, with a transition to Glacier after ${moved} days`,
          allowed: `more than ${moved} days`,
          fix: "expire later, or leave transitionToGlacierDays out",
        },
      ];
}

function tagCount({ tags }: SoundFile): EntryProblem[] {
  const count = Object.keys(tags ?? {}).length;
  return count <= LIMITS.tagsPerTrail
    ? []
    : [
        {
          path: ["tags"],
          at: "key",
          found: `${count} tags`,
          allowed: `at most ${LIMITS.tagsPerTrail}, the limit of a trail`,
          fix: `remove ${count - LIMITS.tagsPerTrail}`,
        },
      ];
}

/** A second reason for the same would hide the first. */
function acknowledgedOnce({ acknowledgements }: SoundFile, lineOf: LineOf): EntryProblem[] {
  const first = new Map<string, Path>();
  return (acknowledgements ?? []).flatMap((entry, index) => {
    if (entry?.guard === undefined || entry.subject === undefined) return [];
    const path = ["acknowledgements", index];
    const key = `${entry.guard} ${entry.subject}`;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, path);
      return [];
    }
    return [
      {
        path: [...path, "subject"],
        found: `${entry.guard} for ${entry.subject} again: it is acknowledged in line ${lineOf([...earlier, "subject"])}`,
        allowed: "one acknowledgement for a guard and its subject",
        fix: "remove one of them",
      },
    ];
  });
}
