import { isDeepStrictEqual } from "node:util";
import {
  type AdvancedEventSelector,
  type EventSelection,
  type EventSelector,
  OPERATORS,
} from "./event-selectors";

/**
 * Whether two selections are written alike, but for what means nothing: the order of selectors,
 * fields and values, and names. Two that select the same events in other words are not alike.
 */
export function sameSelection(a: EventSelection, b: EventSelection): boolean {
  return isDeepStrictEqual(normalForm(a), normalForm(b));
}

function normalForm(selection: EventSelection): unknown {
  const selectors =
    selection.kind === "basic"
      ? selection.selectors.map(basicForm)
      : selection.selectors.map(advancedForm);
  return { kind: selection.kind, selectors: sorted(selectors) };
}

function basicForm(selector: EventSelector): unknown {
  return {
    readWrite: selector.ReadWriteType,
    management: selector.IncludeManagementEvents,
    excluded: sorted(selector.ExcludeManagementEventSources),
    resources: sorted(selector.DataResources.map(({ Type, Values }) => [Type, sorted(Values)])),
  };
}

function advancedForm({ FieldSelectors }: AdvancedEventSelector): unknown {
  return sorted(
    FieldSelectors.map((field) => [
      field.Field,
      // AWS answers operators that are not used as null or as an empty list.
      ...OPERATORS.map((operator) => sorted(field[operator] ?? [])),
    ]),
  );
}

function sorted<T>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
