import { S3ServiceException } from "@aws-sdk/client-s3";
import { causeOf } from "../cloudtrail/digests/digest-check";
import type { VerifyFinding } from "./verdict";

/** The name of an error of S3's. An answer to HEAD has no body that names it. */
export function causeInS3(error: unknown): string {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403
    ? REFUSED
    : causeOf(error);
}

/** S3's and KMS's name for what a policy does not allow. */
export const REFUSED = "AccessDenied";

/**
 * The findings. Those of one cause that stood in the way of looking are one, with their count,
 * which names the first object.
 */
export function oneForEachCause(findings: readonly VerifyFinding[]): VerifyFinding[] {
  const causes = new Map<string, VerifyFinding[]>();
  const grouped = findings.map((finding) => {
    if (finding.cause === undefined) return [finding];
    const group = causes.get(finding.cause) ?? [];
    causes.set(finding.cause, group);
    group.push(finding);
    return group;
  });
  return grouped.flatMap((group, index) => (grouped.indexOf(group) === index ? asOne(group) : []));
}

function asOne(group: readonly VerifyFinding[]): VerifyFinding {
  // What names an object has S3's own words, too.
  const first = group.find(({ key }) => key !== undefined) ?? group[0]!;
  const count = group.filter(({ key }) => key !== undefined).length;
  return count < 2
    ? first
    : { ...first, text: `${first.text} So it is with ${count} files; the first is named.`, count };
}
