import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { checkEnvironment } from "../../envs/check";
import { EnvironmentError } from "../../envs/schema/problems";

const PRODUCTION = readFileSync(
  join(__dirname, "..", "..", "envs", "example-production.yaml"),
  "utf8",
);

/**
 * Whatever the text: an environment, or problems whose places are in the text and which say all.
 */
function checkAny(text: string): "environment" | "problems" {
  const { environment, problems } = checkEnvironment("any", "envs/any.yaml", text);
  if (environment !== undefined) return "environment";
  const lines = text.split("\n").length;
  expect(problems.length).toBeGreaterThan(0);
  for (const { line, column, path, found, allowed, fix } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(path).toMatch(/^\P{C}*$/u);
    for (const words of [found, allowed, fix]) {
      expect(words).toMatch(/^\P{C}+$/u);
      expect(words).not.toMatch(/undefined|\[object|Invalid input/);
    }
  }
  expect(new EnvironmentError(problems).message).not.toMatch(/\n\s+at /);
  return "problems";
}

/** Texts that mean something to YAML or to the schema, put together at random. */
const yamlish = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."destination: |members: |account: |region: |trail: |encryption: |type: |state: |tags: |- |  |\n|\n  |\n    |{|}|[|]|, |*a |&a |<<: |!x |? |\"|'|# |---\n|%YAML 1.1\n|~|null|0o17|012345678901|us-east-1|__proto__: |constructor: |\t|\r\n|>\n|\u0000|\u0007".split(
          "|",
        ),
        "| ",
      ),
      fc.string({ maxLength: 5, unit: "binary" }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

/** The production example with some of its text cut out, put in twice or replaced. */
const mutated = fc
  .array(
    fc.tuple(
      fc.nat(PRODUCTION.length),
      fc.nat(30),
      fc.oneof(yamlish, fc.constant(""), fc.constantFrom(..."\n: -[]{}&*!|>'\"%@`#".split(""))),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((edits) =>
    edits.reduce(
      (text, [at, length, by]) => text.slice(0, at) + by + text.slice(at + length),
      PRODUCTION,
    ),
  );

/** The keys of a real file with values of any kind. */
const anyValues = fc
  .object({
    key: fc.constantFrom(
      ..."destination members trail account region role bucket prefix encryption type keyArn retention expireDays state backend deployer externalId tags optInRegions endpoint name __proto__ toString".split(
        " ",
      ),
    ),
    values: [
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom("s3", "sse-kms", "sse-kms-existing", "us-east-1", "222222222222", "arn:"),
    ],
    maxDepth: 4,
  })
  .map((value) => stringify(value));

test.each([
  ["texts like YAML", yamlish, 300],
  ["an example with random changes", mutated, 200],
  ["any values under the right keys", anyValues, 200],
] as const)("nothing throws: %s", (_, texts, numRuns) => {
  fc.assert(
    fc.property(texts, (text) => {
      checkAny(text);
    }),
    { numRuns },
  );
});

test("the check of the check: random changes leave some files valid and break others", () => {
  const outcomes = new Set(fc.sample(mutated, { numRuns: 100, seed: 1 }).map(checkAny));
  expect([...outcomes].sort()).toEqual(["environment", "problems"]);
});
