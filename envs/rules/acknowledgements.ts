import type { Acknowledgement } from "../types";

/** Why an acknowledgement is to be looked at; an `expired` one does not count any more. */
export type AcknowledgementDoubt = "expired" | "no-end" | "distant-end";

/**
 * What is doubtful about an acknowledgement on a day.
 *
 * @param today in UTC: `2026-01-31`
 */
export function acknowledgementDoubt(
  { until }: Pick<Acknowledgement, "until">,
  today: string,
): AcknowledgementDoubt | undefined {
  if (until === undefined) return "no-end";
  // Days of this form are in the order of their texts.
  if (until < today) return "expired";
  return until > yearAfter(today) ? "distant-end" : undefined;
}

/** The doubt as the end of a sentence, with what to do; all words are ours. */
export function doubtWords(
  doubt: AcknowledgementDoubt,
  until: string | undefined,
  today: string,
): string {
  const latest = yearAfter(today);
  return {
    expired: `expired after ${until} and does not count any more; remove it, or decide anew and write a later until`,
    "no-end": `counts for ever; add the line until: ${latest}, or an earlier day, the last on which it counts`,
    "distant-end": `counts until ${until}, which is more than a year; write until: ${latest}, or earlier`,
  }[doubt];
}

/** Sentences on what is doubtful about an environment's acknowledgements. */
export function acknowledgementWarnings(
  acknowledgements: readonly Acknowledgement[] | undefined,
  today: string,
): string[] {
  return (acknowledgements ?? []).flatMap((entry) => {
    const doubt = acknowledgementDoubt(entry, today);
    return doubt === undefined
      ? []
      : [
          `The acknowledgement of ${entry.guard} for ${entry.subject} ${doubtWords(doubt, entry.until, today)}.`,
        ];
  });
}

function yearAfter(day: string): string {
  return `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`.replace("-02-29", "-02-28");
}
