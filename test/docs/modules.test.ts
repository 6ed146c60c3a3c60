import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizeExample } from "../support/page-examples";
import { Page } from "../support/pages";
import { REPOSITORY } from "../support/repository";
import type { Arguments } from "../support/synthesized";

// The first example loads CDKTF and the provider, which takes a busy machine its time.
jest.setTimeout(60_000);

const MODULES = readdirSync(join(REPOSITORY, "modules"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** A policy's marker in a page, and its text. */
const POLICY = /(<!-- policy of (\w+) -->\n\n```json\n)([^]*?)\n```/g;

/** A resource of the example, with its type. */
type Resource = Arguments & { readonly type: string };

const pageOf = (module: string): Page => new Page(`docs/modules/${module}.md`);

/** The resources of the example's one stack. */
function resourcesOf(module: string): readonly Resource[] {
  const examples = pageOf(module).fences("ts");
  expect(examples).toHaveLength(1);
  const stacks = Object.values(synthesizeExample(examples[0]!));
  expect(stacks).toHaveLength(1);
  return Object.entries(stacks[0]!.resource).flatMap(([type, named]) =>
    Object.values(named).map((one) => ({ ...one, type })),
  );
}

/** The policies as AWS gets them, with the types of the resources that carry them. */
function policiesOf(resources: readonly Resource[]): readonly (readonly [string, unknown])[] {
  return resources.flatMap(({ type, policy }) =>
    typeof policy === "string" ? [[type, JSON.parse(policy.replaceAll("$${", "${"))] as const] : [],
  );
}

/** The first cells of a section's table, and the whole rows. */
function tableUnder(page: Page, heading: string): readonly (readonly [string, string])[] {
  const [, section = ""] = page.text.split(`\n## ${heading}\n`);
  return section
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => [/`(\w+)/.exec(line)![1]!, line] as const);
}

/** The public fields and getters of a module's class, by the source; those of its base included. */
function fieldsOf(module: string): string[] {
  const source = readFileSync(join(REPOSITORY, "modules", module, `${module}.ts`), "utf8");
  const [, rest = ""] = source.split(/^export class /m);
  const inherited = rest.includes(" extends ClosedBucket ")
    ? readFileSync(join(REPOSITORY, "modules", "closed-bucket.ts"), "utf8").split(
        "export class ",
      )[1]!
    : "";
  const fields = [...(inherited + rest).matchAll(/^ {2}(?:readonly|get) (\w+)/gm)];
  return fields.map(([, name]) => name!).sort();
}

test("each module has a page", () => {
  const pages = readdirSync(join(REPOSITORY, "docs", "modules")).sort();
  expect(pages).toEqual(MODULES.map((module) => `${module}.md`).sort());
});

describe.each(MODULES)("docs/modules/%s.md", (module) => {
  let resources: readonly Resource[];
  beforeAll(() => {
    resources = resourcesOf(module);
  });

  test("what it makes is what its example synthesizes, protection included", () => {
    const rows = tableUnder(pageOf(module), "What it makes");
    expect(rows.map(([type]) => type).sort()).toEqual(
      [...new Set(resources.map(({ type }) => type))].sort(),
    );
    const kept = resources.filter(({ lifecycle }) => lifecycle?.prevent_destroy);
    expect(
      rows
        .filter(([, row]) => row.includes("`prevent_destroy`"))
        .map(([type]) => type)
        .sort(),
    ).toEqual(kept.map(({ type }) => type).sort());
  });

  test("its policies are those that the example yields; CENTRAL_TRAIL_RECORD=1 writes them", () => {
    const policies = policiesOf(resources);
    if (process.env.CENTRAL_TRAIL_RECORD) record(module, policies);
    const shown = shownPolicies(pageOf(module));
    expect(policies).toEqual(expect.arrayContaining([...shown]));
    // A module that is made of others leaves their policies to their pages.
    const elsewhere = pageOf(module)
      .links.filter((link) => MODULES.includes(link.replace(/\.md$/, "")))
      .flatMap((link) => shownPolicies(pageOf(link.replace(/\.md$/, ""))));
    expect([...shown, ...elsewhere]).toEqual(expect.arrayContaining([...policies]));
  });

  test("what it gives are its class's public fields", () => {
    const rows = tableUnder(pageOf(module), "What it gives");
    expect(rows.map(([name]) => name).sort()).toEqual(fieldsOf(module));
  });
});

function shownPolicies(page: Page): readonly (readonly [string, unknown])[] {
  return [...page.text.matchAll(POLICY)].map(
    ([, , type, text]) => [type!, JSON.parse(text!)] as const,
  );
}

/** Writes the policies into the page; `npm run format` then gives them their form. */
function record(module: string, policies: readonly (readonly [string, unknown])[]): void {
  const page = pageOf(module);
  const left = [...policies];
  const text = page.text.replace(POLICY, (_, start: string, type: string) => {
    const index = left.findIndex(([other]) => other === type);
    const [[, policy] = []] = left.splice(index, 1);
    return `${start}${JSON.stringify(policy, null, 2)}\n\`\`\``;
  });
  writeFileSync(join(REPOSITORY, page.path), text);
}
