import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  childEnvironment,
  type ChildEnvironmentOptions,
} from "../../../operations/terraform/child-environment";
import type { ProviderSource } from "../../../operations/terraform/provider-source";
import {
  createRunFolder,
  removeRunFolder,
  type RunFolder,
} from "../../../operations/runs/run-folder";

let folder: RunFolder;
beforeEach(() => (folder = createRunFolder()));
afterEach(() => removeRunFolder(folder));

const registry: ProviderSource = { kind: "registry", line: "", notes: [] };
const localAws = {
  endpoint: "http://127.0.0.1:4566",
  region: "us-east-1",
  accessKeyId: "AKIALOCAL",
  secretAccessKey: "local-secret",
};

/** All that a user's shell may hold of AWS, with values that must not get through. */
const users: NodeJS.ProcessEnv = {
  PATH: "/bin",
  HOME: "/home/u",
  AWS_PROFILE: "production",
  AWS_DEFAULT_PROFILE: "production",
  AWS_ACCESS_KEY_ID: "AKIAREAL",
  AWS_SECRET_ACCESS_KEY: "real-secret",
  AWS_SESSION_TOKEN: "real-token",
  AWS_SECURITY_TOKEN: "real-token",
  AWS_ROLE_ARN: "arn:aws:iam::555555555555:role/real",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/real/token",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.2/real",
  AWS_CONFIG_FILE: "/home/u/.aws/config",
  AWS_SHARED_CREDENTIALS_FILE: "/home/u/.aws/credentials",
  AWS_ENDPOINT_URL_S3: "https://real.example.com",
  AWS_USE_FIPS_ENDPOINT: "true",
  AWS_CA_BUNDLE: "/real/ca.pem",
};

function environment(
  base: NodeJS.ProcessEnv,
  options: Partial<ChildEnvironmentOptions> = {},
): NodeJS.ProcessEnv {
  return childEnvironment(base, { environment: "x", folder, provider: registry, ...options });
}

test("nothing of the user's own AWS reaches a run against a local AWS", () => {
  const env = environment(users, { localAws });
  const aws = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("AWS_")));
  expect(aws).toEqual({
    AWS_ENDPOINT_URL: localAws.endpoint,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIALOCAL",
    AWS_SECRET_ACCESS_KEY: "local-secret",
    AWS_CONFIG_FILE: folder.emptyAwsConfig,
    AWS_SHARED_CREDENTIALS_FILE: folder.emptyAwsConfig,
    AWS_EC2_METADATA_DISABLED: "true",
  });
  expect(readFileSync(folder.emptyAwsConfig, "utf8")).toBe("");
  expect(env).toMatchObject({ PATH: "/bin", HOME: "/home/u", NO_PROXY: "127.0.0.1,localhost" });
});

test("a run against AWS itself keeps the user's own AWS configuration", () => {
  expect(environment(users)).toMatchObject(users);
});

test("what would steer cdktf and Terraform past our command line is dropped", () => {
  const steering = {
    CDKTF_OUTPUT: "elsewhere",
    CDKTF_PARALLELISM: "50",
    TF_CLI_ARGS_apply: "-lock=false",
    TF_CLI_ARGS: "-x",
    TF_DATA_DIR: "/shared",
    TF_WORKSPACE: "other",
    TF_PLUGIN_CACHE_DIR: "/cache",
  };
  const env = environment({ ...steering, TF_VAR_a: "1", TF_LOG: "debug" });
  for (const name of Object.keys(steering)) expect(env).not.toHaveProperty(name);
  expect(env).toMatchObject({ TF_VAR_a: "1", TF_LOG: "debug" });
});

test("environment, state and Terraform's CLI configuration are the run's own", () => {
  const env = environment({ TF_CLI_CONFIG_FILE: "/users.tfrc" }, { stateFolder: folder.state });
  expect(env).toMatchObject({
    CENTRAL_TRAIL_ENV: "x",
    CENTRAL_TRAIL_STATE_DIR: join(folder.path, "state"),
    TF_CLI_CONFIG_FILE: folder.cliConfig,
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
  });
  expect(readFileSync(folder.cliConfig, "utf8")).toContain(
    `plugin_cache_dir = ${JSON.stringify(folder.pluginCache)}`,
  );
});

test("a plugin cache that the user has is used for downloads", () => {
  environment({ TF_PLUGIN_CACHE_DIR: "/home/u/cache" });
  expect(readFileSync(folder.cliConfig, "utf8")).toContain('plugin_cache_dir = "/home/u/cache"');
});

test("the user's own CLI configuration stays in use where it says where providers come from", () => {
  const provider: ProviderSource = {
    kind: "user-config",
    path: "/users.tfrc",
    line: "",
    notes: [],
  };
  expect(environment({}, { provider }).TF_CLI_CONFIG_FILE).toBe("/users.tfrc");
});
