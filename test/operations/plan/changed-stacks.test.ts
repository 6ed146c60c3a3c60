import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { stackNames } from "../../../envs/stack-names";
import type { Environment } from "../../../envs/types";
import { changedStacks, type SynthesizedApp } from "../../../operations/plan/changed-stacks";
import { stackReads } from "../../../operations/plan/stack-reads";
import { addEnvironmentStacks } from "../../../stacks/environment-stacks";
import { synthesize } from "../../../stacks/synthesize";
import { fourAccounts } from "../../support/environment";

const folder = mkdtempSync(join(tmpdir(), "central-trail-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function app(environment: Environment, stateDirectory = "/state"): SynthesizedApp {
  const outdir = mkdtempSync(join(folder, "out-"));
  const built = new App({ outdir });
  addEnvironmentStacks(built, { environment, stateDirectory });
  synthesize(built);
  const names = Object.keys(
    (JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as { stacks: object }).stacks,
  );
  return new Map(
    names.map((name) => [
      name,
      JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")) as unknown,
    ]),
  );
}

function changed(older: SynthesizedApp, newer: Environment, stateDirectory?: string): string[] {
  return changedStacks(older, app(newer, stateDirectory), {
    destination: stackNames.destination(newer),
    reads: stackReads(newer),
  });
}

const four = fourAccounts();
const before: Environment = {
  ...four,
  destination: { ...four.destination, retention: { expireDays: 365 } },
};
const [D, M2, M3, M4, UPKEEP] = [
  "test-destination",
  ...["222222222222", "333333333333", "444444444444"].map((id) => `test-member-${id}`),
  "test-upkeep",
] as [string, string, string, string, string];
const older = app(before);

const destination = (changes: Partial<Environment["destination"]>): Environment => ({
  ...before,
  destination: { ...before.destination, ...changes },
});

test("nothing, where only the folder of the state is another", () => {
  expect(changed(older, before)).toEqual([]);
  expect(changed(older, before, "/elsewhere")).toEqual([]);
});

test("all, where there was nothing", () => {
  expect(changed(new Map(), before)).toEqual([D, M2, M3, M4, UPKEEP]);
});

test("one account added to many: the destination and the new one", () => {
  const [first] = before.members;
  const members = Array.from({ length: 50 }, (_, index) => ({
    ...first!,
    account: String(500_000_000_000 + index),
  }));
  const added = { ...first!, account: "600000000000" };
  const fifty = app({ ...before, members });
  expect(changed(fifty, { ...before, members: [...members, added] })).toEqual([
    D,
    "test-member-600000000000",
  ]);
});

test("an account that goes changes the destination alone", () => {
  expect(changed(older, { ...before, members: before.members.slice(1) })).toEqual([D]);
});

test("one member's trail: that member and, as it is in the policies, the destination", () => {
  const [first, ...others] = before.members;
  const renamed = { ...first!, trail: { ...first!.trail, name: "another" } };
  expect(changed(older, { ...before, members: [renamed, ...others] })).toEqual([D, M2]);
});

test("retention is the upkeep stack's alone", () => {
  expect(changed(older, destination({ retention: { expireDays: 30 } }))).toEqual([UPKEEP]);
});

test.each<[string, Environment, string[]]>([
  ["the bucket's name", destination({ bucket: "another-bucket" }), [D, M2, M3, M4, UPKEEP]],
  ["the prefix", destination({ prefix: "org" }), [D, M2, M3, M4]],
  ["no key any more", destination({ encryption: { type: "sse-s3" } }), [D, M2, M3, M4]],
  ["a topic", destination({ notifications: { topicName: "topic" } }), [D, M2, M3, M4]],
  ["the key's alias", destination({ encryption: { ...newKey(), alias: "other" } }), [D]],
])("%s: all that read it", (_what, newer, names) => {
  expect(changed(older, newer)).toEqual(names);
});

test("a topic of another name, referred to as before", () => {
  const topic = (topicName: string): Environment => destination({ notifications: { topicName } });
  expect(changed(app(topic("one")), topic("two"))).toEqual([D, M2, M3, M4]);
});

function newKey(): Extract<Environment["destination"]["encryption"], { type: "sse-kms" }> {
  const { encryption } = before.destination;
  if (encryption.type !== "sse-kms") throw new Error("the environment makes no key");
  return encryption;
}
