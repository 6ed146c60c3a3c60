/** How PutEventSelectors takes a selection. */
import { selectionProblems } from "../../cloudtrail/selection/event-selector-rules";
import type {
  AdvancedEventSelector,
  EventSelection,
  EventSelector,
} from "../../cloudtrail/selection/event-selectors";
import { invalidEventSelectors } from "./errors";

/**
 * @returns what the trail selects from now on
 * @throws ServiceError InvalidEventSelectorsException that lists every fault
 */
export function eventSelection(
  basic: readonly EventSelector[] | undefined,
  advanced: readonly AdvancedEventSelector[] | undefined,
): EventSelection {
  if (basic?.length && advanced?.length)
    throw invalidEventSelectors(
      "You can use either EventSelectors or AdvancedEventSelectors, but not both.",
    );
  const selection: EventSelection = advanced?.length
    ? { kind: "advanced", selectors: advanced }
    : { kind: "basic", selectors: basic ?? [] };
  const problems = selectionProblems(selection);
  if (problems.length > 0) throw invalidEventSelectors(problems.join(" "));
  return selection;
}
