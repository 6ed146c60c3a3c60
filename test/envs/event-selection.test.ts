import { checkEnvironment } from "../../envs/check";
import { billingWarnings, redactionWarnings } from "../../envs/rules/event-warnings";
import type { Environment } from "../../envs/types";
import { changed, problemsOf } from "./base-file";

const file = (trail: string, member = ""): string =>
  changed(
    ["bucket: base-logs", "bucket: base-logs\n  accessLogBucket: base-access"],
    ['"222222222222"\n    region: us-east-1', `"222222222222"\n    region: us-east-1${member}`],
    ["deployer:", `trail: { ${trail} }\ndeployer:`],
  );
const ofMember = (trail: string): string => `\n    trail: { ${trail} }`;

const found = (text: string): string[] =>
  problemsOf(text).map((problem) => problem.split(" | ").slice(0, 2).join(" | "));

test("the selection of all accounts is looked at once, at its line", () => {
  const text = file(
    "multiRegion: false, events: { preset: cis-3.8, s3Buckets: [{ name: base-logs }] }",
  );
  const problems = found(text);
  expect(problems.filter((problem) => problem.includes("log bucket base-logs"))).toHaveLength(1);
  expect(problems[0]).toMatch(/^11:30 trail\.events \| a selection that can't be: /);
  // One for each account: one could be multiRegion: true.
  expect(problems.filter((problem) => problem.includes("multi-region"))).toHaveLength(3);
});

test("an account's own selection replaces that of all", () => {
  const basic =
    'events: { basicSelectors: [{ DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }] }] }';
  const problems = found(file("events: { preset: s3-write }", ofMember(basic)));
  expect(problems).toEqual([
    expect.stringMatching(/^9:14 members\[0\]\.trail\.events \| .*log bucket base-logs/),
    expect.stringMatching(/^9:14 members\[0\]\.trail\.events \| .*log bucket base-access/),
  ]);
  const sound = checkEnvironment(
    "e",
    "e.yaml",
    file("events: { preset: s3-write }", ofMember("events: { preset: s3-all }")),
  );
  expect(sound.environment?.members.map(({ trail }) => trail.events)).toEqual([
    { preset: "s3-all" },
    { preset: "s3-write" },
  ]);
});

test("an account that retires has no trail, so no selection", () => {
  const named = ofMember("events: { s3Buckets: [{ name: base-logs }] }");
  expect(found(file("", named))).toHaveLength(1);
  expect(found(file("", `${named}\n    retiring: true`))).toEqual([]);
});

test("what the schema refuses is said once", () => {
  expect(problemsOf(file("events: { preset: cis-3.88 }, insights: [ApiCallRate]"))).toEqual([
    "11:28 trail.events.preset | cis-3.88 | one of management-only, s3-read, s3-write, s3-all, cis-3.8, cis-3.9, cis-3.8-and-3.9 | did you mean cis-3.8?",
    expect.stringContaining("trail.insights[0] | ApiCallRate |"),
  ]);
});

test("Insights are looked at", () => {
  const text = file("events: { managementEvents: read }, insights: [ApiCallRateInsight]");
  expect(found(text)).toEqual([
    expect.stringMatching(/^11:56 trail\.insights \| .*events that write/),
  ]);
});

function environment(trail: string, member = ""): Environment {
  const { environment, problems } = checkEnvironment("e", "e.yaml", file(trail, member));
  expect(problems).toBeUndefined();
  return environment!;
}

describe("only the caller's copy", () => {
  test("of no bucket where all accounts record the same", () => {
    expect(redactionWarnings(environment("events: { preset: s3-all }"))).toEqual([]);
    expect(redactionWarnings(environment(""))).toEqual([]);
  });

  test("of every bucket of accounts that record less", () => {
    const some = environment(
      "events: { preset: s3-write }",
      ofMember("events: { preset: s3-all }"),
    );
    expect(redactionWarnings(some)).toEqual([
      expect.stringContaining(
        "read events of every S3 bucket are recorded for 222222222222, not for 111111111111, 333333333333",
      ),
    ]);
  });

  const naming = (rest: string) =>
    redactionWarnings(
      environment("", ofMember(`events: { s3Buckets: [{ name: payroll${rest} }] }`)),
    );

  test("of a named bucket, by its owner", () => {
    expect(naming(', owner: "222222222222"')).toEqual([]);
    expect(naming("")).toEqual([expect.stringContaining("its owner is unknown here")]);
    expect(naming(', owner: "333333333333"')).toEqual([
      expect.stringContaining("recorded for 222222222222, and the trail of its owner 333333333333"),
    ]);
    expect(naming(', owner: "999999999999"')).toEqual([
      expect.stringContaining("999999999999 has no trail in this environment"),
    ]);
  });

  test("of none where the owner's trail records the bucket too", () => {
    const bucket = (events: string) =>
      `s3Buckets: [{ name: payroll, events: ${events}, owner: "222222222222" }]`;
    const of = (member: string) =>
      redactionWarnings(
        environment(`events: { ${bucket("write")} }`, ofMember(`events: { ${member} }`)),
      );
    expect(of(bucket("all"))).toEqual([]);
    expect(of(bucket("read"))).toEqual([expect.stringContaining("does not record the same")]);
  });
});

test("a second copy of management events, by account", () => {
  const warnings = billingWarnings(
    environment("", ofMember("events: { otherManagementTrail: true }")),
  );
  expect(warnings).toEqual([expect.stringContaining("Account 222222222222: another trail")]);
});
