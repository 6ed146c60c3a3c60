import { problemsOf } from "../base-file";

const EXAMPLE = "start from a copy of an example";

test.each([
  ["nothing", "", [`1:1  | nothing | a mapping with destination, deployer | ${EXAMPLE}`]],
  [
    "comments",
    "# a\n# b\n",
    [`1:1  | nothing | a mapping with destination, deployer | ${EXAMPLE}`],
  ],
  ["a list", "- 1\n", [`1:1  | a list | a mapping with destination, deployer | ${EXAMPLE}`]],
  ["a word", "local\n", [`1:1  | local | a mapping with destination, deployer | ${EXAMPLE}`]],
  [
    "a tab",
    "destination:\n\taccount: 1\n",
    ["2:1  | account: 1 | valid YAML (Tabs are not allowed as indentation) | indent with spaces"],
  ],
  [
    "an open bracket",
    "members: [\n",
    [
      "2:1  | YAML that ends too early | valid YAML (Flow sequence in block collection must be sufficiently indented and end with a ]) | correct this line, or the one above it",
    ],
  ],
  [
    "unquoted colons, over which the parser stumbles twice",
    "deployer:\n  role: a: b: c\n",
    [
      "2:9  | role: a: b: c | valid YAML (Nested mappings are not allowed in compact mappings) | put a value that holds a colon in quotes",
    ],
  ],
  [
    "an alias without its anchor",
    "tags: *shared\n",
    [
      "1:7  | *shared | an alias for an anchor further up | write &shared before the value that is meant, or the value itself",
    ],
  ],
  [
    "a tag",
    "tags: !shared {}\n",
    [
      "1:7  | tags: !shared {} | valid YAML (Unresolved tag: !shared) | remove the tag that starts with !",
    ],
  ],
  [
    "two documents",
    "a: 1\n---\nb: 2\n",
    [
      "2:1  | --- | valid YAML (Source contains multiple documents; please use YAML.parseAllDocuments()) | remove the line --- and what follows it",
    ],
  ],
  [
    "aliases that grow without end",
    `x: &x [1, 1]\ny: [${"*x, ".repeat(200)}]\n`,
    [
      "1:1  | text that can't be read: Excessive alias count indicates a resource exhaustion attack | plain YAML | write the values out, with fewer aliases",
    ],
  ],
])("what is not an environment at all, or no YAML: %s", (_, text, expected) => {
  expect(problemsOf(text)).toEqual(expected);
});

test.each([
  ["lists", "["],
  ["mappings", "{a: "],
  ["lists in one line", "- "],
  ["keys", "? "],
])("nesting without end is a problem, not a crash: %s", (_, opening) => {
  expect(problemsOf(opening.repeat(200_000))).toEqual([
    expect.stringMatching(
      /^1:\d+ {2}\| more than 100 levels of lists and mappings \| the few levels that an environment has \| look for/,
    ),
  ]);
});

test("nesting by indentation without end is a problem too", () => {
  const text = Array.from({ length: 1000 }, (_, level) => `${" ".repeat(level)}a:\n`).join("");
  expect(problemsOf(text)).toEqual([expect.stringMatching(/^\d+:\d+ {2}\| more than 100 levels/)]);
});

test("anchors and aliases may be used, and a problem in one is found where the value stands", () => {
  const text = `destination: { account: "111111111111", region: us-east-1, bucket: base-logs }
members:
  - account: "222222222222"
    region: &home eu-west-1
    trail: &special
      name: x
  - account: "333333333333"
    region: *home
    trail: *special
deployer: { role: deployer }
`;
  const rule =
    "a trail name must have 3 to 128 characters | write something like name: central-trail";
  expect(problemsOf(text)).toEqual([
    `6:13 members[0].trail.name | x | ${rule}`,
    `6:13 members[1].trail.name | x | ${rule}`,
  ]);
  expect(problemsOf(text.replace("name: x", "name: special"))).toEqual([]);
});

test("what a terminal would obey is not printed, and long values are cut", () => {
  const [first] = problemsOf(`deployer: "\u001b[31m${"x".repeat(200)}"\n`).slice(-1);
  expect(first).toMatch(/^1:11 deployer \| "\?\[31mx{71}\.\.\. \|/);
});
