import { z } from "zod";
import { GUARD_IDS } from "../rules/guard-ids";
import { day } from "./values";
import { must, oneOf, text } from "./wording";

/** What a guard of the plan review finds, and why it is all right. */
export const acknowledgement = z.strictObject({
  guard: oneOf(GUARD_IDS).describe("The guard's name, as the review prints it"),
  subject: text({
    noun: "a subject",
    example: "222222222222",
    problem: must(/^[!-~]([ -~]{0,2046}[!-~])?$/, "must be what the review prints as the subject"),
    repair: (value) => value.trim(),
    description: "What the guard names, as the review prints it: an account, a bucket, an ARN",
  }),
  reason: text({
    noun: "a reason",
    example: "The account is closed on 2026-03-01, ticket 4711",
    problem: (value) =>
      value.trim().length >= 10 && value.length <= 500
        ? undefined
        : "must have 10 to 500 characters: who reads it later has nothing else",
    advice: () => "say why it is all right, and who decided it",
    description: "Why it is all right",
  }),
  until: day(
    "The last day, in UTC, on which it counts, at most a year ahead. Without it a warning says so",
  ).optional(),
});
