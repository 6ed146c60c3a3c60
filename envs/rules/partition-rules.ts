import { isArn, parseArn } from "../../cloudtrail/arn";
import { partitionOfRegion } from "../../cloudtrail/regions";
import type { EntryProblem, Path } from "../schema/problems";
import { accountsOf, type SoundFile } from "./sound-file";

/** What must hold for the partitions and regions of all that the file names. */
export function checkPartitionRules(file: SoundFile): EntryProblem[] {
  return [...onePartition(file), ...keysInTheirRegions(file)];
}

/**
 * Policies, roles and trails never cross a partition; the destination's region says which it is.
 */
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
  const entries = accountsOf(file);
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
        .filter(({ value }) => isArn(value)),
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
    ...(role !== undefined && isArn(role)
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
