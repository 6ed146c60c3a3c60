import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlanFolder, type SavedPlans } from "../../../operations/plan/plan-folder";
import { temporaryFolder } from "../../support/temporary-folder";

const folder = temporaryFolder();
const PLANS: SavedPlans = { version: 1, environment: "local", blocked: false, stacks: [] };

test("what is written is read, by its user alone", () => {
  const plans = new PlanFolder(join(folder(), "new"));
  plans.clear();
  plans.write(PLANS);
  expect(plans.read()).toEqual(PLANS);
  expect(statSync(plans.path).mode & 0o077).toBe(0);
});

test("earlier plans give way, those of a killed run too", () => {
  const plans = new PlanFolder(join(folder(), "again"));
  plans.clear();
  writeFileSync(join(plans.path, "old"), "");
  plans.clear();
  expect(existsSync(join(plans.path, "old"))).toBe(false);
  expect(() => plans.read()).toThrow("holds no whole set of plans");
});

test("a folder with other files is left as it is", () => {
  const path = join(folder(), "mine");
  mkdirSync(path);
  writeFileSync(join(path, "thesis.txt"), "");
  expect(() => new PlanFolder(path).clear()).toThrow(
    "holds files that are no plans of ours: thesis.txt",
  );
  expect(existsSync(join(path, "thesis.txt"))).toBe(true);
});

test.each([
  ["nothing", undefined],
  ["no JSON", "{"],
  ["another version", JSON.stringify({ ...PLANS, version: 2 })],
])("%s is no set of plans", (name, text) => {
  const path = join(folder(), name);
  mkdirSync(path);
  if (text !== undefined) writeFileSync(join(path, "plans.json"), text);
  expect(() => new PlanFolder(path).read()).toThrow("`central-trail plan --out");
});
