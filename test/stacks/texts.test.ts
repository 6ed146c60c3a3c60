import { App, TerraformStack } from "cdktf";
import { stringify } from "yaml";
import { z } from "zod";
import { checkEnvironment } from "../../envs/check";
import { formatPath, type Path } from "../../envs/schema/problems";
import { environmentFile } from "../../envs/schema/schema";
import { schemaAt, valueAt } from "../../envs/schema/schema-at";
import type { Environment } from "../../envs/types";
import { addEnvironmentStacks } from "../../stacks/environment-stacks";
import { EVERY_SETTING } from "../support/every-setting";
import { PAYLOADS } from "../support/payloads";
import { schemaTexts, textPlaces, withAt } from "../support/schema-texts";
import type { Configuration } from "../support/synthesized";
import { templateText, textsIn } from "../support/terraform-template";

/** Texts for people, and for our own commands: they get into no configuration. */
const NOT_DEPLOYED = [".acknowledgements.*.reason", ".acknowledgements.*.subject"];

const TEXTS = schemaTexts(environmentFile);
const PLACES = EVERY_SETTING.flatMap((file) =>
  textPlaces(file, new Set(TEXTS)).map((place) => ({ ...place, file })),
);

/**
 * One place of each text, but all of those in selectors, where it depends on the field what may
 * stand there.
 */
const TRIED = PLACES.filter(
  ({ pattern }, index) =>
    pattern.includes("Selectors") ||
    PLACES.findIndex((other) => other.pattern === pattern) === index,
);

/**
 * What Terraform reads of an environment's stacks: all texts but those that it takes as they are.
 */
function terraformTexts(environment: Environment): string[] {
  const app = new App();
  addEnvironmentStacks(app, { environment, stateDirectory: "/state" });
  const stacks = app.node.children.filter((node) => TerraformStack.isStack(node));
  for (const stack of stacks) stack.prepareStack();
  return stacks
    .map((stack) => stack.toTerraform() as Record<string, unknown>)
    .flatMap(({ provider, resource, data, output }) => textsIn([provider, resource, data, output]))
    .map(templateText);
}

/** The environment with a text in another's place; undefined where it is refused, at that place. */
function environmentWith(file: unknown, path: Path, text: string): Environment | undefined {
  const every = stringify(withAt(file, path, text));
  const { environment, problems = [] } = checkEnvironment("every", "every.yaml", every);
  if (environment) return environment;
  const where = formatPath(path);
  // Rules of selectors stand at the selection that breaks them.
  expect(problems.map((one) => where.startsWith(one.path) && one.line !== undefined)).toContain(
    true,
  );
  return undefined;
}

test("the files are sound, and have every text that the schema has", () => {
  for (const file of EVERY_SETTING) {
    expect(checkEnvironment("every", "every.yaml", stringify(file)).problems).toBeUndefined();
  }
  const shown = new Set(PLACES.map(({ pattern }) => pattern));
  expect(TEXTS.filter((pattern) => !shown.has(pattern))).toEqual([]);
});

