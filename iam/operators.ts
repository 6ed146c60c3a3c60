/**
 * The condition operators: what each does with the values of a policy and one value of a request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { arnProblem } from "./arn-form";
import { parseDate } from "./dates";
import { ipRangeHolds, parseIpAddress, parseIpRange, type IpRange } from "./ip-range";
import {
  couldMatch,
  fill,
  globTemplate,
  hasNoVariable,
  isLiteral,
  matchesArn,
  matchesGlob,
  splitArn,
  type Glob,
  type GlobTemplate,
} from "./match";
import { PolicyError } from "./policy-error";
import {
  isResolved,
  resolveText,
  textOf,
  type ContextKeys,
  type Resolved,
  type Template,
} from "./variables";

/** Whether a value of the request matches at least one of the policy's values. */
export type ValueTest = (value: string, context: ContextKeys) => boolean;

/** What one operator does. */
export interface Operator {
  /** Whether it is true where nothing matches: `StringNotEquals` and its like. */
  readonly negated: boolean;
  /**
   * Whether its values may hold policy variables. AWS's pages disagree on Bool (the operators' page
   * says yes, the variables' page no), so a variable there is refused.
   */
  readonly takesVariables: boolean;
  /** Prepares the policy's values; hands what is wrong with one of them to `report`. */
  readonly prepare: (
    values: readonly Template[],
    report: (message: string, index: number) => void,
  ) => ValueTest;
}

/** Texts compared as they are; case is folded by `fold`. */
function textOperator(negated: boolean, fold: (text: string) => string): Operator {
  return {
    negated,
    takesVariables: true,
    prepare(values) {
      const fixed = new Set(values.filter(isResolved).map((value) => fold(textOf(value))));
      const variable = values.filter((value) => !isResolved(value));
      return (value, context) =>
        fixed.has(fold(value)) ||
        variable.some((template) => {
          const text = resolveText(template, context);
          return text !== undefined && fold(text) === fold(value);
        });
    },
  };
}

/**
 * Texts compared as patterns. Those without a wildcard go into a set, so that a list of a thousand
 * exact values costs one look-up.
 */
function patternOperator<P>(
  negated: boolean,
  compile: (pattern: Glob) => P,
  test: (pattern: P, value: string) => boolean,
  problem: (text: string) => string | undefined,
): Operator {
  return {
    negated,
    takesVariables: true,
    prepare(values, report) {
      const fixed = new Set<string>();
      const patterns: P[] = [];
      const variable: GlobTemplate[] = [];
      for (const [index, value] of values.entries()) {
        const template = globTemplate(value);
        if (!hasNoVariable(template)) {
          variable.push(template);
          continue;
        }
        const pattern = compile(template);
        const text = textOf(value as Resolved);
        const wrong = problem(text);
        if (wrong !== undefined) report(`${JSON.stringify(text)} ${wrong}`, index);
        if (isLiteral(template)) fixed.add(template.join(""));
        else patterns.push(pattern);
      }
      return (value, context) =>
        fixed.has(value) ||
        patterns.some((pattern) => test(pattern, value)) ||
        variable.some((template) => {
          const filled = couldMatch(template, value) ? fill(template, context) : undefined;
          return filled !== undefined && test(compile(filled), value);
        });
    },
  };
}

/**
 * Values of a type of their own. A value that is not of that type, in policy or request, is an
 * error.
 */
function typedOperator<T, V = T>(
  negated: boolean,
  parseWanted: (text: string) => T | { readonly problem: string },
  parseValue: (text: string) => V | { readonly problem: string },
  test: (value: V, wanted: T) => boolean,
): Operator {
  return {
    negated,
    takesVariables: false,
    prepare(values, report) {
      const wanted: T[] = [];
      for (const [index, value] of values.entries()) {
        const parsed = parseWanted(textOf(value as Resolved));
        if (isProblem(parsed)) report(parsed.problem, index);
        else wanted.push(parsed);
      }
      return (text) => {
        const value = parseValue(text);
        if (isProblem(value)) {
          throw new PolicyError([{ path: "", message: `the request's value ${value.problem}` }]);
        }
        return wanted.some((one) => test(value, one));
      };
    },
  };
}

