import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { checkEnvironment } from "../../../envs/check";
import type { Environment } from "../../../envs/types";
import { readingWarnings } from "../../../operations/explain/reading-warnings";
import { fourAccountsFile } from "../../support/deployment";
import { REPOSITORY } from "../../support/repository";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const ROLE = (name: string, account = "111111111111"): string =>
  `arn:aws:iam::${account}:role/${name}`;
const PLANNER = "central-trail-planner";
const HARDENING = { readersOnly: true, breakGlassRole: "break-glass" };
const QUERY = { resultsBucket: "results-of-queries", firstDay: "2026-01-01" };
const reader = (name: string, principal: string, accounts: unknown = ["all"]): object => ({
  name,
  principals: [principal],
  accounts,
});

function environment(destination: object, deployer: object = { planRole: PLANNER }): Environment {
  const file = fourAccountsFile();
  Object.assign(file.destination, destination);
  Object.assign(file.deployer, deployer);
  const { environment: found, problems } = checkEnvironment("test", "test.yaml", stringify(file));
  if (found === undefined) throw new Error(JSON.stringify(problems));
  return found;
}

test.each([
  ["a role for plans", { planRole: PLANNER }],
  ["the role that deploys", {}],
])("without readersOnly %s may read", (_, deployer) => {
  expect(readingWarnings(environment({ query: QUERY }, deployer))).toEqual([]);
  const readers = [reader("audit", ROLE("audit", "999999999999"), ["222222222222"])];
  expect(readingWarnings(environment({ query: QUERY, readers }, deployer))).toEqual([]);
});

test.each([
  ["sse-kms", { type: "sse-kms" }],
  ["sse-s3", { type: "sse-s3" }],
])(
  "readersOnly, %s: a role for plans that is not a reader can't, and the line is the way out",
  (_, encryption) => {
    const [warning, ...more] = readingWarnings(environment({ hardening: HARDENING, encryption }));
    expect(more).toEqual([]);
    expect(warning).toContain(
      `verify and events read as ${ROLE(PLANNER)}, and can read no log file: `,
    );
    expect(warning).toMatch(/bucket policy, statement \d+ \(DenyReading\) denies s3:GetObject/);
    // As it is pasted into the file.
    const [, line = ""] = /under destination\.readers: (- \{.*?\})/.exec(warning!)!;
    const readers = parse(line) as object[];
    expect(readingWarnings(environment({ hardening: HARDENING, encryption, readers }))).toEqual([]);
  },
);

test("another reader does not help it", () => {
  const readers = [reader("audit", ROLE("audit")), reader("web", ROLE("web"), ["333333333333"])];
  const warnings = readingWarnings(environment({ hardening: HARDENING, readers }));
  expect(warnings).toEqual([expect.stringContaining(`read as ${ROLE(PLANNER)}`)]);
});

test("readersOnly and no role for plans: the role that deploys can't be a reader, so one is named", () => {
  const [warning] = readingWarnings(environment({ hardening: HARDENING }, {}));
  expect(warning).toContain(`read as ${ROLE("central-trail-deployer")}, and can read no log file`);
  expect(warning).toContain("write deployer.planRole");
});

test("a key that somebody else made is not judged, the bucket is", () => {
  const encryption = {
    type: "sse-kms-existing",
    keyArn: "arn:aws:kms:us-east-1:111111111111:key/12345678-1234-1234-1234-123456789012",
  };
  expect(readingWarnings(environment({ encryption }))).toEqual([]);
  expect(readingWarnings(environment({ encryption, hardening: HARDENING }))).toHaveLength(1);
});

test.each([
  ["query", { query: QUERY }],
  ["notifications", { notifications: { topicName: "log-files", queueName: "log-files" } }],
])("readersOnly with %s: somebody of the destination has to be a reader", (setting, more) => {
  const verify = reader("verify", ROLE(PLANNER, "111111111111"));
  const outside = reader("audit", ROLE("audit", "999999999999"));
  const warnings = (readers: object[], deployer = {}): string[] =>
    readingWarnings(environment({ hardening: HARDENING, readers, ...more }, deployer)).filter(
      (sentence) => sentence.startsWith(`destination.${setting}: `),
    );
  expect(warnings([])).toHaveLength(1);
  expect(warnings([outside])).toHaveLength(1);
  expect(warnings([outside, reader("analysts", ROLE("analysts"))])).toEqual([]);
  expect(warnings([reader("some", ROLE("some"), ["222222222222"])])).toEqual([]);
  expect(warnings([verify], { planRole: PLANNER })).toEqual([]);
});

describe("check", () => {
  const folder = temporaryFolder();

  test("warns and passes", () => {
    const file = fourAccountsFile();
    Object.assign(file.destination, { hardening: HARDENING });
    writeTree(folder(), "closed.yaml", stringify(file));
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(REPOSITORY, "bin", "central-trail.js"), "check", "--env", "closed"],
      { env: { ...process.env, CENTRAL_TRAIL_ENVS_DIR: folder() }, encoding: "utf8" },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^closed: ok.*\n {2}warning: verify and events read as /);
  });
});
