import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { ExpectedError } from "../expected-error";
import { compareVersions, isVersion } from "./terraform-version";

const run = promisify(execFile);

/** Programs that npm cannot bring. */
export type ToolName = "terraform" | "moto";

/** A program that is there and new enough. */
export interface Tool {
  /** What to run. */
  readonly command: string;
  readonly version: string;
}

/** Terraform, with what it says of itself. */
export interface TerraformTool extends Tool {
  /** Terraform's name for this machine's platform, such as `linux_amd64`. */
  readonly platform: string;
}

export interface Tools {
  readonly terraform: TerraformTool;
  readonly moto: Tool;
}

/** Version 1.10 brought `terraform.applying` and S3's own lock file. */
const TERRAFORM_MINIMUM = "1.10.0";
const MOTO_MINIMUM = "5.2";
const INSTALL_MOTO = `python3 -m pip install --upgrade 'moto[server]>=${MOTO_MINIMUM}'`;

const finders: { readonly [Name in ToolName]: (env: NodeJS.ProcessEnv) => Promise<Tools[Name]> } = {
  terraform: findTerraform,
  moto: findMoto,
};

/**
 * The programs a command needs.
 *
 * @throws ExpectedError one line for each one that is missing or too old, with the command that
 *   installs it
 */
export async function findTools<Name extends ToolName>(
  names: readonly Name[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Pick<Tools, Name>> {
  const found = await Promise.allSettled(names.map((name) => finders[name](env)));
  const problems = found.flatMap((result) => {
    if (result.status === "fulfilled") return [];
    if (result.reason instanceof ExpectedError) return result.reason.lines;
    throw result.reason;
  });
  if (problems.length > 0) throw new ExpectedError(problems);
  return Object.fromEntries(
    found.map((result, index) => [names[index], result.status === "fulfilled" && result.value]),
  ) as Pick<Tools, Name>;
}

async function findTerraform(env: NodeJS.ProcessEnv): Promise<TerraformTool> {
  // cdktf-cli's own variable.
  const command = env.TERRAFORM_BINARY_NAME || "terraform";
  const install = `Terraform ${TERRAFORM_MINIMUM} or later is needed; install it with: ${installTerraform()}`;
  let output: string;
  try {
    output = (
      await run(command, ["version", "-json"], {
        env: { ...env, CHECKPOINT_DISABLE: "1" },
      })
    ).stdout;
  } catch (error) {
    throw new ExpectedError([`${command} cannot be run (${reason(error)}). ${install}`]);
  }
  const { terraform_version: version, platform } = parseTerraformVersion(output);
  if (!version || !platform) {
    throw new ExpectedError([`\`${command} version -json\` does not name its version. ${install}`]);
  }
  if (compareVersions(version, TERRAFORM_MINIMUM) < 0) {
    throw new ExpectedError([`${command} is version ${version}. ${install}`]);
  }
  return { command, version, platform };
}

function parseTerraformVersion(output: string): { terraform_version?: string; platform?: string } {
  try {
    return JSON.parse(output) as { terraform_version?: string; platform?: string };
  } catch {
    return {};
  }
}

function installTerraform(): string {
  switch (process.platform) {
    case "darwin":
      return "brew install hashicorp/tap/terraform";
    case "win32":
      return "winget install Hashicorp.Terraform";
    default:
      return "sudo snap install terraform --classic (other ways: https://developer.hashicorp.com/terraform/install)";
  }
}

async function findMoto(env: NodeJS.ProcessEnv): Promise<Tool> {
  const command = "moto_server";
  const install = `moto ${MOTO_MINIMUM} or later is needed; install it with: ${INSTALL_MOTO}`;
  const probe = join(__dirname, "moto-version");
  let output: string;
  try {
    const PYTHONPATH = [probe, env.PYTHONPATH].filter(Boolean).join(delimiter);
    output = (await run(command, ["--help"], { env: { ...env, PYTHONPATH } })).stdout;
  } catch (error) {
    throw new ExpectedError([`${command} cannot be run (${reason(error)}). ${install}`]);
  }
  const version = /^moto (\S+)$/m.exec(output)?.[1];
  if (version === undefined || !isVersion(version)) {
    throw new ExpectedError([
      `${command} is there, but its Python has no moto package. ${install}`,
    ]);
  }
  if (compareVersions(version, MOTO_MINIMUM) < 0) {
    throw new ExpectedError([`${command} is of moto ${version}. ${install}`]);
  }
  return { command, version };
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "it is not on PATH" : (message.split("\n", 1)[0] ?? message);
}
