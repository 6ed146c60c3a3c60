/**
 * The Condition element.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import { closest } from "fastest-levenshtein";
import { isObject } from "./json";
import { OPERATORS, type Operator, type ValueTest } from "./operators";
import { listed, PolicyError, type Report } from "./policy-error";
import { isResolved, parseTemplate, plain, type ContextKeys, type Template } from "./variables";

/** One operator with one key: all of a statement's have to hold. */
export interface Condition {
  /** Why it does not hold for these keys; undefined where it holds. */
  readonly failure: (context: ContextKeys) => string | undefined;
}

type Qualifier = "ForAllValues" | "ForAnyValue" | undefined;

interface OperatorName {
  readonly qualifier: Qualifier;
  readonly name: string;
  readonly ifExists: boolean;
}

/** `ForAnyValue:StringLikeIfExists` in its three parts. */
function splitOperatorName(full: string): OperatorName {
  const colon = full.indexOf(":");
  const qualifier = full.slice(0, Math.max(colon, 0));
  const name = full.slice(colon + 1);
  const known = qualifier === "ForAllValues" || qualifier === "ForAnyValue";
  const ifExists = name.endsWith("IfExists");
  return known || colon < 0
    ? {
        qualifier: known ? qualifier : undefined,
        name: ifExists ? name.slice(0, -"IfExists".length) : name,
        ifExists,
      }
    : { qualifier: undefined, name: full, ifExists: false };
}

function unknownOperator(full: string, name: string): string {
  const suggestion = closest(name, [...OPERATORS.keys(), "Null"]);
  return `${full} is not a condition operator; did you mean ${suggestion}? IAM's operators, each with IfExists or a leading ForAllValues: or ForAnyValue: if need be, are: ${[...OPERATORS.keys()].join(", ")}; and Null, without either`;
}

/**
 * Prepares a Condition element.
 *
 * @param variables whether the policy's version has policy variables
 */
export function compileConditions(
  element: unknown,
  variables: boolean,
  path: string,
  report: Report,
): readonly Condition[] {
  if (!isObject(element)) {
    report(path, "is not an object of operators, each with its keys and values");
    return [];
  }
  return Object.entries(element).flatMap(([operatorName, keys]) => {
    const operatorPath = `${path}.${operatorName}`;
    if (!isObject(keys)) {
      report(operatorPath, "is not an object of condition keys, each with one value or a list");
      return [];
    }
    const { qualifier, name, ifExists } = splitOperatorName(operatorName);
    const operator = OPERATORS.get(name);
    const isNull = operatorName === "Null";
    if (operator === undefined && !isNull) {
      report(operatorPath, unknownOperator(operatorName, name));
      return [];
    }
    return Object.entries(keys).flatMap(([key, value]) => {
      const keyPath = `${operatorPath}.${key}`;
      if (!/^[\w-]+:./.test(key))
        report(
          keyPath,
          `${JSON.stringify(key)} is not a condition key; keys look like aws:SourceArn`,
        );
      const values = readValues(value, keyPath, report);
      if (values === undefined) return [];
      const lowerKey = key.toLowerCase();
      return operator === undefined
        ? nullCondition(key, lowerKey, values, keyPath, report)
        : {
            failure: conditionFailure({
              operatorName,
              key,
              lowerKey,
              values,
              qualifier,
              ifExists,
              operator,
              test: operator.prepare(
                readTemplates(values, operator, variables, keyPath, report),
                (message, index) => report(`${keyPath}[${index}]`, message),
              ),
            }),
          };
    });
  });
}

interface Comparison {
  readonly operatorName: string;
  readonly key: string;
  readonly lowerKey: string;
  readonly values: readonly string[];
  readonly qualifier: Qualifier;
  readonly ifExists: boolean;
  readonly operator: Operator;
  readonly test: ValueTest;
}

