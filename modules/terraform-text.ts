/**
 * The one place that turns texts into Terraform's. In Terraform's JSON every text is a template:
 * `${` and `%{` begin an expression, which Terraform evaluates. What goes into a resource, a data
 * source, a provider or an output comes through here; a backend's block alone is read as it is.
 *
 * CDKTF's tokens stay what they are: what Terraform is to evaluate has to be one of them.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
import { Lazy } from "cdktf";
import { textProblem } from "../cloudtrail/names";

/** CDKTF's markers of tokens. */
const TOKENS = /(\$\{TfToken\[[\w:.-]+\]\})/;

/**
 * A text as Terraform has to get it to read the very same.
 *
 * @throws Error where Terraform would change it all the same
 */
export function terraformText(text: string): string {
  const problem = textProblem(text);
  if (problem !== undefined) throw new Error(`${JSON.stringify(text)} ${problem}.`);
  return text
    .split(TOKENS)
    .map((part, index, { length }) =>
      index % 2 === 1 ? part : escaped(part, index === length - 1 ? LAST : BEFORE_TOKEN),
    )
    .join("");
}

/**
 * What HCL would read as something else: what begins an expression, a lone return, a byte order
 * mark.
 */
const ODD = String.raw`([$%])\{|\r(?!\n)|^\uFEFF`;
const LAST = new RegExp(ODD, "g");

/**
 * Before a token CDKTF takes `$${` without a `}` for the begin of an expression that the token is a
 * part of.
 */
const BEFORE_TOKEN = new RegExp(String.raw`\$+(?=\{[^}]*$|$)|${ODD}`, "g");

function escaped(text: string, odd: RegExp): string {
  return text.replace(odd, (found, sign?: string) =>
    sign === undefined ? `\${${JSON.stringify(found)}}` : sign + found,
  );
}

/**
 * A resource's configuration with all of its texts, and the keys of its maps, as Terraform has to
 * get them to read the very same. Tokens, constructs and the like stay as they are.
 */
export function verbatim<T>(config: T): T {
  return converted(config) as T;
}

function converted(value: unknown): unknown {
  if (typeof value === "string") return terraformText(value);
  if (Array.isArray(value)) return value.map(converted);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [terraformText(key), converted(one)]),
  );
}

/** Whether it is a mapping that was written as one, not an instance of CDKTF's. */
function isPlain(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** An expression that Terraform is to evaluate, as a token. */
export function expression(text: string): string {
  return Lazy.stringValue({ produce: () => `\${${text}}` });
}

/** A text within an expression: in quotes, to be read the very same. */
export function quoted(text: string): string {
  const inQuotes = text.replace(
    /["\\\p{Cc}]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped(inQuotes, LAST)}"`;
}
