import { z } from "zod";
import { LIMITS } from "../../cloudtrail/limits";
import { flag, oneOf, text } from "./wording";

/**
 * Raw event selectors in an environment file: the API's own words, as `aws cloudtrail
 * get-event-selectors` prints them. AWS's rules for them are in
 * cloudtrail/selection/event-selector-rules.ts.
 */

const plain = (
  noun: string,
  example: string,
  description: string,
  bytes: number = LIMITS.selectorValueBytes,
): z.ZodString =>
  text({
    noun,
    example,
    description,
    problem: (value) =>
      /^.+$/.test(value) && Buffer.byteLength(value) <= bytes
        ? undefined
        : `must be one line of 1 to ${bytes} bytes`,
  });

const values = z
  .array(plain("a value", "arn:aws:s3:::example-bucket/", "One value, without wildcards"))
  .min(1);

/** A basic event selector. */
export const basicSelector = z.strictObject({
  ReadWriteType: oneOf(["All", "ReadOnly", "WriteOnly"])
    .optional()
    .meta({ description: "Events that read, that write, or both", default: "All" }),
  IncludeManagementEvents: flag
    .optional()
    .meta({ description: "Whether management events are recorded", default: true }),
  DataResources: z
    .array(
      z.strictObject({
        Type: plain("a resource type", "AWS::S3::Object", "S3 objects, functions or tables"),
        Values: values.describe("Beginnings of ARNs of S3 objects; whole ARNs of the others"),
      }),
    )
    .optional()
    .describe("Resources whose data events are recorded. Default: none"),
  ExcludeManagementEventSources: z
    .array(plain("an event source", "kms.amazonaws.com", "A service whose events are left out"))
    .optional()
    .describe("Services whose management events are left out. Default: none"),
});

const operator = (description: string) => values.optional().describe(description);

/** An advanced event selector. */
export const advancedSelector = z.strictObject({
  Name: plain(
    "a name",
    "Log all but one bucket",
    "For people",
    LIMITS.selectorNameBytes,
  ).optional(),
  FieldSelectors: z
    .array(
      z.strictObject({
        Field: plain("a field", "eventCategory", "A field of the event's record"),
        Equals: operator("Lets in what equals a value"),
        StartsWith: operator("Lets in what starts with a value"),
        EndsWith: operator("Lets in what ends with a value"),
        NotEquals: operator("Keeps out what equals a value"),
        NotStartsWith: operator("Keeps out what starts with a value"),
        NotEndsWith: operator("Keeps out what ends with a value"),
      }),
    )
    .min(1)
    .describe("Conditions that an event has to fulfil, all of them"),
});
