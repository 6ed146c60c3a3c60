import { LIMITS } from "../../cloudtrail/limits";
import { type EntryProblem, formatPath, type Path } from "../schema/problems";
import { checkAccountRules } from "./account-rules";
import { checkDestinationRules } from "./destination-rules";
import { checkEndpoint } from "./endpoint-rules";
import { checkEventRules, checkProviderFields } from "./event-rules";
import { checkPartitionRules } from "./partition-rules";
import { checkRoleRules } from "./role-rules";
import type { LineOf, SoundFile } from "./sound-file";

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
    ...checkAccountRules(file, lineOf),
    ...checkPartitionRules(file),
    ...checkRoleRules(file),
    ...bucketsApart(file, lineOf),
    ...tagCount(file),
    ...acknowledgedOnce(file, lineOf),
    ...checkEndpoint(file, endpointHosts),
    ...checkDestinationRules(file, lineOf),
    ...checkEventRules(file),
    ...checkProviderFields(file, installedMajor),
  ];
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
