import { App, TerraformStack } from "cdktf";
import { stringify } from "yaml";
import { z } from "zod";
import { checkEnvironment } from "../../envs/check";
import { environmentFile } from "../../envs/schema/schema";
import { addEnvironmentStacks } from "../../stacks/environment-stacks";
import { EVERY_SETTING } from "../support/every-setting";
import { schemaTexts, textPlaces, withAt } from "../support/schema-texts";

type Config = Record<"terraform" | "provider" | "resource" | "data", Record<string, unknown>>;

/** What would name a file, a command or a module where something took a text for one. */
const NAMES = [
  "/etc/passwd",
  "../../up",
  "~/.aws/credentials",
  "file:///etc/passwd",
  "git::https://evil.example/module.git",
  "registry.evil.example//module?ref=main",
  "$(id)",
  "a && id",
  '${file("/etc/passwd")}',
  "--config=/tmp/x",
  "@/etc/passwd",
];

/**
 * Names of AWS's own, and texts for people, whose rules let them look so: they reach AWS, or
 * nobody, as text.
 */
const ONLY_TEXT =
  /^\.tags\.\*$|^\.acknowledgements\.\*\.(reason|subject)$|\.events\.(advanced|basic)Selectors\.|\.(role|planRole|breakGlassRole|externalId|workgroup|alias|sessionName)$/;

const TEXTS = schemaTexts(environmentFile);
const PLACES = EVERY_SETTING.flatMap((file) =>
  textPlaces(file, new Set(TEXTS)).map((place) => ({ ...place, file })),
).filter(
  ({ pattern }, index, all) => all.findIndex((other) => other.pattern === pattern) === index,
);

test("no text of an environment file names a file, a command or a module", () => {
  expect(PLACES.map(({ pattern }) => pattern).sort()).toEqual([...new Set(TEXTS)].sort());
  const taken = PLACES.filter(({ pattern }) => !ONLY_TEXT.test(pattern)).flatMap(
    ({ file, path, pattern }) =>
      NAMES.filter((name) => {
        const text = stringify(withAt(file, path, name));
        return checkEnvironment("every", "every.yaml", text).environment !== undefined;
      }).map((name) => `${pattern}: ${name}`),
  );
  expect(taken).toEqual([]);
});

test("no key says that it would", () => {
  const { properties } = z.toJSONSchema(environmentFile, { io: "input" });
  const keys = [...JSON.stringify(properties).matchAll(/"(\w+)":\{/g)].map(([, key]) => key!);
  expect(keys.length).toBeGreaterThan(100);
  const suspicious =
    /path|file|folder|dir(?!ect)|command|exec|script|module|plugin|(?<!global)include|import|url/i;
  expect([...new Set(keys)].filter((key) => suspicious.test(key)).sort()).toEqual([
    "IncludeManagementEvents",
    "includeGlobalServiceEvents",
    "logFileValidation",
  ]);
});

test("what Terraform is told of an environment has no module, no command and no file but the state's", () => {
  for (const file of EVERY_SETTING) {
    const { environment } = checkEnvironment("every", "every.yaml", stringify(file));
    const app = new App();
    addEnvironmentStacks(app, { environment: environment!, stateDirectory: "/state" });
    const stacks = app.node.children.filter((node) => TerraformStack.isStack(node));
    expect(stacks.length).toBeGreaterThan(1);
    for (const stack of stacks) {
      stack.prepareStack();
      const { terraform, provider, resource, data, ...rest } = stack.toTerraform() as Config;
      expect(Object.keys(rest).filter((key) => !["//", "output"].includes(key))).toEqual([]);
      expect(Object.keys(provider)).toEqual(["aws"]);
      for (const aws of provider["aws"] as object[])
        expect(Object.keys(aws).filter((key) => /file|profile|process|bundle/.test(key))).toEqual(
          [],
        );
      expect(
        [...Object.keys(resource), ...Object.keys(data ?? {})].filter(
          (type) => !/^(aws_|time_|terraform_)/.test(type),
        ),
      ).toEqual([]);
      // The one command is ours; policyWaitSeconds is a number.
      const text = JSON.stringify([resource, data]);
      const run = [...text.matchAll(/"provisioner":(\[[^\]]*\])/g)].map(([, one]) => one!);
      for (const one of run)
        expect(one).toMatch(/^\[\{"local-exec":\{"command":"sleep \d{1,3}"\}\}\]$/);
      expect(text.split("local-exec").length - 1).toBe(run.length);
      expect(text).not.toMatch(/"connection"|remote-exec/);
      const { local } = (terraform as { backend: { local?: { path: string } } }).backend;
      if (local) expect(local.path).toBe(`/state/${stack.node.id}.tfstate`);
    }
  }
});
