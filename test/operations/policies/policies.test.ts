import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requireEnvironment } from "../../../envs/load";
import { minify } from "../../../iam/policy-document";
import { REPOSITORY } from "../../support/repository";
import { type ListedPolicy, listPolicies } from "../../../operations/policies/policies";
import { centralTrail } from "../../support/cli";
import { fourAccounts } from "../../support/environment";

jest.setTimeout(60_000);

const PIPELINE = "arn:aws:iam::012345678901:role/pipeline";
const PLANNER = `${PIPELINE}-plan`;
const ENVS = join(REPOSITORY, "envs");

function titled(policies: readonly ListedPolicy[]): Map<string, ListedPolicy> {
  return new Map(policies.map((policy) => [`${policy.kind} | ${policy.of}`, policy]));
}

describe("the list", () => {
  const withEverything = (() => {
    const environment = fourAccounts();
    return {
      ...environment,
      destination: {
        ...environment.destination,
        accessLogBucket: "access-logs",
        notifications: { topicName: "new-logs", queueName: "new-logs-queue" },
        readers: [
          {
            name: "payments-team",
            principals: ["arn:aws:iam::222222222222:role/auditor"],
            accounts: ["222222222222"],
          },
        ],
      },
    };
  })();

  test("holds every document once, sizes of the minified text, and room where it shrinks", () => {
    const policies = listPolicies(withEverything, { trusted: [PIPELINE] });
    expect(titled(policies).size).toBe(policies.length);
    const reader = titled(policies).get("reader's identity policy | payments-team");
    expect(reader?.policy.Statement.map(({ Sid }) => Sid)).toContain("ReaderDecrypt");
    for (const { bytes, limit, policy } of policies) {
      expect(bytes).toBe(Buffer.byteLength(minify(policy)));
      expect(bytes).toBeLessThan(limit);
    }
    expect(
      policies.filter(({ roomForAccounts }) => roomForAccounts).map(({ kind }) => kind),
    ).toEqual(["bucket policy", "key policy", "topic policy"]);
    expect(policies.slice(0, 6).map(({ kind, of }) => `${kind} | ${of}`)).toEqual([
      "bucket policy | central-trail-test-logs",
      "key policy | alias/central-trail-test",
      "bucket policy | access-logs",
      "topic policy | new-logs",
      "key policy | the key of topic new-logs",
      "queue policy | new-logs-queue",
    ]);
  });

  test("room is what fits: with so many accounts more it does, with one more it does not", () => {
    const environment = fourAccounts();
    const { roomForAccounts, limit } = listPolicies(environment)[0]!;
    const bytesWith = (count: number): number => {
      const members = Array.from({ length: count }, (_, index) => ({
        ...environment.members[0]!,
        account: String(500_000_000_000 + index),
      }));
      return listPolicies({ ...environment, members: [...environment.members, ...members] })[0]!
        .bytes;
    };
    expect(bytesWith(roomForAccounts!)).toBeLessThanOrEqual(limit);
    expect(bytesWith(roomForAccounts! + 1)).toBeGreaterThan(limit);
  });

  test("a known key is in the permissions, and without a principal there is no trust policy", () => {
    const keyArn = "arn:aws:kms:us-east-1:111111111111:key/known";
    const policies = listPolicies(fourAccounts(), { keyArn });
    expect(policies.some(({ kind }) => kind === "trust policy")).toBe(false);
    const role = "arn:aws:iam::111111111111:role/central-trail-deployer";
    const text = minify(titled(policies).get(`permissions to deploy | ${role}`)!.policy);
    expect(text).toContain(keyArn);
    expect(text).not.toMatch(/key\/\*|kms:CreateKey/);
  });
});

test("one role that does both has all documents; two have their own", () => {
  const kindsOf = (policies: readonly ListedPolicy[], of: string): string[] =>
    policies.filter((one) => one.of === of).map(({ kind }) => kind);
  const role = "arn:aws:iam::111111111111:role/central-trail-deployer";
  const planRoleArn = role.replace("deployer", "planner");
  const all = ["permissions to deploy", "permissions to plan", "permissions to verify"];
  const one = fourAccounts();
  expect(kindsOf(listPolicies(one, { trusted: [PIPELINE] }), role)).toEqual([
    "trust policy",
    ...all,
  ]);
  const two = {
    ...one,
    deployer: { ...one.deployer, planRole: "central-trail-planner" },
    destination: { ...one.destination, planRoleArn },
  };
  const listed = listPolicies(two, { trustedToPlan: [PLANNER] });
  expect(kindsOf(listed, role)).toEqual(all.slice(0, 1));
  expect(kindsOf(listed, planRoleArn)).toEqual(["trust policy", ...all.slice(1)]);
  expect(kindsOf(listed, "whoever only plans")).toEqual(["permissions to assume the roles"]);
  const verifying = listPolicies(two, { trustedToVerify: [PLANNER] });
  expect(kindsOf(verifying, "arn:aws:iam::111111111111:role/central-trail-verifier")).toEqual([
    "trust policy",
    "permissions to verify alone",
  ]);
  expect(kindsOf(verifying, "whoever only verifies")).toEqual(["permissions to assume the roles"]);
});

