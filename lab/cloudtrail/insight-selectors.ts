/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html */
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import { invalidInsightSelectors } from "./errors";
import type { InsightSelector } from "./requests";

const TYPES = ["ApiCallRateInsight", "ApiErrorRateInsight"];
const CATEGORIES = ["Management", "Data"];

/** @throws ServiceError InvalidInsightSelectorsException */
export function checkInsightSelectors(selectors: readonly InsightSelector[]): void {
  for (const { InsightType: type, EventCategories: categories = [] } of selectors) {
    if (type === undefined || !TYPES.includes(type))
      throw invalidInsightSelectors(`InsightType ${type} is none of ${TYPES.join(", ")}.`);
    const other = categories.find((category) => !CATEGORIES.includes(category));
    if (other !== undefined)
      throw invalidInsightSelectors(`EventCategory ${other} is none of ${CATEGORIES.join(", ")}.`);
  }
  const types = selectors.map(({ InsightType }) => InsightType);
  if (new Set(types).size < types.length)
    throw invalidInsightSelectors("An InsightType may be there only once.");
}

/**
 * Whether a trail gets an Insights event. Those of the local AWS are about management events, as a
 * selector is that names no category.
 */
export function selectsInsight(
  selectors: readonly InsightSelector[],
  { insightDetails }: CloudTrailRecord,
): boolean {
  return selectors.some(
    ({ InsightType, EventCategories = ["Management"] }) =>
      InsightType === insightDetails?.insightType && EventCategories.includes("Management"),
  );
}