function conditionFailure(comparison: Comparison): Condition["failure"] {
  const { operatorName, key, lowerKey, values, qualifier, ifExists, operator, test } = comparison;
  const inPolicy = `the policy has ${listed(values)}`;
  const failed = (found: string) => `Condition ${operatorName} of ${key}: ${found}; ${inPolicy}`;
  const holds = (value: string, context: ContextKeys) => test(value, context) !== operator.negated;

  return (context) => {
    const found = context.get(lowerKey);
    const given = typeof found === "string" ? [found] : found;
    if (given === undefined || given.length === 0) {
      if (qualifier === "ForAnyValue" && ifExists)
        throw new PolicyError([
          {
            path: "",
            message: `Condition ${operatorName} of ${key}: the request does not have this key, and AWS's two rules disagree: IfExists makes the condition true, ForAnyValue makes it false. Leave out IfExists, or test the key with Null in a statement of its own`,
          },
        ]);
      // "ForAnyValue … if the key does not exist, the condition returns false", negated or not.
      const whenMissing =
        ifExists || qualifier === "ForAllValues" || (qualifier === undefined && operator.negated);
      return whenMissing ? undefined : failed("the request does not have this key");
    }
    switch (qualifier) {
      case "ForAllValues": {
        // An empty text counts as no value here, by AWS's text on the Arn operators.
        if (given.length === 1 && given[0] === "") return undefined;
        const odd = given.find((value) => !holds(value, context));
        return odd === undefined
          ? undefined
          : failed(`the request has ${JSON.stringify(odd)} among its values`);
      }
      case "ForAnyValue":
        return given.some((value) => holds(value, context))
          ? undefined
          : failed(`the request has ${listed(given)}`);
      case undefined:
        // "Multivalued context keys require a condition set operator": without one AWS documents no
        // outcome.
        if (typeof found !== "string")
          throw new PolicyError([
            {
              path: "",
              message: `Condition ${operatorName} of ${key}: the request's key is multivalued, which takes ForAllValues:${operatorName} or ForAnyValue:${operatorName}`,
            },
          ]);
        return holds(found, context)
          ? undefined
          : failed(`the request has ${JSON.stringify(found)}`);
    }
  };
}

function nullCondition(
  key: string,
  lowerKey: string,
  values: readonly string[],
  path: string,
  report: Report,
): Condition[] {
  if (values.length !== 1 || !/^(true|false)$/i.test(values[0] as string)) {
    report(
      path,
      `has ${listed(values)}; "true" (the key is absent) or "false" (it is present) are allowed`,
    );
    return [];
  }
  const wantsAbsent = (values[0] as string).toLowerCase() === "true";
  return [
    {
      failure: (context) => {
        const absent = (context.get(lowerKey)?.length ?? 0) === 0 && context.get(lowerKey) !== "";
        if (absent === wantsAbsent) return undefined;
        return `Condition Null of ${key}: the request ${absent ? "does not have" : "has"} this key; the policy wants it ${wantsAbsent ? "absent" : "present"}`;
      },
    },
  ];
}

/** One value or a list, each a text, number or boolean, as texts. */
function readValues(value: unknown, path: string, report: Report): string[] | undefined {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) {
    report(path, "has an empty list; give at least one value");
    return undefined;
  }
  const texts: string[] = [];
  for (const one of values) {
    if (typeof one === "string" || typeof one === "number" || typeof one === "boolean")
      texts.push(String(one));
    else
      report(path, `has the value ${JSON.stringify(one)}; texts, numbers and booleans are allowed`);
  }
  return texts;
}

function readTemplates(
  values: readonly string[],
  operator: Operator,
  variables: boolean,
  path: string,
  report: Report,
): readonly Template[] {
  if (!variables) return values.map(plain);
  return values.map((value, index) => {
    const template = parseTemplate(value);
    if ("problem" in template) {
      report(`${path}[${index}]`, template.problem);
      return plain(value);
    }
    if (!operator.takesVariables && !isResolved(template)) {
      report(
        `${path}[${index}]`,
        `${JSON.stringify(value)} has a policy variable, which only the String and Arn operators take`,
      );
      return plain(value);
    }
    return template;
  });
}
