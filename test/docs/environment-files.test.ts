import { parse, stringify } from "yaml";
import { checkEnvironment } from "../../envs/check";
import { BASE } from "../envs/base-file";
import { type Fence, Page } from "../support/pages";

const examples = Page.all().flatMap((page) => page.fences("yaml"));

type Tree = Readonly<Record<string, unknown>>;

/** A part of an environment file within the smallest whole one: what the part says wins. */
function whole(part: Tree): Tree {
  const base = parse(BASE) as Tree;
  return {
    ...base,
    ...part,
    destination: { ...(base.destination as Tree), ...(part.destination as Tree) },
  };
}

function problemsIn({ where, text }: Fence): string[] {
  const { problems = [] } = checkEnvironment(
    "example",
    where,
    stringify(whole(parse(text) as Tree)),
  );
  return problems.map(({ path, found, allowed }) => `${where}: ${path}: ${found}, ${allowed}`);
}

test("every YAML example is (a part of) an environment file that passes the check", () => {
  expect(examples.length).toBeGreaterThan(3);
  expect(examples.flatMap(problemsIn)).toEqual([]);
});
