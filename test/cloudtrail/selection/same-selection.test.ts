import fc from "fast-check";
import type {
  AdvancedEventSelector,
  EventSelection,
} from "../../../cloudtrail/selection/event-selectors";
import { DEFAULT_EVENT_SELECTORS } from "../../../cloudtrail/selection/event-selectors";
import { sameSelection } from "../../../cloudtrail/selection/same-selection";

const advanced = (...selectors: AdvancedEventSelector[]): EventSelection => ({
  kind: "advanced",
  selectors,
});
const MANAGEMENT = { FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] };
const DATA = {
  Name: "data",
  FieldSelectors: [
    { Field: "eventCategory", Equals: ["Data"] },
    { Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::a/", "arn:aws:s3:::b/"] },
  ],
};
const SELECTION = advanced(MANAGEMENT, DATA);

test("order, names and operators without values mean nothing", () => {
  const [category, arn] = DATA.FieldSelectors;
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (fields, values, selectors) => {
      const answered = {
        ...arn!,
        Equals: [],
        NotStartsWith: values ? [...arn!.NotStartsWith!].reverse() : arn!.NotStartsWith!,
      };
      const data = { FieldSelectors: fields ? [answered, category!] : [category!, answered] };
      const other = selectors ? advanced(data, MANAGEMENT) : advanced(MANAGEMENT, data);
      expect(sameSelection(SELECTION, other)).toBe(true);
    }),
  );
});

const basic = (changes: object): EventSelection => ({
  kind: "basic",
  selectors: [{ ...DEFAULT_EVENT_SELECTORS[0]!, ...changes }],
});

test.each<[string, EventSelection, EventSelection]>([
  ["one selector less", SELECTION, advanced(MANAGEMENT)],
  ["the other kind", SELECTION, basic({})],
  ["read events only", basic({}), basic({ ReadWriteType: "ReadOnly" })],
  ["no management events", basic({}), basic({ IncludeManagementEvents: false })],
  ["a source left out", basic({}), basic({ ExcludeManagementEventSources: ["kms.amazonaws.com"] })],
  [
    "data events of a bucket",
    basic({}),
    basic({ DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::b/"] }] }),
  ],
  [
    "another value",
    SELECTION,
    advanced(MANAGEMENT, {
      FieldSelectors: [
        DATA.FieldSelectors[0]!,
        { Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::a/"] },
      ],
    }),
  ],
  [
    "another operator",
    SELECTION,
    advanced(MANAGEMENT, {
      FieldSelectors: [
        DATA.FieldSelectors[0]!,
        { Field: "resources.ARN", StartsWith: ["arn:aws:s3:::a/", "arn:aws:s3:::b/"] },
      ],
    }),
  ],
])("%s is another selection", (_what, a, b) => {
  expect(sameSelection(a, b)).toBe(false);
  expect(sameSelection(b, b)).toBe(true);
});
