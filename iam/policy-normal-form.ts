/**
 * Policy documents in one form each: whatever means the same to IAM looks the same. The order of
 * statements, keys and values means nothing, nor does one value in place of a list of one; the
 * names of actions, operators and condition keys have no case; `{"AWS": "*"}` is `"*"`, and an
 * account's root is the account.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { isObject } from "./json";

/** One element of a statement, or one condition of it. */
export interface NormalElement {
  /** The same for whatever means the same: `action`, `condition stringequals aws:sourcearn`. */
  readonly key: string;
  /** As it is written: `Condition StringEquals aws:SourceArn`. */
  readonly name: string;
  /** The values in their normal form → as they are written, in the order of the former. */
  readonly values: ReadonlyMap<string, string>;
}

/** One statement. */
export interface NormalStatement {
  /**
   * Its Sid.
   * @default - it has none, or an empty one
   */
  readonly sid?: string;
  /** `Allow` or `Deny`, as it is written. */
  readonly effect: string;
  /** Principal, action, resource and each condition, by {@link NormalElement.key}. */
  readonly elements: ReadonlyMap<string, NormalElement>;
  /** The statement as text, without its Sid: the same for whatever means the same. */
  readonly content: string;
}

/** A document. */
export interface NormalPolicy {
  /** A document without a version has the old one. */
  readonly version: string;
  /** In the order of their content. */
  readonly statements: readonly NormalStatement[];
}

/** Whether a value looks like a policy document: it has statements with effects. */
export function isPolicy(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || value.Statement === undefined) return false;
  const statements = listOf(value.Statement);
  return statements.length > 0 && statements.every((one) => isObject(one) && "Effect" in one);
}

/** The document in its normal form. What is not a statement at all is left out. */
export function normalPolicy(document: unknown): NormalPolicy {
  const given = isObject(document) ? document : {};
  return {
    version: typeof given.Version === "string" ? given.Version : "2008-10-17",
    statements: listOf(given.Statement).filter(isObject).map(normalStatement).sort(byContent),
  };
}

/** The document's normal form as one text. Its Id is left out, which means nothing. */
export function normalText(document: unknown): string {
  const { version, statements } = normalPolicy(document);
  return JSON.stringify([version, ...statements.map(({ sid, content }) => [sid ?? "", content])]);
}

function byContent(a: NormalStatement, b: NormalStatement): number {
  return compare(`${a.content}\n${a.sid ?? ""}`, `${b.content}\n${b.sid ?? ""}`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function normalStatement(statement: Record<string, unknown>): NormalStatement {
  const { Sid: sid, Effect: effect, ...rest } = statement;
  const elements = Object.entries(rest)
    .flatMap(([name, value]) => normalElements(name, value))
    .sort((a, b) => compare(a.key, b.key));
  const said = typeof effect === "string" ? effect : JSON.stringify(effect);
  return {
    ...(typeof sid === "string" && sid !== "" ? { sid } : {}),
    effect: said,
    elements: new Map(elements.map((element) => [element.key, element])),
    content: JSON.stringify([said, ...elements.map(({ key, values }) => [key, ...values.keys()])]),
  };
}

function normalElements(name: string, value: unknown): NormalElement[] {
  const element = (values: [string, string][], key = name.toLowerCase(), shown = name) => ({
    key,
    name: shown,
    values: new Map(values.sort(([a], [b]) => compare(a, b))),
  });
  switch (name) {
    case "Action":
    case "NotAction":
      return [element(texts(value).map((text) => [text.toLowerCase(), text]))];
    case "Principal":
    case "NotPrincipal":
      return [element(principals(value).map((text) => [text, text]))];
    case "Condition":
      return isObject(value)
        ? Object.entries(value).flatMap(([operator, keys]) =>
            Object.entries(isObject(keys) ? keys : {}).map(([key, values]) => {
              const truth = /^(.*:)?(Bool|Null)(IfExists)?$/i.test(operator);
              return element(
                texts(values).map((text) => [truth ? text.toLowerCase() : text, text]),
                `condition ${operator.toLowerCase()} ${key.toLowerCase()}`,
                `Condition ${operator} ${key}`,
              );
            }),
          )
        : [element([[JSON.stringify(value), JSON.stringify(value)]])];
    default:
      return [element(texts(value).map((text) => [text, text]))];
  }
}

/** Numbers and truth values in conditions mean the same as their text. */
function texts(value: unknown): string[] {
  return listOf(value).map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
}

function principals(value: unknown): string[] {
  if (!isObject(value)) return texts(value);
  return Object.entries(value).flatMap(([kind, names]) =>
    texts(names).map((name) => {
      if (kind !== "AWS") return `${kind} ${name}`;
      if (name === "*") return "*";
      return `AWS ${/^arn:[^:]+:iam::(\d{12}):root$/.exec(name)?.[1] ?? name}`;
    }),
  );
}
