import { checkEnvironment } from "../../../envs/check";
import { environmentJsonSchema } from "../../../envs/schema/json-schema";
import { type Answers, environmentText } from "../../../operations/init/environment-text";

const ANSWERS: Answers = {
  name: "production",
  destinationAccount: "012345678901",
  members: ["123456789012", "210987654321"],
  examples: [],
  region: "eu-central-1",
  bucket: "example-logs",
  stateBucket: "example-state",
  role: "deployers/central-trail",
  externalId: "central-trail-7f3a",
};

const resolved = (text: string): ReturnType<typeof checkEnvironment> =>
  checkEnvironment("production", "production.yaml", text);

test("it says what was answered, and nothing else", () => {
  const { environment, problems } = resolved(environmentText(ANSWERS));
  expect(problems).toBeUndefined();
  const { destination, members, state, throwaway } = environment!;
  expect(throwaway).toBe(false);
  expect([destination, ...members].map(({ account, region }) => [account, region])).toEqual([
    ["012345678901", "eu-central-1"],
    ["123456789012", "eu-central-1"],
    ["210987654321", "eu-central-1"],
  ]);
  expect(destination).toMatchObject({
    bucket: "example-logs",
    roleArn: "arn:aws:iam::012345678901:role/deployers/central-trail",
    externalId: "central-trail-7f3a",
  });
  expect(destination.retention ?? destination.prefix ?? destination.readers).toBeUndefined();
  expect(state).toMatchObject({ backend: "s3", bucket: "example-state", region: "eu-central-1" });
});

test("what it shows as comments is valid", () => {
  const text = environmentText(ANSWERS)
    .replace(/^( *)# (?=[a-zA-Z]+:( |$)| {2,})/gm, "$1")
    // One of a kind: an environment is not both kept for ever and thrown away.
    .replace("\nthrowaway: true", "");
  expect(text).not.toMatch(/^ *# +[a-zA-Z]+:/m);
  const { environment, problems } = resolved(text);
  expect(problems).toBeUndefined();
  expect(Object.keys(environment!.destination)).toEqual(
    expect.arrayContaining(["prefix", "retention", "hardening", "notifications", "query"]),
  );
});

test("it shows every entry of the schema, but for what few need", () => {
  interface Node {
    readonly properties: Readonly<Record<string, Node>>;
  }
  const { properties } = environmentJsonSchema() as unknown as Node;
  const few = [
    "endpoint",
    "acknowledgements",
    "servicePrincipal",
    "statements",
    "topicPolicyShape",
  ];
  const entries = [
    ...Object.keys(properties),
    ...Object.keys(properties["destination"]!.properties),
  ];
  const text = environmentText(ANSWERS);
  const missing = entries.filter((entry) => !new RegExp(`^ *(# )?${entry}:`, "m").test(text));
  // By these it is shown for all accounts.
  expect(missing.filter((entry) => !few.includes(entry))).toEqual([]);
  expect(missing.sort()).toEqual(few.sort());
});

test("an account ID stays text, and no value can become something else", () => {
  const odd = {
    bucket: "true",
    role: 'a: "b"\nthrowaway: true',
    externalId: "1e3",
    region: "null",
  };
  const { problems = [] } = resolved(environmentText({ ...ANSWERS, ...odd }));
  const found = new Map(problems.map((problem) => [problem.path, problem.found]));
  // Text all the same, so only its rule is broken.
  expect(found.get("deployer.role")).toContain("throwaway");
  expect(found.get("destination.region")).toBe('"null"');
  expect([...found.keys()]).not.toContain("destination.bucket");
  expect([...found.keys()]).not.toContain("deployer.externalId");
});

test("a region that has to be opted in to is listed as one", () => {
  const text = environmentText({ ...ANSWERS, region: "eu-south-1" });
  expect(resolved(text).problems).toBeUndefined();
  expect(text).toContain("\noptInRegions: [eu-south-1]\n");
});

test("without members there is an example in a comment, and examples say so", () => {
  const text = environmentText({ ...ANSWERS, members: [], examples: [ANSWERS.destinationAccount] });
  expect(resolved(text).environment?.members).toEqual([]);
  expect(text).toContain('  account: "012345678901" # an example; put in yours\n');
  expect(text).toContain('members: []\n#   - account: "');
});
