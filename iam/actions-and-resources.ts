/**
 * The Action, NotAction, Resource and NotResource elements.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
import { arnProblem } from "./arn-form";
import {
  fill,
  globTemplate,
  hasNoVariable,
  matchesGlob,
  matchesResource,
  resourcePattern,
  type Glob,
} from "./match";
import { listed, type Report } from "./policy-error";
import { parseTemplate, plain, type ContextKeys } from "./variables";

type Matcher = (value: string, context: ContextKeys) => boolean;

/** One of the four elements. */
export interface ElementList {
  /** Whether it is the Not… form. */
  readonly negated: boolean;
  /** Whether the list, Not… or not, holds the value. */
  readonly matches: Matcher;
  /** The element as text, for explanations: `Action "s3:GetObject", "s3:PutObject"`. */
  readonly text: string;
}

/** What resources may look like. */
export interface ResourceOptions {
  /** Whether the policy's version has policy variables. */
  readonly variables: boolean;
  /** Whether ARNs may lack parts, as in identity policies. */
  readonly incompleteArns: boolean;
}

/** Which of an element and its Not… form the statement has; it needs one and may not have both. */
export function exactlyOne(
  given: readonly string[],
  element: string,
  path: string,
  report: Report,
): string | undefined {
  if (given.length === 0)
    report(path, `has neither ${element} nor Not${element}; give one of them`);
  if (given.length === 2) report(path, `has both ${element} and Not${element}; keep one of them`);
  return given[0];
}

/** Stands in for an element with a problem; a document with problems is never evaluated. */
const NOTHING: ElementList = { negated: false, matches: () => false, text: "" };

function compileList(
  statement: Record<string, unknown>,
  element: "Action" | "Resource",
  path: string,
  report: Report,
  matcher: (texts: string[], path: string, report: Report) => Matcher,
): ElementList {
  const given = [element, `Not${element}`].filter((name) => statement[name] !== undefined);
  const name = exactlyOne(given, element, path, report);
  if (name === undefined) return NOTHING;
  const value = statement[name];
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  if (texts.length === 0 || !texts.every((text) => typeof text === "string")) {
    report(`${path}.${name}`, "is neither a text nor a list of texts with at least one");
    return NOTHING;
  }
  return {
    negated: name !== element,
    matches: matcher(texts, `${path}.${name}`, report),
    text: `${name} ${listed(texts)}`,
  };
}

/** Prepares Action or NotAction. */
export function compileActions(
  statement: Record<string, unknown>,
  path: string,
  report: Report,
): ElementList {
  return compileList(statement, "Action", path, report, actionMatcher);
}

/**
 * Reports what a role's trust policy may not speak of: it is about assuming the role.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
 */
export function reportOtherThanSts(
  statement: Record<string, unknown>,
  path: string,
  report: Report,
): void {
  if (statement.NotAction !== undefined)
    report(
      `${path}.NotAction`,
      "covers actions of other services, and a role's trust policy speaks of sts: actions alone; name them in Action",
    );
  const actions: unknown[] = [statement.Action].flat();
  for (const action of actions)
    if (typeof action === "string" && !/^sts:/i.test(action))
      report(
        `${path}.Action`,
        `${JSON.stringify(action)} is not allowed in a role's trust policy; sts: actions such as sts:AssumeRole are`,
      );
}

/** Prepares Resource or NotResource. */
export function compileResources(
  statement: Record<string, unknown>,
  options: ResourceOptions,
  path: string,
  report: Report,
): ElementList {
  return compileList(statement, "Resource", path, report, (texts, elementPath) =>
    resourceMatcher(texts, options, elementPath, report),
  );
}

function actionMatcher(texts: string[], path: string, report: Report): Matcher {
  for (const text of texts) {
    if (text !== "*" && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(text))
      report(
        path,
        `${JSON.stringify(text)} is not an action; write "*" or service:Action, where the action may have * and ?`,
      );
  }
  const patterns: Glob[] = texts.map((text) => globTemplate(plain(text.toLowerCase())) as Glob);
  return (action) => patterns.some((pattern) => matchesGlob(pattern, action.toLowerCase()));
}

function resourceMatcher(
  texts: string[],
  { variables, incompleteArns }: ResourceOptions,
  path: string,
  report: Report,
): Matcher {
  const matchers = texts.map((text): Matcher => {
    const completed = incompleteArns ? completeArn(text) : text;
    const parsed = variables ? parseTemplate(completed) : plain(completed);
    if ("problem" in parsed) {
      report(path, parsed.problem);
      return NOTHING.matches;
    }
    const template = globTemplate(parsed);
    const first = parsed[0];
    const isFixed = hasNoVariable(template);
    if (!isFixed && (first?.kind !== "written" || !/^arn:([^:]*:){4}/.test(first.text))) {
      report(
        path,
        `${JSON.stringify(text)} has a policy variable before the fifth colon; only the last part of an ARN may have one`,
      );
      return NOTHING.matches;
    }
    const wrong = completed === "*" ? undefined : arnProblem(completed);
    if (wrong !== undefined) {
      report(path, `${JSON.stringify(text)} is not a resource; write "*" or an ARN. It ${wrong}`);
      return NOTHING.matches;
    }
    if (isFixed) {
      const pattern = resourcePattern(template);
      return (resource) => matchesResource(pattern, resource);
    }
    return (resource, context) => {
      const filled = fill(template, context);
      return filled !== undefined && matchesResource(resourcePattern(filled), resource);
    };
  });
  return (resource, context) => matchers.some((matches) => matches(resource, context));
}

/**
 * In identity policies AWS completes an ARN that lacks parts: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`.
 */
function completeArn(text: string): string {
  const missing = 6 - text.split(":").length;
  return text.startsWith("arn:") && missing > 0 ? text + ":*".repeat(missing) : text;
}
