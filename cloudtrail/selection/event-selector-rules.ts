/**
 * AWS's rules for the selectors of a trail.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
import { type Arn, bucketOfArn, hasPlace, parseArn, serviceOfAll } from "../../cloudtrail/arn";
import {
  type AdvancedEventSelector,
  type AdvancedFieldSelector,
  type DataResource,
  type EventSelection,
  type EventSelector,
  type SelectorOperator,
  OPERATORS,
} from "./event-selectors";
import { LIMITS } from "../limits";

/** What the values of a basic selector's data resources name. */
const DATA_RESOURCES: Readonly<Record<string, { service: string; some: (arn: Arn) => boolean }>> = {
  "AWS::S3::Object": {
    service: "s3",
    some: (arn) => bucketOfArn(arn) !== undefined && /^[a-z0-9.-]+\//.test(arn.resource),
  },
  "AWS::Lambda::Function": {
    service: "lambda",
    some: (arn) => hasPlace(arn) && /^function:./.test(arn.resource),
  },
  "AWS::DynamoDB::Table": {
    service: "dynamodb",
    some: (arn) => hasPlace(arn) && /^table\/./.test(arn.resource),
  },
};

/** All of an account's resources of a type, which the limits do not count. */
function isAllOf(type: string, value: string): boolean {
  const service = serviceOfAll(value);
  return service !== undefined && service === DATA_RESOURCES[type]?.service;
}

function isSome(type: string, value: string): boolean {
  const arn = parseArn(value);
  const form = DATA_RESOURCES[type];
  return arn !== undefined && form?.service === arn.service && form.some(arn);
}

const READ_WRITE_TYPES = ["All", "ReadOnly", "WriteOnly"];
const EXCLUDABLE_SOURCES = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/** Event category → the fields that a trail can select its events by. */
export const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Management: ["eventCategory", "eventSource", "readOnly"],
  Data: [
    "eventCategory",
    "eventName",
    "eventSource",
    "eventType",
    "readOnly",
    "resources.ARN",
    "resources.type",
    "sessionCredentialFromConsole",
    "userIdentity.arn",
  ],
  NetworkActivity: ["eventCategory", "eventName", "eventSource", "errorCode", "vpcEndpointId"],
};

/** The operators of fields that do not take all of them. */
const FIELD_OPERATORS: Readonly<Record<string, readonly SelectorOperator[]>> = {
  eventCategory: ["Equals"],
  readOnly: ["Equals"],
  "resources.type": ["Equals"],
  sessionCredentialFromConsole: ["Equals", "NotEquals"],
};

/** All that AWS would refuse a selection for, as sentences; none where it takes it. */
export function selectionProblems(selection: EventSelection): string[] {
  return selection.kind === "basic"
    ? basicProblems(selection.selectors)
    : advancedProblems(selection.selectors);
}

function basicProblems(selectors: readonly EventSelector[]): string[] {
  const { length } = selectors;
  const counted = selectors
    .flatMap(({ DataResources }) => DataResources)
    .flatMap(({ Type, Values }) => Values.filter((v) => !isAllOf(Type, v)));
  return [
    ...(length < 1 || length > LIMITS.eventSelectors
      ? [`A trail needs 1 to ${LIMITS.eventSelectors} event selectors; ${length} were given.`]
      : []),
    ...selectors.flatMap(basicSelectorProblems),
    ...(counted.length > LIMITS.dataResources
      ? [
          `A trail may have ${LIMITS.dataResources} data resources; ${counted.length} were given. Select all of a type, which is not counted, or use advanced event selectors.`,
        ]
      : []),
  ];
}

function basicSelectorProblems(selector: EventSelector): string[] {
  const { ReadWriteType, IncludeManagementEvents, DataResources } = selector;
  const excluded = selector.ExcludeManagementEventSources;
  return [
    ...(READ_WRITE_TYPES.includes(ReadWriteType)
      ? []
      : [`ReadWriteType ${ReadWriteType} is none of ${READ_WRITE_TYPES.join(", ")}.`]),
    ...excluded
      .filter((source) => !EXCLUDABLE_SOURCES.includes(source))
      .map((source) => `${source} cannot be excluded: only ${EXCLUDABLE_SOURCES.join(", ")} can.`),
    ...(!IncludeManagementEvents && excluded.length > 0
      ? ["ExcludeManagementEventSources needs IncludeManagementEvents to be true."]
      : []),
    ...(!IncludeManagementEvents && DataResources.length === 0
      ? ["An event selector has to include management events or data resources."]
      : []),
    ...DataResources.flatMap(dataResourceProblems),
  ];
}

