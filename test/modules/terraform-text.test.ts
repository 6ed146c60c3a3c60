import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fn, Lazy, TerraformOutput, TerraformStack, Testing, Token } from "cdktf";
import fc from "fast-check";
import { expression, quoted, terraformText, verbatim } from "../../modules/terraform-text";
import { PAYLOADS } from "../support/payloads";
import { temporaryFolder } from "../support/temporary-folder";

/** Stands for a token in the texts of this file. */
const MARK = "¤";
const token = Token.asString(Fn.join(",", ["a", "b"]));
const TOKEN_VALUE = "a,b";

/** Texts of pieces that Terraform, HCL, JSON or CDKTF could take for something else. */
const odd = fc
  .array(
    fc.oneof(
      fc.constantFrom(..."$ % { } $${ %%{ ${ %{ ~ \" \\ \n \r \t < & ' # ${x} %{if}".split(" ")),
      fc.constantFrom("\u2028", "😀", "\u0001", "TfToken[", MARK, MARK),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join("").normalize("NFC").replaceAll("\0", ""));

const folder = temporaryFolder();

/** The outputs of a stack in a real Terraform. */
function outputs(values: Readonly<Record<string, unknown>>): unknown {
  const stack = new TerraformStack(Testing.app(), "texts");
  for (const [name, value] of Object.entries(values)) {
    new TerraformOutput(stack, name, { staticId: true, value });
  }
  writeFileSync(join(folder(), "cdk.tf.json"), Testing.synth(stack));
  const terraform = (...args: string[]): string =>
    execFileSync("terraform", args, { cwd: folder(), encoding: "utf8", stdio: "pipe" });
  terraform("init", "-input=false");
  terraform("apply", "-auto-approve", "-input=false");
  const given = JSON.parse(terraform("output", "-json")) as Record<string, { value: unknown }>;
  return Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value]));
}

test("Terraform reads every text as it is, and fills the tokens in it", () => {
  const texts = [
    ...PAYLOADS,
    ...PAYLOADS.map((payload) => `${payload}${MARK}${payload}$${MARK}%${MARK}`),
    ...fc.sample(odd, { numRuns: 400, seed: 17 }),
  ];
  const given = texts.map((one) => one.replaceAll(MARK, token));
  const filled = texts.map((one) => one.replaceAll(MARK, TOKEN_VALUE));
  expect(
    outputs({
      texts: verbatim(given),
      keys: verbatim(given.map((one) => ({ [`key ${one}`]: "value" }))),
      quoted: texts.map((one) => expression(quoted(one))),
    }),
  ).toEqual({
    texts: filled,
    keys: filled.map((one) => ({ [`key ${one}`]: "value" })),
    quoted: texts,
  });
});

test("what Terraform would change is refused", () => {
  expect(() => terraformText("e\u0301")).toThrow("Unicode's NFC");
  expect(() => terraformText("a\ud800b")).toThrow("half of a character");
  expect(() => terraformText("a\0b")).toThrow("NUL");
  expect(() => verbatim({ tags: { "e\u0301": "x" } })).toThrow("Unicode's NFC");
});

test("tokens, lists of tokens and constructs pass as they are", () => {
  const list = Token.asList(Lazy.listValue({ produce: () => ["x"] }));
  const stack = new TerraformStack(Testing.app(), "stack");
  const config = { list, number: 1, flag: true, nothing: undefined, resolvable: Fn.timestamp() };
  expect(verbatim(config)).toEqual(config);
  expect(verbatim({ stack }).stack).toBe(stack);
});
