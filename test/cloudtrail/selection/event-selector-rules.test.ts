import { selectionProblems } from "../../../cloudtrail/selection/event-selector-rules";
import {
  type AdvancedFieldSelector,
  DEFAULT_EVENT_SELECTORS,
  type EventSelection,
  type EventSelector,
} from "../../../cloudtrail/selection/event-selectors";

const basic = (...selectors: Partial<EventSelector>[]): EventSelection => ({
  kind: "basic",
  selectors: selectors.map((selector) => ({ ...DEFAULT_EVENT_SELECTORS[0]!, ...selector })),
});
const advanced = (...FieldSelectors: AdvancedFieldSelector[]): EventSelection => ({
  kind: "advanced",
  selectors: [{ FieldSelectors }],
});
const arns = (count: number) =>
  Array.from({ length: count }, (_, index) => `arn:aws:s3:::bucket-${index}/`);
const s3 = (...Values: string[]) => ({ DataResources: [{ Type: "AWS::S3::Object", Values }] });
const MANAGEMENT = { Field: "eventCategory", Equals: ["Management"] };
const DATA = { Field: "eventCategory", Equals: ["Data"] };
const OBJECTS = { Field: "resources.type", Equals: ["AWS::S3::Object"] };

test.each<[string, EventSelection]>([
  ["5 selectors", basic({}, {}, {}, {}, {})],
  ["250 data resources and all of a type", basic(s3(...arns(250)), s3("arn:aws:s3"))],
  ["500 values", advanced(DATA, OBJECTS, { Field: "resources.ARN", StartsWith: arns(498) })],
  [
    "KMS left out",
    advanced(MANAGEMENT, { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] }),
  ],
])("nothing is wrong with %s", (_, selection) => {
  expect(selectionProblems(selection)).toEqual([]);
});

test.each<[string, EventSelection, ...string[]]>([
  ["6 selectors", basic({}, {}, {}, {}, {}, {}), "1 to 5 event selectors; 6 were given"],
  ["251 data resources", basic(s3(...arns(251))), "250 data resources; 251 were given"],
  [
    "501 values",
    advanced(DATA, OBJECTS, { Field: "resources.ARN", StartsWith: arns(499) }),
    "500 values; 501 were given",
  ],
  ["no advanced selector", { kind: "advanced", selectors: [] }, "none was given"],
  [
    "an operator without values",
    advanced({ ...MANAGEMENT, NotEquals: [] }),
    "no value for NotEquals",
    "only be used with Equals",
  ],
  ["data resources without values", basic(s3()), "of type AWS::S3::Object have no value"],
  [
    "a service's management events alone",
    advanced(MANAGEMENT, { Field: "eventSource", Equals: ["ec2.amazonaws.com"] }),
    "may only be used with NotEquals and kms.amazonaws.com, rdsdata.amazonaws.com",
  ],
  [
    "management events by name, which only event data stores can",
    advanced(MANAGEMENT, { Field: "eventName", Equals: ["RunInstances"] }),
    "Field eventName cannot select Management events",
  ],
  [
    "everything at once",
    basic({
      ...s3("arn:aws:s3:::*"),
      ReadWriteType: "Read" as "All",
      IncludeManagementEvents: false,
      ExcludeManagementEventSources: ["s3.amazonaws.com"],
    }),
    "ReadWriteType Read is none of",
    "s3.amazonaws.com cannot be excluded",
    "needs IncludeManagementEvents",
    "Value arn:aws:s3:::* for data resources",
  ],
])("says what is wrong: %s", (_, selection, ...expected) => {
  const problems = selectionProblems(selection);
  expect(problems).toEqual(expected.map((part) => expect.stringContaining(part) as unknown));
});
