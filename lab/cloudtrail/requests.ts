/**
 * The parameters of CloudTrail's operations, as far as trails need them.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html
 */
import { z } from "zod";
import type { EventSelector } from "../../cloudtrail/selection/event-selectors";
import { validation } from "./errors";

const tags = z.array(z.object({ Key: z.string(), Value: z.string().optional() }));

const settings = {
  S3KeyPrefix: z.string().optional(),
  SnsTopicName: z.string().optional(),
  IncludeGlobalServiceEvents: z.boolean().optional(),
  IsMultiRegionTrail: z.boolean().optional(),
  EnableLogFileValidation: z.boolean().optional(),
  CloudWatchLogsLogGroupArn: z.string().optional(),
  CloudWatchLogsRoleArn: z.string().optional(),
  KmsKeyId: z.string().optional(),
  IsOrganizationTrail: z.boolean().optional(),
};

const eventSelector = z.object({
  // What it may be is said by InvalidEventSelectorsException, not here.
  ReadWriteType: z
    .custom<EventSelector["ReadWriteType"]>((value) => typeof value === "string")
    .default("All"),
  IncludeManagementEvents: z.boolean().default(true),
  DataResources: z
    .array(z.object({ Type: z.string(), Values: z.array(z.string()).default([]) }))
    .default([]),
  ExcludeManagementEventSources: z.array(z.string()).default([]),
});

const fieldValues = z.array(z.string()).min(1).optional();

const advancedEventSelector = z.object({
  Name: z.string().max(1000).optional(),
  FieldSelectors: z
    .array(
      z.object({
        Field: z.string(),
        Equals: fieldValues,
        StartsWith: fieldValues,
        EndsWith: fieldValues,
        NotEquals: fieldValues,
        NotStartsWith: fieldValues,
        NotEndsWith: fieldValues,
      }),
    )
    .min(1),
});

const insightSelector = z.object({
  InsightType: z.string().optional(),
  EventCategories: z.array(z.string()).optional(),
});

export const createTrailRequest = z.object({
  Name: z.string(),
  S3BucketName: z.string(),
  ...settings,
  TagsList: tags.optional(),
});
export const updateTrailRequest = z.object({
  Name: z.string(),
  S3BucketName: z.string().optional(),
  ...settings,
});
export const trailRequest = z.object({ Name: z.string() });
export const describeTrailsRequest = z.object({
  trailNameList: z.array(z.string()).default([]),
  includeShadowTrails: z.boolean().default(true),
});
export const trailNameRequest = z.object({ TrailName: z.string() });
export const putEventSelectorsRequest = z.object({
  TrailName: z.string(),
  EventSelectors: z.array(eventSelector).optional(),
  AdvancedEventSelectors: z.array(advancedEventSelector).optional(),
});
export const putInsightSelectorsRequest = z.object({
  TrailName: z.string(),
  InsightSelectors: z.array(insightSelector),
});
export const tagsRequest = z.object({ ResourceId: z.string(), TagsList: tags });
export const listTagsRequest = z.object({ ResourceIdList: z.array(z.string()).min(1).max(20) });
const seconds = z.number().optional();
export const lookupEventsRequest = z.object({
  LookupAttributes: z
    .array(z.object({ AttributeKey: z.string(), AttributeValue: z.string() }))
    .default([]),
  StartTime: seconds,
  EndTime: seconds,
  EventCategory: z.string().optional(),
  MaxResults: z.number().optional(),
  NextToken: z.string().optional(),
});
export const listPublicKeysRequest = z.object({ StartTime: seconds, EndTime: seconds });

export type CreateTrailRequest = z.infer<typeof createTrailRequest>;
export type UpdateTrailRequest = z.infer<typeof updateTrailRequest>;
export type LookupEventsRequest = z.infer<typeof lookupEventsRequest>;
export type InsightSelector = z.infer<typeof insightSelector>;
export type Tag = z.infer<typeof tags>[number];

/** @throws ServiceError ValidationException that lists every fault */
export function readParameters<T>(
  schema: z.ZodType<T>,
  parameters: Readonly<Record<string, unknown>>,
): T {
  const result = schema.safeParse(parameters);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${path.join(".") || "request"}: ${message}`,
  );
  throw validation(`${faults.length} validation error(s) detected: ${faults.join("; ")}`);
}
