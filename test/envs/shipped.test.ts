import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checkEnvironment } from "../../envs/check";
import { environmentJsonSchema, environmentJsonSchemaText } from "../../envs/schema/json-schema";
import { listEnvironments, requireEnvironment } from "../../envs/load";
import { changed } from "./base-file";

const ENVS = join(__dirname, "..", "..", "envs");
const read = (file: string) => readFileSync(join(ENVS, file), "utf8");

test("the committed JSON Schema is the generated one", () => {
  expect(read("environment.schema.json")).toBe(environmentJsonSchemaText());
});

test("the shipped environments are these", () => {
  expect(listEnvironments(ENVS)).toEqual(["example-govcloud", "example-production", "local"]);
});

describe.each(listEnvironments(ENVS))("%s", (name) => {
  test("has no problem", () => {
    expect(requireEnvironment(ENVS, name).name).toBe(name);
  });

  test("tells editors its schema in the first line, and holds to it", () => {
    const text = read(`${name}.yaml`);
    expect(text.split("\n", 1)[0]).toBe(
      "# yaml-language-server: $schema=./environment.schema.json",
    );
    const schema = z.fromJSONSchema(environmentJsonSchema() as z.core.JSONSchema.JSONSchema);
    expect(schema.safeParse(parse(text)).error).toBeUndefined();
  });
});

test("what the production example shows as comments in its destination is valid", () => {
  const text = read("example-production.yaml").replace(/^ {2}# (?=[a-zA-Z]+:( |$)| {2})/gm, "  ");
  expect(text).toContain("\n  readers:\n    - name:");
  const { environment, problems } = checkEnvironment("production", "production.yaml", text);
  expect(problems).toBeUndefined();
  expect(Object.keys(environment!.destination)).toEqual(
    expect.arrayContaining([
      "keyPolicyShape",
      "organizationId",
      "hardening",
      "notifications",
      "query",
    ]),
  );
});

test.each([
  ["an unquoted account ID", changed(['"111111111111"', "111111111111"])],
  ["an unknown key", changed(["members:", "membres:"])],
  ["a missing bucket", changed(["  bucket: base-logs\n", ""])],
])("the JSON Schema refuses %s, so that an editor marks it", (_, text) => {
  const schema = z.fromJSONSchema(environmentJsonSchema() as z.core.JSONSchema.JSONSchema);
  expect(schema.safeParse(parse(text)).success).toBe(false);
});

test("the JSON Schema describes every entry", () => {
  const undescribed: string[] = [];
  const look = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      if (key === "properties") {
        for (const [name, entry] of Object.entries(child as Record<string, object>)) {
          if (!("description" in entry)) undescribed.push(`${path}.${name}`);
        }
      }
      look(child, `${path}.${key}`);
    }
  };
  look(environmentJsonSchema(), "");
  expect(undescribed).toEqual([]);
});

test("local is the four accounts of the demo, and is made to be thrown away", () => {
  const local = requireEnvironment(ENVS, "local");
  expect(local.throwaway).toBe(true);
  expect([local.destination, ...local.members].map(({ account }) => account)).toEqual([
    "111111111111",
    "222222222222",
    "333333333333",
    "444444444444",
  ]);
});
