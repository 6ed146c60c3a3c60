/**
 * The rules for event selectors, and how a trail's selection is answered.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
import { LIMITS } from "../../cloudtrail/limits";
import { invalidEventSelectors } from "./errors";
import type { AdvancedEventSelector, EventSelector } from "./requests";
import type { EventSelection } from "./trails";

/** What a trail records until it is told otherwise: all management events, no data events. */
export const DEFAULT_EVENT_SELECTORS: readonly EventSelector[] = [
  {
    ReadWriteType: "All",
    IncludeManagementEvents: true,
    DataResources: [],
    ExcludeManagementEventSources: [],
  },
];

/** The ARNs that select all of an account's resources of a type, which the limits do not count. */
const DATA_RESOURCES: Readonly<Record<string, { all: RegExp; some: RegExp }>> = {
  "AWS::S3::Object": {
    all: /^arn:[a-z-]+:s3(:::)?$/,
    some: /^arn:[a-z-]+:s3:::[a-z0-9.-]+\/.*$/,
  },
  "AWS::Lambda::Function": {
    all: /^arn:[a-z-]+:lambda$/,
    some: /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:.+$/,
  },
  "AWS::DynamoDB::Table": {
    all: /^arn:[a-z-]+:dynamodb$/,
    some: /^arn:[a-z-]+:dynamodb:[a-z0-9-]+:\d{12}:table\/.+$/,
  },
};

const EXCLUDABLE_SOURCES = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/** Fields that any category of events can be selected by. */
const ANY_CATEGORY = ["eventCategory", "eventSource", "readOnly", "sessionCredentialFromConsole"];

/** Event category → the fields that its events can be selected by. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Management: [...ANY_CATEGORY, "eventName", "eventType", "userIdentity.arn"],
  Data: [
    ...ANY_CATEGORY,
    "eventName",
    "eventType",
    "resources.ARN",
    "resources.type",
    "userIdentity.arn",
  ],
  NetworkActivity: ["eventCategory", "eventName", "eventSource", "errorCode", "vpcEndpointId"],
};

const EQUALS_ONLY = ["readOnly", "eventCategory", "resources.type"];

const OPERATORS = [
  "Equals",
  "StartsWith",
  "EndsWith",
  "NotEquals",
  "NotStartsWith",
  "NotEndsWith",
] as const;

/**
 * @returns what the trail selects from now on
 * @throws ServiceError InvalidEventSelectorsException
 */
export function eventSelection(
  basic: readonly EventSelector[] | undefined,
  advanced: readonly AdvancedEventSelector[] | undefined,
): EventSelection {
  if (basic?.length && advanced?.length)
    throw invalidEventSelectors(
      "You can use either EventSelectors or AdvancedEventSelectors, but not both.",
    );
  if (advanced?.length) {
    checkAdvanced(advanced);
    return { kind: "advanced", selectors: advanced };
  }
  checkBasic(basic ?? []);
  return { kind: "basic", selectors: basic ?? [] };
}

function checkBasic(selectors: readonly EventSelector[]): void {
  if (selectors.length < 1 || selectors.length > LIMITS.eventSelectors)
    throw invalidEventSelectors(
      `A trail needs 1 to ${LIMITS.eventSelectors} event selectors; ${selectors.length} were given.`,
    );
  for (const selector of selectors) {
    if (!["All", "ReadOnly", "WriteOnly"].includes(selector.ReadWriteType))
      throw invalidEventSelectors(
        `ReadWriteType ${selector.ReadWriteType} is none of All, ReadOnly, WriteOnly.`,
      );
    for (const source of selector.ExcludeManagementEventSources)
      if (!EXCLUDABLE_SOURCES.includes(source))
        throw invalidEventSelectors(
          `${source} cannot be excluded: only ${EXCLUDABLE_SOURCES.join(", ")} can.`,
        );
    if (!selector.IncludeManagementEvents) {
      if (selector.ExcludeManagementEventSources.length > 0)
        throw invalidEventSelectors(
          "ExcludeManagementEventSources needs IncludeManagementEvents to be true.",
        );
      if (selector.DataResources.length === 0)
        throw invalidEventSelectors(
          "An event selector has to include management events or data resources.",
        );
    }
    for (const { Type, Values } of selector.DataResources)
      for (const value of Values) checkDataResource(Type, value);
  }
  const counted = selectors
    .flatMap(({ DataResources }) => DataResources)
    .flatMap(({ Type, Values }) => Values.filter((v) => !DATA_RESOURCES[Type]?.all.test(v)));
  if (counted.length > LIMITS.dataResources)
    throw invalidEventSelectors(
      `A trail may have ${LIMITS.dataResources} data resources; ${counted.length} were given.`,
    );
}

function checkDataResource(type: string, value: string): void {
  const form = DATA_RESOURCES[type];
  if (form === undefined)
    throw invalidEventSelectors(
      `Data resource type ${type} is none of ${Object.keys(DATA_RESOURCES).join(", ")}.`,
    );
  if (!form.all.test(value) && !form.some.test(value))
    throw invalidEventSelectors(`Value ${value} for data resources of type ${type} is invalid.`);
}

function checkAdvanced(selectors: readonly AdvancedEventSelector[]): void {
  const values = selectors
    .flatMap(({ FieldSelectors }) => FieldSelectors)
    .flatMap((field) => OPERATORS.flatMap((operator) => field[operator] ?? []));
  if (values.length > LIMITS.advancedSelectorValues)
    throw invalidEventSelectors(
      `Advanced event selectors may have ${LIMITS.advancedSelectorValues} values; ${values.length} were given.`,
    );
  selectors.forEach(checkAdvancedSelector);
}

function checkAdvancedSelector({ FieldSelectors: fields }: AdvancedEventSelector): void {
  const names = fields.map(({ Field }) => Field);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalidEventSelectors(`Field ${repeated} is there twice.`);
  const category = only(fields, "eventCategory");
  const allowed = category === undefined ? undefined : FIELDS[category];
  if (allowed === undefined)
    throw invalidEventSelectors(
      `Every advanced event selector needs the field eventCategory, equal to one of ${Object.keys(FIELDS).join(", ")}.`,
    );
  for (const field of fields) {
    if (!allowed.includes(field.Field))
      throw invalidEventSelectors(
        `Field ${field.Field} cannot select ${category} events: only ${allowed.join(", ")} can.`,
      );
    const used = OPERATORS.filter((operator) => field[operator] !== undefined);
    if (used.length === 0) throw invalidEventSelectors(`Field ${field.Field} has no operator.`);
    if (EQUALS_ONLY.includes(field.Field) && used.join() !== "Equals")
      throw invalidEventSelectors(`Field ${field.Field} may only be used with Equals.`);
  }
  if (category === "Data" && only(fields, "resources.type") === undefined)
    throw invalidEventSelectors("Data events need the field resources.type, equal to one value.");
  if (category === "NetworkActivity" && only(fields, "eventSource") === undefined)
    throw invalidEventSelectors(
      "Network activity events need the field eventSource, equal to one value.",
    );
}

/** The one value that a field has to equal. */
function only(fields: AdvancedEventSelector["FieldSelectors"], name: string): string | undefined {
  const values = fields.find(({ Field }) => Field === name)?.Equals;
  return values?.length === 1 ? values[0] : undefined;
}
