import { accountFolder } from "../../cloudtrail/files/log-layout";
import type { Environment } from "../../envs/types";
import { table } from "../../text/table";
import { reportLines } from "../verify/text";
import type { RedactedEvent } from "./redacted-event";
import { allProblems, type DemoResult, HOURS } from "./result";

/** The result for people. */
export function described({ destination }: Environment, result: DemoResult): string[] {
  const { trails, calls } = result;
  const problems = allProblems(result);
  return [
    "",
    "What CloudTrail says in each account (GetTrail, GetTrailStatus):",
    ...table([
      ["ACCOUNT", "NAME", "LOGGING", "DELIVERS TO", "KEY", "TRAIL"],
      ...trails.map((trail) => [
        trail.accountId,
        trail.accountName,
        trail.isLogging ? "yes" : "no",
        trail.s3BucketName === undefined
          ? "-"
          : `s3://${trail.s3BucketName}/${accountFolder(trail.accountId, trail.s3KeyPrefix)}`,
        trail.kmsKeyId?.split("/").at(-1) ?? "SSE-S3",
        trail.trailArn,
      ]),
    ]).map(indented),
    "",
    "The calls that created them, in the order of their answers:",
    ...table([
      ["CALL", "ACCOUNT", "ACTION"],
      ...calls.map(({ seq, accountId, action }) => [String(seq), accountId, action]),
    ]).map(indented),
    "",
    `What lies in the log bucket ${HOURS} hours later, as \`central-trail verify\` says it:`,
    ...reportLines(result.verification, process.stdout).map(indented),
    ...(result.redactedEvent ? describedEvent(result.redactedEvent) : []),
    "",
    problems.length === 0
      ? `All right: ${trails.length} trails log to ${destination.bucket}, made in AWS's order, and their files are proven.`
      : "Not all right:",
  ];
}

function describedEvent({ caller, bucket, callerCopy, owner }: RedactedEvent): string[] {
  const lines = [
    `${caller} asked for an object of the bucket ${bucket}, which is another account's, and was denied.`,
    `Its own copy of the event: resources ${JSON.stringify(callerCopy?.resources ?? "(not found)")}`,
    owner === undefined || owner.how === "unknown"
      ? "Who owns the bucket was not found."
      : `The owner, by the ${owner.how} (event ${owner.eventID}): ${owner.ownerAccountId}`,
  ];
  return ["", "A redacted event, and its owner found again:", ...lines.map(indented)];
}

function indented(line: string): string {
  return line === "" ? "" : `  ${line}`;
}