function dataResourceProblems({ Type, Values }: DataResource): string[] {
  const form = DATA_RESOURCES[Type];
  return form === undefined
    ? [`Data resource type ${Type} is none of ${Object.keys(DATA_RESOURCES).join(", ")}.`]
    : [
        ...(Values.length === 0 ? [`Data resources of type ${Type} have no value.`] : []),
        ...Values.filter((value) => !isAllOf(Type, value) && !isSome(Type, value)).map(
          (value) => `Value ${value} for data resources of type ${Type} is invalid.`,
        ),
      ];
}

function advancedProblems(selectors: readonly AdvancedEventSelector[]): string[] {
  const count = selectors
    .flatMap(({ FieldSelectors }) => FieldSelectors)
    .flatMap((field) => OPERATORS.flatMap((operator) => field[operator] ?? [])).length;
  return [
    ...(selectors.length < 1 ? ["A trail needs an event selector; none was given."] : []),
    ...(count > LIMITS.advancedSelectorValues
      ? [
          `Advanced event selectors may have ${LIMITS.advancedSelectorValues} values; ${count} were given.`,
        ]
      : []),
    ...selectors.flatMap(advancedSelectorProblems),
  ];
}

function advancedSelectorProblems({
  Name = "",
  FieldSelectors: fields,
}: AdvancedEventSelector): string[] {
  const names = fields.map(({ Field }) => Field);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const category = only(fields, "eventCategory");
  const allowed = category === undefined ? undefined : FIELDS[category];
  return [
    ...repeated.map((name) => `Field ${name} is there twice.`),
    ...(allowed === undefined
      ? [
          `Every advanced event selector needs the field eventCategory, equal to one of ${Object.keys(FIELDS).join(", ")}.`,
        ]
      : names
          .filter((name) => !allowed.includes(name))
          .map(
            (name) =>
              `Field ${name} cannot select ${category} events: only ${allowed.join(", ")} can.`,
          )),
    ...(Buffer.byteLength(Name) > LIMITS.selectorNameBytes
      ? [`A selector's name may have ${LIMITS.selectorNameBytes} bytes.`]
      : []),
    ...(fields.length === 0 ? ["An event selector needs a field selector; none was given."] : []),
    ...fields.flatMap(fieldProblems),
    ...(category === "Management" ? managementSourceProblems(fields) : []),
    ...(category === "Data" && only(fields, "resources.type") === undefined
      ? ["Data events need the field resources.type, equal to one value."]
      : []),
    ...(category === "NetworkActivity" && only(fields, "eventSource") === undefined
      ? ["Network activity events need the field eventSource, equal to one value."]
      : []),
  ];
}

function fieldProblems(field: AdvancedFieldSelector): string[] {
  const { Field } = field;
  const used = OPERATORS.filter((operator) => field[operator] !== undefined);
  const empty = used.filter((operator) => field[operator]?.length === 0);
  const allowed = FIELD_OPERATORS[Field] ?? OPERATORS;
  const sizes = used
    .flatMap((operator) => field[operator] ?? [])
    .map((one) => Buffer.byteLength(one));
  return [
    ...(sizes.some((size) => size < 1 || size > LIMITS.selectorValueBytes)
      ? [`A value of field ${Field} may have 1 to ${LIMITS.selectorValueBytes} bytes.`]
      : []),
    ...(used.length === 0 ? [`Field ${Field} has no operator.`] : []),
    ...empty.map((operator) => `Field ${Field} has no value for ${operator}.`),
    ...(used.some((operator) => !allowed.includes(operator))
      ? [`Field ${Field} may only be used with ${allowed.join(" and ")}.`]
      : []),
  ];
}

/** A trail can leave two services' management events out, and select no service's alone. */
function managementSourceProblems(fields: readonly AdvancedFieldSelector[]): string[] {
  const field = fields.find(({ Field }) => Field === "eventSource");
  if (field === undefined) return [];
  const sound =
    OPERATORS.every((operator) => operator === "NotEquals" || field[operator] === undefined) &&
    (field.NotEquals ?? []).every((source) => EXCLUDABLE_SOURCES.includes(source));
  return sound
    ? []
    : [
        `Field eventSource of Management events may only be used with NotEquals and ${EXCLUDABLE_SOURCES.join(", ")}.`,
      ];
}

/** The one value that a field has to equal. */
function only(fields: readonly AdvancedFieldSelector[], name: string): string | undefined {
  const values = fields.find(({ Field }) => Field === name)?.Equals;
  return values?.length === 1 ? values[0] : undefined;
}
