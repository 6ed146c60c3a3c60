import { judgeLock, type LockWitness, parseLock } from "../../../operations/recover/lock";

const STATE = "s3://states/central-trail/prod-destination.tfstate";
const CREATED = Date.parse("2026-11-30T19:45:19.733Z");

// As Terraform 1.11 writes it.
const text = JSON.stringify({
  ID: "cd5194ce-fcc5-7f16-7a79-7c5cd58698de",
  Operation: "OperationTypeApply",
  Info: "",
  Who: "ci@runner-1",
  Version: "1.11.4",
  Created: "2026-11-30T19:45:19.733759697Z",
  Path: "states/central-trail/prod-destination.tfstate",
});

const dead = { state: STATE, started: CREATED - 3000, seen: CREATED + 10_000, isAlive: false };
const witness = (more: Partial<LockWitness> = {}): LockWitness => ({
  hostname: "runner-1",
  runs: [dead],
  others: [],
  ...more,
});

const judge = (more?: Partial<LockWitness>): string =>
  judgeLock(STATE, parseLock(text), witness(more)).kind;

test("a lock is dead where this machine remembers its run and nothing of it lives", () => {
  expect(judge()).toBe("dead");
});

test.each<[string, Partial<LockWitness>]>([
  ["the lock names another host", { hostname: "runner-2" }],
  ["the lock names a host whose name ends the same", { hostname: "1" }],
  ["no run is remembered", { runs: [] }],
  ["the run was of another state", { runs: [{ ...dead, state: `${STATE}x` }] }],
  ["the run began after the lock", { runs: [{ ...dead, started: CREATED + 60_000 }] }],
  ["the run was dead before the lock", { runs: [{ ...dead, seen: CREATED - 120_000 }] }],
  ["its processes cannot be seen", { runs: [{ ...dead, isAlive: undefined }] }],
  ["another Terraform may hold it", { others: [4711] }],
])("only people can know where %s", (_, more) => {
  expect(judge(more)).toBe("unknown");
});

test("a run that lives is never taken for dead, whatever else is remembered", () => {
  expect(judge({ runs: [dead, { ...dead, isAlive: true }] })).toBe("alive");
});

test("a lock without an ID is none", () => {
  expect(() => parseLock("{}")).toThrow("it has no ID");
});
