/**
 * A trail's selection of events as the AWS provider's blocks, in the one form that it reads back
 * equal: any other form is a difference that every plan shows again.
 */
import type { CloudtrailConfig } from "@cdktf/provider-aws/lib/cloudtrail";
import {
  type AdvancedEventSelector,
  DEFAULT_EVENT_SELECTORS,
  type EventSelection,
  type EventSelector,
} from "../../cloudtrail/selection/event-selectors";
import type { InsightType } from "../../cloudtrail/selection/event-settings";

/** The blocks of `aws_cloudtrail`. */
export type EventBlocks = Pick<
  CloudtrailConfig,
  "eventSelector" | "advancedEventSelector" | "insightSelector"
>;

/**
 * The blocks of a selection. Lists of values are sorted and without repetitions, since the provider
 * compares them in order; an empty list is not a block at all.
 *
 * @param selection undefined for CloudTrail's default, for which no block is written
 */
export function eventBlocks(
  selection: EventSelection | undefined,
  insights: readonly InsightType[],
): EventBlocks {
  return {
    ...selectorBlocks(selection),
    ...(insights.length === 0
      ? {}
      : { insightSelector: sorted(insights)?.map((insightType) => ({ insightType })) }),
  };
}

function selectorBlocks(selection: EventSelection | undefined): EventBlocks {
  if (selection === undefined) return {};
  if (selection.kind === "advanced")
    return { advancedEventSelector: selection.selectors.map(advancedBlock) };
  // The provider reads CloudTrail's default back as no block, so writing one never ends.
  if (isDefault(selection.selectors)) return {};
  return { eventSelector: selection.selectors.map(basicBlock) };
}

/** Whether basic selectors are what CloudTrail has by itself. */
function isDefault(selectors: readonly EventSelector[]): boolean {
  return JSON.stringify(selectors) === JSON.stringify(DEFAULT_EVENT_SELECTORS);
}

type Blocks<T> = Extract<T, readonly unknown[]>[number];

function basicBlock(selector: EventSelector): Blocks<EventBlocks["eventSelector"]> {
  return {
    readWriteType: selector.ReadWriteType,
    includeManagementEvents: selector.IncludeManagementEvents,
    excludeManagementEventSources: sorted(selector.ExcludeManagementEventSources),
    dataResource: selector.DataResources.map(({ Type, Values }) => ({
      type: Type,
      values: sorted(Values) ?? [],
    })),
  };
}

function advancedBlock({
  Name,
  FieldSelectors,
}: AdvancedEventSelector): Blocks<EventBlocks["advancedEventSelector"]> {
  return {
    name: Name,
    fieldSelector: FieldSelectors.map((field) => ({
      field: field.Field,
      equalTo: sorted(field.Equals),
      startsWith: sorted(field.StartsWith),
      endsWith: sorted(field.EndsWith),
      notEquals: sorted(field.NotEquals),
      notStartsWith: sorted(field.NotStartsWith),
      notEndsWith: sorted(field.NotEndsWith),
    })),
  };
}

function sorted(values: readonly string[] | undefined): string[] | undefined {
  return values === undefined || values.length === 0 ? undefined : [...new Set(values)].sort();
}
