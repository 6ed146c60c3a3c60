/** A review's parts in words, the same for Markdown and for the terminal. */
import type { PolicyDifference } from "../rights/policies";
import { isBlocked, type Review, type ReviewedResource, type ReviewedStack } from "../report";

/** How a text of others is shown. */
export type Show = (text: string) => string;

const VERDICTS: Readonly<Record<Exclude<Review["verdict"], "incomplete">, string>> = {
  clean: "Nothing changes.",
  changes: "Changes, and nothing that a guard blocks.",
  blocked: "Blocked: a guard stands against it.",
};

/** The verdict as a sentence. */
export function verdictSentence(review: Review): string {
  const { verdict, missing, totals } = review;
  if (verdict === "clean" && totals.drifted > 0)
    return "A deploy changes nothing, and leaves what was changed outside of Terraform as it is.";
  if (verdict !== "incomplete") return VERDICTS[verdict];
  const all = missing.length + totals.stacks;
  const incomplete = `Incomplete: ${missing.length} of ${all} ${all === 1 ? "stack" : "stacks"} could not be planned.`;
  return isBlocked(review) ? `${incomplete} ${VERDICTS.blocked}` : incomplete;
}

/** `2 of 300 stacks change: 1 to create, 3 to update.` */
export function totalsSentence({ totals }: Review): string {
  const { stacks, stacksThatChange, outputs, ...counts } = totals;
  const words = [
    ...(["create", "update", "replace", "destroy", "forget"] as const).map(
      (action) => [counts[action], `to ${action}`] as const,
    ),
    ...(["moved", "imported"] as const).map((what) => [counts[what], what] as const),
    [outputs, outputs === 1 ? "output to change" : "outputs to change"] as const,
    [counts.drifted, "changed outside of Terraform"] as const,
  ]
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`);
  return `${stacksThatChange} of ${stacks} ${stacks === 1 ? "stack changes" : "stacks change"}${words.length === 0 ? "" : `: ${words.join(", ")}`}.`;
}

/** Acknowledgements that are reported; the JSON has all. */
const ACKNOWLEDGEMENTS = 10;

/**
 * `trail-stops for 222222222222: expired after …`: what is to be looked at in acknowledgements,
 * expired first.
 */
export function acknowledgementLines(review: Review, show: Show): string[] {
  const { unusedAcknowledgements: unused, doubtfulAcknowledgements: doubtful } = review;
  const expired = doubtful.filter(({ doubt }) => doubt === "expired");
  const isExpired = ({ guard, subject }: (typeof unused)[number]): boolean =>
    expired.some((one) => one.guard === guard && one.subject === subject);
  const all = [
    ...expired,
    ...unused
      .filter((one) => !isExpired(one))
      .map((one) => ({ ...one, what: "nothing was found for it; remove it" })),
    ...doubtful.filter((one) => !isExpired(one)),
  ].map(({ guard, subject, what }) => `${show(guard)} for ${show(subject)}: ${what}`);
  const rest = all.length - ACKNOWLEDGEMENTS;
  return [
    ...all.slice(0, ACKNOWLEDGEMENTS),
    ...(rest > 0 ? [`and ${rest} more, which the JSON has`] : []),
  ];
}

/** `aws_cloudtrail.x: update (moved from …)` */
export function resourceLine(resource: ReviewedResource, show: Show): string {
  const { address, action, actionReason, previousAddress, importedId } = resource;
  const notes = [
    ...(actionReason === undefined ? [] : [`because ${show(actionReason)}`]),
    ...(previousAddress === undefined ? [] : [`moved from ${show(previousAddress)}`]),
    ...(importedId === undefined
      ? []
      : [importedId === "" ? "imported" : `imported as ${show(importedId)}`]),
  ];
  return `${action} ${show(address)}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
}

/** `aws_s3_bucket.x: replication_configuration[0]` */
export function outsideLine({ address, action, attributes }: ReviewedResource, show: Show): string {
  const paths = attributes.map(({ path }) => show(path)).join(", ");
  return `${action} of ${show(address)}${paths === "" ? "" : `: ${paths}`}`;
}

/** `outputs: create log_bucket; update trails` */
export function outputsLine({ outputs }: ReviewedStack, show: Show): string {
  const parts = (["create", "update", "destroy"] as const).flatMap((action) => {
    const names = outputs.filter((one) => one.action === action).map(({ name }) => show(name));
    return names.length === 0 ? [] : [`${action} ${names.join(", ")}`];
  });
  return `outputs: ${parts.join("; ")}`;
}

/** `bucket policy, 1,024 → 1,110 of 20,480 bytes` */
export function policyTitle({ resource, size }: PolicyDifference): string {
  const bytes = (count: number | undefined): string =>
    count === undefined ? "none" : count.toLocaleString("en");
  return `${resource} policy, ${bytes(size.before)} → ${bytes(size.after)} of ${size.limit.toLocaleString("en")} bytes`;
}

/** How far a right goes, as the end of a sentence. */
export const RIGHT_LEVELS = {
  denied: "no",
  "if-identity-allows": "if its own account's policies allow it",
  allowed: "yes",
} as const;