test("each text is refused at its place, or Terraform reads the very same", () => {
  const taken = new Map<
    string,
    { readonly place: (typeof TRIED)[number]; readonly text: string }
  >();
  for (const place of TRIED) {
    const { file, path, pattern } = place;
    if (taken.has(pattern)) continue;
    const example = String(valueAt(path, file));
    const schema = schemaAt(environmentFile, path, file);
    const sound = PAYLOADS.filter((one) => z.safeParse(schema, `${example}${one}`).success);
    const fits = (one: string): boolean =>
      environmentWith(file, path, `${example}${one}`) !== undefined;
    // What the schema refuses, the check refuses: one of them shows where.
    expect(
      PAYLOADS.filter((one) => !sound.includes(one))
        .slice(0, 1)
        .filter(fits),
    ).toEqual([]);
    const text = `${example}${sound.filter(fits).join("")}`;
    if (text !== example) taken.set(pattern, { place, text });
  }
  for (const file of EVERY_SETTING) {
    const changes = [...taken.values()].filter(({ place }) => place.file === file);
    const changed = changes.reduce<unknown>(
      (value, { place, text }) => withAt(value, place.path, text),
      file,
    );
    const { environment, problems } = checkEnvironment("every", "every.yaml", stringify(changed));
    expect(problems).toBeUndefined();
    const read = terraformTexts(environment!);
    expect(
      changes
        .filter(({ text }) => !read.some((one) => one.includes(text)))
        .map(({ place }) => place.pattern),
    ).toEqual(
      changes.map(({ place }) => place.pattern).filter((one) => NOT_DEPLOYED.includes(one)),
    );
  }
  // The check of the check: that payloads get anywhere.
  expect([...taken.keys()].sort()).toMatchInlineSnapshot(`
   [
     ".acknowledgements.*.reason",
     ".acknowledgements.*.subject",
     ".destination.trail.events.advancedSelectors.*.FieldSelectors.*.EndsWith.*",
     ".destination.trail.events.advancedSelectors.*.FieldSelectors.*.Equals.*",
     ".destination.trail.events.advancedSelectors.*.FieldSelectors.*.NotEndsWith.*",
     ".destination.trail.events.advancedSelectors.*.FieldSelectors.*.NotEquals.*",
     ".destination.trail.events.advancedSelectors.*.FieldSelectors.*.NotStartsWith.*",
     ".destination.trail.events.advancedSelectors.*.FieldSelectors.*.StartsWith.*",
     ".destination.trail.events.advancedSelectors.*.Name",
     ".destination.trail.events.basicSelectors.*.DataResources.*.Values.*",
     ".members.*.trail.events.advancedSelectors.*.FieldSelectors.*.EndsWith.*",
     ".members.*.trail.events.advancedSelectors.*.FieldSelectors.*.Equals.*",
     ".members.*.trail.events.advancedSelectors.*.FieldSelectors.*.NotEndsWith.*",
     ".members.*.trail.events.advancedSelectors.*.FieldSelectors.*.NotEquals.*",
     ".members.*.trail.events.advancedSelectors.*.FieldSelectors.*.NotStartsWith.*",
     ".members.*.trail.events.advancedSelectors.*.FieldSelectors.*.StartsWith.*",
     ".members.*.trail.events.advancedSelectors.*.Name",
     ".members.*.trail.events.basicSelectors.*.DataResources.*.Values.*",
     ".tags.*",
     ".trail.events.advancedSelectors.*.FieldSelectors.*.EndsWith.*",
     ".trail.events.advancedSelectors.*.FieldSelectors.*.Equals.*",
     ".trail.events.advancedSelectors.*.FieldSelectors.*.NotEndsWith.*",
     ".trail.events.advancedSelectors.*.FieldSelectors.*.NotEquals.*",
     ".trail.events.advancedSelectors.*.FieldSelectors.*.NotStartsWith.*",
     ".trail.events.advancedSelectors.*.FieldSelectors.*.StartsWith.*",
     ".trail.events.advancedSelectors.*.Name",
     ".trail.events.basicSelectors.*.DataResources.*.Values.*",
   ]
  `);
}, 120_000);

test("a folder of state files is read as it is in a backend, and as a text in a data source", () => {
  const { environment } = checkEnvironment("every", "every.yaml", stringify(EVERY_SETTING[2]));
  const app = new App();
  addEnvironmentStacks(app, { environment: environment!, stateDirectory: "/a${b}%{c}" });
  const [destination, member] = app.node.children.filter((node) => TerraformStack.isStack(node));
  const { terraform } = destination!.toTerraform() as Configuration;
  const { data } = member!.toTerraform() as Configuration;
  const { config } = Object.values(data!.terraform_remote_state!)[0]!;
  const path = "/a${b}%{c}/every-destination.tfstate";
  expect(terraform.backend).toEqual({ local: { path } });
  expect(config).toEqual({ path: "/a$${b}%%{c}/every-destination.tfstate" });
});