test("an existing key is decrypted with, and SSE-S3 needs no key to verify", () => {
  const environment = fourAccounts();
  const verify = (encryption: typeof environment.destination.encryption): string => {
    const destination = { ...environment.destination, prefix: "org", encryption };
    const policies = listPolicies({ ...environment, destination });
    return minify(policies.find(({ kind }) => kind === "permissions to verify")!.policy);
  };
  const keyArn = "arn:aws:kms:us-east-1:999999999999:key/existing";
  const existing = verify({ type: "sse-kms-existing", keyArn, bucketKey: false });
  expect(existing).toContain(`"Action":"kms:Decrypt","Resource":"${keyArn}"`);
  expect(existing).toContain("arn:aws:s3:::central-trail-test-logs/org/AWSLogs/*/*");
  expect(verify({ type: "sse-s3" })).not.toContain("kms:");
});

describe("the command", () => {
  test("prints a line for each document and each in full", () => {
    const { status, stdout, stderr } = centralTrail(
      "policies",
      "--env",
      "example-production",
      "--trusted",
      PIPELINE,
      "--trusted-to-plan",
      PLANNER,
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^bucket policy +example-org-trail-logs +trail-arns +\d+ +20480 +9 % +\d+ more accounts$/m,
    );
    const parts = stdout.split(/^# (.*)$/m).slice(1);
    const printed = parts.flatMap((title, index) =>
      index % 2 === 0 ? [[title, JSON.parse(parts[index + 1]!) as unknown]] : [],
    );
    const listed = listPolicies(requireEnvironment(ENVS, "example-production"), {
      trusted: [PIPELINE],
      trustedToPlan: [PLANNER],
    });
    expect(printed).toEqual(listed.map(({ kind, of, policy }) => [`${kind}: ${of}`, policy]));
    expect(stderr).toMatch(/add --key-arn/);
  });

  test("--json is the same for programs", () => {
    const { stdout } = centralTrail("policies", "--env", "local", "--json");
    expect(JSON.parse(stdout)).toEqual({
      environment: "local",
      policies: listPolicies(requireEnvironment(ENVS, "local")),
    });
  });

  test("says all that is wrong with its options", () => {
    const { status, stdout, stderr } = centralTrail(
      "policies",
      "--env",
      "local",
      "--trusted",
      "111111111111",
      "--key-arn",
      "arn:aws:kms:us-east-1:222222222222:key/x",
      "--topic-key-arn",
      "hello",
      "--trusted-to-plan",
      "pipeline",
      "--trusted-to-verify",
      "nightly",
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(
      '--trusted: "111111111111" is not an ARN; write arn:aws:iam::<account>:role/<name>',
    );
    expect(stderr).toContain('--trusted-to-plan: "pipeline" is not an ARN');
    expect(stderr).toContain("--trusted-to-plan: this environment has no deployer.planRole");
    expect(stderr).toContain('--trusted-to-verify: "nightly" is not an ARN');
    expect(stderr).toContain("--trusted-to-verify: this environment has no deployer.planRole");
    expect(stderr).toMatch(/--key-arn: ".*" is not a key of the destination's account and region/);
    expect(stderr).toContain("--topic-key-arn: this environment has no notifications");
    expect(stderr).toMatch(/--topic-key-arn: "hello" is not a key of the destination's account/);
  });
});

test("docs/deployer-roles.md shows the documents as they are printed", () => {
  const page = readFileSync(join(REPOSITORY, "docs", "deployer-roles.md"), "utf8");
  const environment = requireEnvironment(ENVS, "example-production");
  const trusted = { trusted: [PIPELINE], trustedToPlan: [PLANNER] };
  const policies = titled(listPolicies(environment, trusted));
  const shown = [...page.matchAll(/<!-- (.+) -->\n+```json\n([\s\S]*?)```/g)];
  for (const [, title = "", text = ""] of shown) {
    expect({ title, policy: JSON.parse(text) as unknown }).toEqual({
      title,
      policy: policies.get(title)?.policy,
    });
  }
  const kinds = [...policies.values()].map(({ kind }) => kind);
  const ofRoles = kinds.filter((kind) => /^(trust|permissions)/.test(kind));
  expect(new Set(shown.map(([, title = ""]) => title.split(" | ")[0]))).toEqual(new Set(ofRoles));
  expect(page.match(/```json/g)).toHaveLength(shown.length);
});
