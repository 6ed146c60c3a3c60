import { z } from "zod";
import { ACCESSES, EVENT_PRESETS, INSIGHT_TYPES } from "../../cloudtrail/selection/event-settings";
import { advancedSelector, basicSelector } from "./selector-schema";
import { accountId, bucketName, trailName } from "./values";
import { flag, oneOf } from "./wording";

/** What trails have unless the file says otherwise. */
export const DEFAULT_TRAIL = {
  name: "central-trail",
  multiRegion: true,
  includeGlobalServiceEvents: true,
  logFileValidation: true,
} as const;

const recordedBucket = z.strictObject({
  name: bucketName.describe("A bucket, of any account, whose object-level events are recorded"),
  events: oneOf(ACCESSES).optional().meta({ description: "Which of them", default: "all" }),
  owner: accountId
    .optional()
    .describe("The account that owns the bucket, to be warned where only redacted copies exist"),
});

/** The selection of events, which rules look at only where it is sound. */
export const trailEvents = z.strictObject({
  preset: oneOf(EVENT_PRESETS).optional().meta({
    description:
      "s3-…: object-level events of all buckets but the log buckets; cis-…: the same by the CIS benchmark's numbers",
    default: "management-only",
  }),
  managementEvents: oneOf([...ACCESSES, "none"])
    .optional()
    .meta({ description: "Which management events", default: "all" }),
  s3Buckets: z
    .array(recordedBucket)
    .min(1)
    .optional()
    .describe("Single buckets whose object-level events are recorded, beside the preset's"),
  basicSelectors: z
    .array(basicSelector)
    .min(1)
    .optional()
    .describe("Basic selectors in place of the above, in the API's own words"),
  advancedSelectors: z
    .array(advancedSelector)
    .min(1)
    .optional()
    .describe("Advanced selectors in place of the above, in the API's own words"),
  otherManagementTrail: flag.optional().meta({
    description:
      "Another trail records the account's management events already; a warning says where this one's copy is billed",
    default: false,
  }),
});

/** The kinds of Insights, which rules look at only where they are sound. */
export const trailInsights = z.array(oneOf(INSIGHT_TYPES));

/** An account's trail. */
export const trail = z.strictObject({
  name: trailName.optional().meta({ default: DEFAULT_TRAIL.name }),
  multiRegion: flag.optional().meta({
    description: "One trail for all enabled regions of the account",
    default: DEFAULT_TRAIL.multiRegion,
  }),
  includeGlobalServiceEvents: flag.optional().meta({
    description: "Events of IAM, STS and CloudFront; a multi-region trail must have them",
    default: DEFAULT_TRAIL.includeGlobalServiceEvents,
  }),
  logFileValidation: flag.optional().meta({
    description: "Digest files, which prove that log files are unchanged",
    default: DEFAULT_TRAIL.logFileValidation,
  }),
  events: trailEvents
    .optional()
    .describe("Which events. Default: all management events, and no selector is written"),
  insights: trailInsights
    .optional()
    .describe("Insights into management events, which cost extra. Default: none"),
});
