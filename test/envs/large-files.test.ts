import { checkEnvironment } from "../../envs/check";
import { MAX_PROBLEMS } from "../../envs/schema/problems";
import { BASE, problemsOf } from "./base-file";

const HEAD = BASE.slice(0, BASE.indexOf("members:"));
const TAIL = "deployer: { role: deployer }\n";
const account = (index: number): string => String(100_000_000_000 + index);
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join("");
const members = (count: number, member: (index: number) => string): string =>
  `${HEAD}${TAIL}members:\n${lines(count, (index) => `  - ${member(index)}`)}`;

/** Files with as many problems, or as much to look at, as asked. */
const GROWING: Readonly<Record<string, (count: number) => string>> = {
  "unknown keys": (count) => HEAD + TAIL + lines(count, (index) => `k${index}: 1`),
  "members without anything": (count) => members(count, () => ""),
  "members of one account": (count) =>
    members(count, () => '{ account: "222222222222", region: us-east-1 }'),
  "members in no region": (count) =>
    members(count, (index) => `{ account: "${account(index)}", region: us-estt-${index % 90} }`),
  "sound members": (count) =>
    members(count, (index) => `{ account: "${account(index)}", region: us-east-1 }`),
  "one key again and again": (count) => HEAD + TAIL + "tags: {}\n".repeat(count),
  "one key again and again in one line": (count) =>
    `${HEAD}${TAIL}tags: { ${"a: b, ".repeat(count)} }\n`,
  "keys of tags that are none": (count) =>
    `${HEAD}${TAIL}tags:\n${lines(count, (index) => `  "$${index}": "1"`)}`,
  "aliases for nothing": (count) => members(count, () => "*a"),
  tabs: (count) => HEAD + "\tx: y\n".repeat(count),
  "values in one line": (count) => `${HEAD}x: ${'"a" '.repeat(count)}`,
  "accounts of a reader": (count) =>
    `${HEAD}  readers: [{ name: a, principals: [x], accounts: [${'"222222222222", '.repeat(count)}] }]\n${TAIL}`,
  "selectors with members": (count) =>
    `${members(count / 20, (index) => `{ account: "${account(index)}", region: us-east-1 }`)}trail: { events: { advancedSelectors: [{ FieldSelectors: [{ Field: eventName, Equals: [${lines(count, (index) => `e${index},`)}] }] }] } }\n`,
};

function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test.each(Object.entries(GROWING))(
  "%s: four times as many take some four times as long, and a hundred are reported",
  (_, file) => {
    const check = (count: number) => checkEnvironment("large", "large.yaml", file(count));
    const { problems = [] } = check(2_000);
    expect(problems.length).toBeLessThanOrEqual(MAX_PROBLEMS + 1);
    // What takes four times as long for twice as many, takes sixteen times as long for these.
    const few = cpuOf(() => check(2_000));
    expect(cpuOf(() => check(8_000))).toBeLessThan(9 * few + 500);
  },
  120_000,
);

test("a hundred problems are reported, and that there are more", () => {
  const bad = (count: number): string => HEAD + TAIL + lines(count, (index) => `k${index}: 1`);
  expect(problemsOf(bad(MAX_PROBLEMS))).toHaveLength(MAX_PROBLEMS);
  const more = problemsOf(bad(150));
  expect(more).toHaveLength(MAX_PROBLEMS + 1);
  expect(more.at(-1)).toMatch(
    /^105:1 {2}\| at least 1 more problem, left out here \| 100 problems are reported at a time \| correct these, then check again$/,
  );
  const twice = problemsOf(HEAD + TAIL + "tags: {}\n".repeat(250));
  expect(twice.at(-1)).toContain("at least 149 more problems");
});
