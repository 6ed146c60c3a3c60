import { writeFileSync } from "node:fs";
import { ownerOnly } from "../runs/owner-only";
import { type ProviderSource, terraformCliConfig } from "./provider-source";
import type { RunFolder } from "../runs/run-folder";

/** How to reach a local AWS, and as whom. */
export interface LocalAwsAccess {
  /** One URL for every service. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface ChildEnvironmentOptions {
  /** Name of the environment that main.ts builds. */
  readonly environment: string;
  readonly folder: RunFolder;
  readonly provider: ProviderSource;
  /**
   * Folder for local Terraform state.
   * @default - where main.ts puts it
   */
  readonly stateFolder?: string;
  /**
   * A local AWS for the run; then nothing of the user's own AWS configuration reaches it.
   * @default - AWS, as the user's own configuration says
   */
  readonly localAws?: LocalAwsAccess;
}

/** Variables that steer cdktf and Terraform behind the back of the command line that we write. */
const STEERING =
  /^(CDKTF_|CENTRAL_TRAIL_(REVIEW|ROLES)$|TF_CLI_ARGS|TF_DATA_DIR$|TF_WORKSPACE$|TF_PLUGIN_CACHE_DIR$|SYNTH_HCL_OUTPUT$)/;

/**
 * The environment for cdktf-cli, Terraform and the app in a run. It also writes Terraform's CLI
 * configuration into the run's folder.
 */
export function childEnvironment(
  base: NodeJS.ProcessEnv,
  { environment, folder, provider, stateFolder, localAws }: ChildEnvironmentOptions,
): NodeJS.ProcessEnv {
  // A user who has a plugin cache has it filled once for all runs.
  const cliConfig = terraformCliConfig(provider, base.TF_PLUGIN_CACHE_DIR || folder.pluginCache);
  if (cliConfig !== undefined) ownerOnly(() => writeFileSync(folder.cliConfig, cliConfig));
  const inherited = Object.entries(base).filter(
    ([name]) => !STEERING.test(name) && !(localAws && name.startsWith("AWS_")),
  );
  return {
    ...Object.fromEntries(inherited),
    CENTRAL_TRAIL_ENV: environment,
    ...(!stateFolder ? {} : { CENTRAL_TRAIL_STATE_DIR: stateFolder }),
    TF_CLI_CONFIG_FILE: provider.kind === "user-config" ? provider.path : folder.cliConfig,
    TF_IN_AUTOMATION: "1",
    // A provider that is killed leaves its socket in it.
    TMPDIR: folder.path,
    // No questions, no look for newer versions; the plugin cache is the CLI configuration's.
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    ...(localAws ? localAwsEnvironment(localAws, base, folder) : {}),
  };
}

/** Every variable that the AWS SDKs need to reach the local AWS and nothing else. */
export function localAwsEnvironment(
  { endpoint, region, accessKeyId, secretAccessKey }: LocalAwsAccess,
  base: NodeJS.ProcessEnv,
  folder: Pick<RunFolder, "emptyAwsConfig">,
): NodeJS.ProcessEnv {
  const direct = [base.NO_PROXY ?? base.no_proxy, "127.0.0.1", "localhost"]
    .filter(Boolean)
    .join(",");
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: folder.emptyAwsConfig,
    AWS_SHARED_CREDENTIALS_FILE: folder.emptyAwsConfig,
    AWS_EC2_METADATA_DISABLED: "true",
    NO_PROXY: direct,
    no_proxy: direct,
  };
}