function isProblem(value: unknown): value is { readonly problem: string } {
  return typeof value === "object" && value !== null && "problem" in value;
}

function parseNumber(text: string): number | { readonly problem: string } {
  return /^-?\d+(\.\d+)?$/.test(text)
    ? Number(text)
    : { problem: `${JSON.stringify(text)} is not a number; write digits, as in 10 or 0.5` };
}

function parseBoolean(text: string): boolean | { readonly problem: string } {
  const lower = text.toLowerCase();
  return lower === "true" || lower === "false"
    ? lower === "true"
    : { problem: `${JSON.stringify(text)} is neither "true" nor "false"` };
}

function parseBinary(text: string): string | { readonly problem: string } {
  return /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
    ? Buffer.from(text, "base64").toString("latin1")
    : { problem: `${JSON.stringify(text)} is not base64` };
}

function parseAddress(
  text: string,
): (ReturnType<typeof parseIpAddress> & object) | { readonly problem: string } {
  return parseIpAddress(text) ?? { problem: `${JSON.stringify(text)} is not an IP address` };
}

type Compare = (value: number, wanted: number) => boolean;

function ordered(
  family: string,
  parse: (text: string) => number | { readonly problem: string },
): [string, Operator][] {
  const compare: Record<string, Compare> = {
    Equals: (value, wanted) => value === wanted,
    LessThan: (value, wanted) => value < wanted,
    LessThanEquals: (value, wanted) => value <= wanted,
    GreaterThan: (value, wanted) => value > wanted,
    GreaterThanEquals: (value, wanted) => value >= wanted,
  };
  return [
    ...Object.entries(compare).map(([name, test]): [string, Operator] => [
      `${family}${name}`,
      typedOperator(false, parse, parse, test),
    ]),
    [`${family}NotEquals`, typedOperator(true, parse, parse, (value, wanted) => value === wanted)],
  ];
}

const same = (text: string) => text;
const lower = (text: string) => text.toLowerCase();
const like = (negated: boolean) =>
  patternOperator(
    negated,
    (pattern) => pattern,
    matchesGlob,
    () => undefined,
  );
const arn = (negated: boolean) =>
  patternOperator(negated, splitArn, matchesArn, (text) => {
    const problem = arnProblem(text);
    return (
      problem &&
      `is not an ARN: it ${problem}. Each part may have wildcards; for another text use StringLike`
    );
  });
const ip = (negated: boolean) =>
  typedOperator<IpRange, ReturnType<typeof parseIpAddress> & object>(
    negated,
    parseIpRange,
    parseAddress,
    (address, range) => ipRangeHolds(range, address),
  );

/** Every operator but Null, by its name without qualifier and without IfExists. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["StringEquals", textOperator(false, same)],
  ["StringNotEquals", textOperator(true, same)],
  ["StringEqualsIgnoreCase", textOperator(false, lower)],
  ["StringNotEqualsIgnoreCase", textOperator(true, lower)],
  ["StringLike", like(false)],
  ["StringNotLike", like(true)],
  ["ArnEquals", arn(false)],
  ["ArnLike", arn(false)],
  ["ArnNotEquals", arn(true)],
  ["ArnNotLike", arn(true)],
  ["Bool", typedOperator(false, parseBoolean, parseBoolean, (value, wanted) => value === wanted)],
  [
    "BinaryEquals",
    typedOperator(false, parseBinary, parseBinary, (value, wanted) => value === wanted),
  ],
  ["IpAddress", ip(false)],
  ["NotIpAddress", ip(true)],
  ...ordered("Numeric", parseNumber),
  ...ordered("Date", parseDate),
]);
