import { LOG_FOLDERS } from "../../cloudtrail/files/log-folders";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cdktf as generated } from "@cdktf/provider-aws/package.json";
import { App } from "cdktf";
import type { Environment, S3State } from "../../envs/types";
import { addEnvironmentStacks } from "../../stacks/environment-stacks";
import type { ReviewMode } from "../../stacks/review-mode";
import { synthesize } from "../../stacks/synthesize";
import { fourAccounts } from "../support/environment";
import { type Configuration, only } from "../support/synthesized";

interface Manifest {
  stacks: Record<string, { dependencies: string[]; synthesizedStackPath: string }>;
}

const folder = mkdtempSync(join(tmpdir(), "central-trail-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Synthesizes an environment for real, files and all. */
function stacksOf(
  environment: Environment,
  { review, roles }: { review?: ReviewMode; roles?: "deploy" | "plan" } = {},
): {
  manifest: Manifest;
  configuration: (stack: string) => Configuration;
} {
  const outdir = mkdtempSync(join(folder, "out-"));
  const app = new App({ outdir });
  addEnvironmentStacks(app, { environment, stateDirectory: "/state", review, roles });
  synthesize(app);
  const read = (path: string): unknown => JSON.parse(readFileSync(join(outdir, path), "utf8"));
  const manifest = read("manifest.json") as Manifest;
  return {
    manifest,
    configuration: (stack) => read(manifest.stacks[stack]!.synthesizedStackPath) as Configuration,
  };
}

const withUpkeep = fourAccounts();
const { manifest, configuration } = stacksOf({
  ...withUpkeep,
  destination: {
    ...withUpkeep.destination,
    retention: { expireDays: 365 },
    accessLogBucket: "central-trail-test-access",
  },
});
const member = "test-member-222222222222";

test("the manifest makes members and upkeep wait for the destination, upkeep last", () => {
  expect(
    Object.entries(manifest.stacks).map(([name, { dependencies }]) => [name, dependencies]),
  ).toEqual([
    ["test-destination", []],
    ["test-member-222222222222", ["test-destination"]],
    ["test-member-333333333333", ["test-destination"]],
    ["test-member-444444444444", ["test-destination"]],
    ["test-upkeep", ["test-destination"]],
  ]);
});

test("queries alone make the upkeep stack: over the bucket that the destination's state names, for all accounts", () => {
  const environment = fourAccounts();
  const { manifest, configuration } = stacksOf({
    ...environment,
    destination: {
      ...environment.destination,
      prefix: "org",
      query: {
        database: "central_trail_test",
        workgroup: "central-trail-test",
        resultsBucket: "central-trail-test-results",
        resultsExpireDays: 30,
        firstDay: "2026-01-31",
        bytesScannedCutoffPerQuery: 10_485_760,
      },
    },
  });
  expect(manifest.stacks["test-upkeep"]!.dependencies).toEqual(["test-destination"]);
  const upkeep = configuration("test-upkeep");
  const tables = Object.values(upkeep.resource["aws_glue_catalog_table"]!);
  expect(tables).toHaveLength(LOG_FOLDERS.length);
  for (const folder of LOG_FOLDERS) {
    expect(tables.map(({ parameters }) => parameters)).toContainEqual(
      expect.objectContaining({
        "projection.account.values": "111111111111,222222222222,333333333333,444444444444",
        "storage.location.template": `s3://\${data.terraform_remote_state.destination.outputs.s3_bucket_name}/org/AWSLogs/$\${account}/${folder}/$\${region}/$\${day}`,
      }),
    );
  }
  expect(only(upkeep, "aws_athena_workgroup")).toMatchObject({
    name: "central-trail-test",
    force_destroy: true,
    configuration: { bytes_scanned_cutoff_per_query: 10_485_760 },
  });
  expect(only(upkeep, "aws_s3_bucket").bucket).toBe("central-trail-test-results");
});

test("no upkeep stack where there is nothing to keep", () => {
  expect(Object.keys(stacksOf(fourAccounts()).manifest.stacks)).not.toContain("test-upkeep");
});

test.each(["test-destination", member, "test-upkeep"])(
  "%s: Terraform 1.10 or later, its own state, and one aliased provider bound to its account",
  (name) => {
    const { terraform, provider } = configuration(name);
    expect(terraform.required_version).toBe(">= 1.10");
    expect(terraform.required_providers.aws!.version).toBe(generated.provider.version);
    expect(terraform.backend).toEqual({ local: { path: `/state/${name}.tfstate` } });
    const id = name === member ? "222222222222" : "111111111111";
    expect(provider.aws).toEqual([
      {
        alias: name === member ? "member" : "destination",
        region: "us-east-1",
        allowed_account_ids: [id],
        assume_role: [
          {
            role_arn: `arn:aws:iam::${id}:role/central-trail-deployer`,
            external_id: "central-trail-test",
            session_name: "central-trail",
          },
        ],
        default_tags: [{ tags: { project: "central-trail" } }],
      },
    ]);
  },
);

test("a member reads the gate's outputs from the destination's state, its own entry alone", () => {
  const { data, resource } = configuration(member);
  expect(data!.terraform_remote_state!.destination).toMatchObject({
    backend: "local",
    config: { path: "/state/test-destination.tfstate" },
  });
  const trail = only({ resource } as Configuration, "aws_cloudtrail");
  const outputs = "data.terraform_remote_state.destination.outputs";
  expect(trail).toMatchObject({
    name: "central-trail",
    provider: "aws.member",
    s3_bucket_name: `\${${outputs}.s3_bucket_name}`,
    kms_key_id: `\${try(${outputs}.kms_key_arn, null)}`,
  });
  const arn = "arn:aws:cloudtrail:us-east-1:222222222222:trail/central-trail";
  const [precondition] = trail.lifecycle!.precondition!;
  expect(precondition!.condition).toBe(`\${try(${outputs}.trails["${arn}"], null) != null}`);
  expect(precondition!.error_message).toContain(arn);
  expect(precondition!.error_message).toContain("Deploy the stack test-destination first");
});

test("a retiring member keeps its stack and its place in the policies, but has no trail", () => {
  const environment = fourAccounts();
  const [first, ...rest] = environment.members;
  const { manifest, configuration } = stacksOf({
    ...environment,
    members: [{ ...first!, retiring: true }, ...rest],
  });
  expect(manifest.stacks[member]!.dependencies).toEqual(["test-destination"]);
  expect(configuration(member).resource).toBeUndefined();
  expect(configuration(member).provider.aws).toHaveLength(1);
  const policies = configuration("test-destination").resource;
  for (const type of ["aws_s3_bucket_policy", "aws_kms_key"]) {
    const text = only({ resource: policies } as Configuration, type).policy as string;
    expect(text).toContain("arn:aws:cloudtrail:us-east-1:222222222222:trail/central-trail");
  }
});

test("S3 state: one key for each stack, native lock file, and no lock file where it is only read", () => {
  const { configuration } = stacksOf(
    fourAccounts({
      state: {
        backend: "s3",
        bucket: "the-state",
        region: "eu-central-1",
        keyPrefix: "central-trail",
        roleArn: "arn:aws:iam::111111111111:role/state",
        externalId: "x",
      },
    }),
  );
  const s3 = (name: string): Record<string, unknown> => ({
    bucket: "the-state",
    region: "eu-central-1",
    key: `central-trail/${name}.tfstate`,
    encrypt: true,
    assume_role: { role_arn: "arn:aws:iam::111111111111:role/state", external_id: "x" },
  });
  expect(configuration(member).terraform.backend).toEqual({
    s3: { ...s3(member), use_lockfile: true },
  });
  expect(configuration(member).data!.terraform_remote_state!.destination).toMatchObject({
    config: s3("test-destination"),
  });
  expect(JSON.stringify(configuration(member).data)).not.toContain("use_lockfile");
});

describe("the roles that only read", () => {
  const [deployer, planner] = ["central-trail-deployer", "central-trail-planner"];
  const environment = fourAccounts({
    state: {
      backend: "s3",
      bucket: "the-state",
      region: "eu-central-1",
      keyPrefix: "central-trail",
      roleArn: "arn:aws:iam::111111111111:role/state",
      planRoleArn: "arn:aws:iam::111111111111:role/state-reader",
    },
  });
  const split: Environment = {
    ...environment,
    deployer: { ...environment.deployer, planRole: planner },
    destination: {
      ...environment.destination,
      planRoleArn: environment.destination.roleArn.replace(deployer, planner),
    },
    members: environment.members.map((one) => ({
      ...one,
      planRoleArn: one.roleArn.replace(deployer, planner),
    })),
  };
  const text = (of: Environment, roles?: "deploy" | "plan"): string => {
    const { configuration } = stacksOf(of, { roles });
    return JSON.stringify([configuration("test-destination"), configuration(member)]);
  };

  test("are those of providers, backends and remote state, and nothing else differs", () => {
    const [deploys, plans] = [text(split), text(split, "plan")];
    expect(plans).not.toContain(deployer);
    expect(plans.match(/role\/state-reader"/g)).toHaveLength(3);
    expect(plans.replaceAll(planner, deployer).replaceAll("state-reader", "state")).toBe(deploys);
  });

  test("are asked for by plans alone; without them plans take the others", () => {
    expect(text(split)).toBe(text(environment));
    expect(text(split, "deploy")).toBe(text(split));
    const state = { ...(environment.state as S3State), planRoleArn: undefined };
    const without = { ...environment, state };
    expect(text(without, "plan")).toBe(text(without));
  });
});

test("the environment file may set endpoint and provider version", () => {
  const { configuration } = stacksOf(
    fourAccounts({ endpoint: "http://127.0.0.1:4566", awsProviderVersion: "~> 5.100" }),
  );
  const { terraform, provider } = configuration(member);
  expect(terraform.required_providers.aws!.version).toBe("~> 5.100");
  expect(provider.aws![0]!.endpoints).toEqual([
    {
      athena: "http://127.0.0.1:4566",
      cloudtrail: "http://127.0.0.1:4566",
      glue: "http://127.0.0.1:4566",
      kms: "http://127.0.0.1:4566",
      s3: "http://127.0.0.1:4566",
      sns: "http://127.0.0.1:4566",
      sqs: "http://127.0.0.1:4566",
      sts: "http://127.0.0.1:4566",
    },
  ]);
});

test("the policies that readers of other accounts need are an output; without such readers there is none", () => {
  expect(configuration("test-destination").output).not.toHaveProperty("reader_identity_policies");
  const environment = fourAccounts();
  const reader = {
    name: "payments-team",
    principals: ["arn:aws:iam::222222222222:role/auditor"],
    accounts: ["222222222222"],
  };
  const withReader = stacksOf({
    ...environment,
    destination: { ...environment.destination, readers: [reader] },
  });
  const { output } = withReader.configuration("test-destination");
  expect(output!.reader_identity_policies!.value).toEqual({
    "payments-team": expect.stringContaining("${aws_kms_key.") as string,
  });
});

describe("stacks that are only reviewed", () => {
  const review = { stacks: [member] };
  const reviewed = stacksOf(withUpkeep, { review });

  test("read no state, and have a provider that refuses to apply", () => {
    const { data, resource, provider } = reviewed.configuration(member);
    expect(data).toBeUndefined();
    expect(only(reviewed.configuration(member), "aws_cloudtrail")).toMatchObject({
      s3_bucket_name: "central-trail-test-logs",
      kms_key_id: "${terraform_data.known-after-apply.output.kms_key_arn}",
    });
    expect(Object.keys(resource["terraform_data"]!)).toEqual(["known-after-apply"]);
    expect(provider["aws"]![0]!["allowed_account_ids"]).toBe(
      '${terraform.applying ? ["000000000000"] : ["222222222222"]}',
    );
  });

  test("know the key where they are told it", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:111111111111:key/1";
    const { configuration } = stacksOf(withUpkeep, { review: { ...review, kmsKeyArn } });
    expect(only(configuration(member), "aws_cloudtrail")["kms_key_id"]).toBe(kmsKeyArn);
    expect(configuration(member).resource["terraform_data"]).toBeUndefined();
  });

  test("leave no trace in any other stack, nor in normal output", () => {
    const other = "test-member-333333333333";
    expect(reviewed.configuration(other)).toEqual(stacksOf(withUpkeep).configuration(other));
    for (const name of Object.keys(manifest.stacks)) {
      expect(JSON.stringify(configuration(name))).not.toMatch(
        /terraform\.applying|known-after-apply/,
      );
    }
  });
});

test("every account's trail has the file's selection of events, without the buckets that take logs", () => {
  const environment = fourAccounts();
  const events = { preset: "s3-write" } as const;
  const recording = stacksOf({
    ...environment,
    destination: {
      ...environment.destination,
      accessLogBucket: "the-access-logs",
      trail: { ...environment.destination.trail, events },
    },
    members: environment.members.map((one) => ({ ...one, trail: { ...one.trail, events } })),
  });
  for (const stack of ["test-destination", member]) {
    expect(JSON.stringify(only(recording.configuration(stack), "aws_cloudtrail"))).toContain(
      '"not_starts_with":["arn:aws:s3:::central-trail-test-logs/","arn:aws:s3:::the-access-logs/"]',
    );
  }
});

test("synthesis warns where only a caller's redacted copy would exist", () => {
  const environment = fourAccounts();
  const [first, ...others] = environment.members;
  const events = { preset: "s3-write" } as const;
  const { manifest } = stacksOf({
    ...environment,
    members: [{ ...first!, trail: { ...first!.trail, events } }, ...others],
  });
  expect(JSON.stringify(manifest.stacks["test-destination"])).toContain(
    "are recorded for 222222222222, not for 111111111111, 333333333333, 444444444444",
  );
});
