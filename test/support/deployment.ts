import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { S3Client } from "@aws-sdk/client-s3";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { stringify } from "yaml";
import { formatDay } from "../../cloudtrail/time";
import { requireEnvironment } from "../../envs/load";
import type { EnvironmentInput } from "../../envs/schema/schema";
import type { Environment } from "../../envs/types";
import type { PolicyDocument } from "../../iam/policy-document";
import type { LocalAws, LocalAwsOptions, RecordedCall } from "../../lab";
import { applyPlans } from "../../operations/plan/apply-plans";
import type { PlanFolder, SavedPlan } from "../../operations/plan/plan-folder";
import { planStacks } from "../../operations/plan/plan-stacks";
import { reviewSavedPlans, writeReview } from "../../operations/plan/review-saved";
import { runStacks, type StackOutcome } from "../../operations/deploy/run-stacks";
import { synthesize } from "../../operations/terraform/synthesis";
import {
  childEnvironment,
  type LocalAwsAccess,
} from "../../operations/terraform/child-environment";
import { startEnvironmentAws } from "../../operations/local-aws/environment-aws";
import { REPOSITORY } from "./repository";
import { awsProviderRequest, findProviderSource } from "../../operations/terraform/provider-source";
import { findTools } from "../../operations/terraform/requirements";
import { createRunFolder, removeRunFolder, type RunFolder } from "../../operations/runs/run-folder";
import type { StackVerb } from "../../operations/deploy/stack-order";
import type { ReviewMode } from "../../stacks/review-mode";

/** An environment file's content, as far as these tests change it. */
export interface EnvironmentFile {
  throwaway?: boolean;
  destination: {
    account: string;
    region: string;
    bucket: string;
    encryption?: { type: string; deletionWindowDays?: number };
    retention?: { expireDays: number };
    accessLogBucket?: string;
    trail?: TrailInput;
    policyWaitSeconds: number;
  };
  members: { account: string; region: string; retiring?: boolean; trail?: TrailInput }[];
  deployer: { role: string; planRole?: string; externalId: string };
  state: NonNullable<EnvironmentInput["state"]>;
  /** Of all accounts. */
  trail?: TrailInput;
  tags?: Record<string, string>;
  endpoint?: string;
}

type TrailInput = EnvironmentInput["trail"];

/** The four accounts of AWS's own example. */
export function fourAccountsFile(): EnvironmentFile {
  return {
    throwaway: true,
    destination: {
      account: "111111111111",
      region: "us-east-1",
      bucket: "central-trail-test-logs",
      encryption: { type: "sse-kms", deletionWindowDays: 7 },
      policyWaitSeconds: 0,
    },
    members: ["222222222222", "333333333333", "444444444444"].map((account) => ({
      account,
      region: "us-east-1",
    })),
    deployer: { role: "central-trail-deployer", externalId: "external-id-4f1b" },
    state: { backend: "local" },
  };
}

/** How a process went. */
export interface Ended {
  readonly code: number;
  /** Standard output and standard error, without colours and frames. */
  readonly text: string;
}

const ENVIRONMENT = "test";

/**
 * One environment on a local AWS of its own, deployed by the real cdktf-cli, Terraform and
 * provider.
 */
export class Deployment {
  /** Starts the local AWS and writes the environment file. */
  static async start(
    file: EnvironmentFile,
    policyDelaySeconds = 0,
    organization?: LocalAwsOptions["organization"],
  ): Promise<Deployment> {
    const { terraform, moto } = await findTools(["terraform", "moto"]);
    const folder = createRunFolder();
    const envs = join(folder.path, "envs");
    mkdirSync(envs);
    writeFileSync(join(envs, `${ENVIRONMENT}.yaml`), stringify(file));
    const environment = requireEnvironment(envs, ENVIRONMENT);
    const { aws, access } = await startEnvironmentAws(environment, moto, {
      policyDelaySeconds,
      ...(organization ? { organization } : {}),
    });
    const env = childEnvironment(
      { ...process.env, CENTRAL_TRAIL_ENVS_DIR: envs },
      {
        environment: ENVIRONMENT,
        folder,
        provider: findProviderSource(awsProviderRequest(terraform.platform)),
        stateFolder: folder.state,
        localAws: access,
      },
    );
    return new Deployment(folder, envs, aws, access, env);
  }

  /** Every line that our deploys and destroys printed. */
  readonly printed: string[] = [];

  private constructor(
    readonly folder: RunFolder,
    private readonly envs: string,
    private readonly aws: LocalAws,
    private readonly access: LocalAwsAccess,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** The environment as it stands now. */
  get environment(): Environment {
    return requireEnvironment(this.envs, ENVIRONMENT);
  }

  /** All calls so far. */
  get calls(): readonly RecordedCall[] {
    return this.aws.calls;
  }

  /** The calls from a point on: `since(calls.length)`, taken earlier. */
  since(count: number): readonly RecordedCall[] {
    return this.aws.calls.slice(count);
  }

  /**
   * What the work gave, and the calls that Terraform made meanwhile; the tests' own are left out.
   */
  async terraformCalls<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly calls: readonly RecordedCall[] }> {
    const before = this.calls.length;
    const result = await work();
    const calls = this.since(before);
    return {
      result,
      calls: calls.filter(({ principalArn }) => !principalArn.includes("aws-sdk-js")),
    };
  }

  /** Changes the environment file. */
  write(file: EnvironmentFile): void {
    writeFileSync(join(this.envs, `${ENVIRONMENT}.yaml`), stringify(file));
  }

  /** Runs our own deploy or destroy; two stacks at once. */
  async run(verb: StackVerb, stacks?: readonly string[]): Promise<readonly StackOutcome[]> {
    const onLine = (_: string, line: string): unknown => this.printed.push(line);
    return runStacks(verb, { ...this.#options(), stacks, onLine });
  }

  /**
   * Writes the Terraform JSON of the environment as it stands now.
   *
   * @param review for plans that are only read; by default every stack can be applied
   */
  async synthesize(review?: ReviewMode): Promise<void> {
    const options = this.#options();
    const env = review && { ...options.env, CENTRAL_TRAIL_REVIEW: JSON.stringify(review) };
    await synthesize({ ...options, ...(env ? { env } : {}) });
  }

  /** Plans the environment as it stands now into a folder, two stacks at once. */
  async savePlans(folder: PlanFolder, stacks?: readonly string[]): Promise<readonly SavedPlan[]> {
    folder.clear(ENVIRONMENT);
    const { environment, env } = this;
    const reviewOutput = join(this.folder.path, "review.out");
    const output = join(this.folder.path, "planned.out");
    const app = { project: REPOSITORY, env };
    const manifest = await synthesize({ ...app, output });
    const run = { ...app, environment, folder: output, manifest, reviewOutput, stacks };
    const { plans, missing } = await planStacks(run);
    const trailsShown = new Map();
    const today = formatDay(Date.now());
    const input = { environment, today, folder: output, plans, missing, trailsShown };
    writeReview(output, reviewSavedPlans(input));
    folder.keep(output, ENVIRONMENT, {
      blocked: false,
      stacks: [...plans],
      missing: [...missing],
    });
    return plans;
  }

  /** Applies what {@link savePlans} saved. */
  async applyPlans(folder: PlanFolder): Promise<readonly StackOutcome[]> {
    const output = join(this.folder.path, "applied.out");
    return applyPlans({ environment: ENVIRONMENT, env: this.env, folder, output });
  }

  /** `terraform` in a stack's folder, as a person would call it there. */
  async terraform(stack: string, ...args: string[]): Promise<Ended> {
    const cwd = join(this.folder.output, "stacks", stack);
    const run = (...words: string[]): Promise<Ended> => ended("terraform", words, cwd, this.env);
    const initialized = await run("init", "-input=false", "-no-color");
    return initialized.code === 0 ? run(...args, "-no-color") : initialized;
  }

  /** `terraform plan` in a stack's folder: code 0 for no changes, 2 for changes, 1 for an error. */
  async plan(stack: string): Promise<Ended> {
    return this.terraform(stack, "plan", "-input=false", "-detailed-exitcode");
  }

  /** cdktf-cli as the README has it, without anything of ours around it. */
  async npxCdktf(verb: string, ...args: string[]): Promise<Ended> {
    const options = ["--parallelism", "2", "--skip-provider-lock", "--output", this.folder.output];
    return ended("npx", ["cdktf", verb, ...args, ...options], REPOSITORY, this.env);
  }

  /** CloudTrail's own SDK client, with an account's role. */
  cloudTrail(accountId: string): CloudTrailClient {
    return new CloudTrailClient(this.#clientOptions(accountId));
  }

  /** S3's own SDK client, with an account's role. */
  s3(accountId: string): S3Client {
    return new S3Client({ ...this.#clientOptions(accountId), forcePathStyle: true });
  }

  /** What SDK clients take to be a role, whichever the environment names. */
  asRole(roleArn: string, ExternalId: string): object {
    const { endpoint, region, accessKeyId, secretAccessKey } = this.access;
    return {
      endpoint,
      region,
      credentials: fromTemporaryCredentials({
        masterCredentials: { accessKeyId, secretAccessKey },
        params: { RoleArn: roleArn, ExternalId },
        clientConfig: { endpoint, region },
      }),
    };
  }

  /** Gives a role these permissions and no others; until then it has all of its account. */
  putRolePolicy(roleArn: string, ...documents: readonly PolicyDocument[]): void {
    const Statement = documents.flatMap(({ Statement: statements }) => statements);
    this.aws.putRolePolicy(roleArn, { Version: "2012-10-17", Statement });
  }

  /** Lets time go by, and what is due be delivered. */
  async advance(seconds: number): Promise<void> {
    await this.aws.advance(seconds);
  }

  async stop(): Promise<void> {
    await this.aws.stop();
    await removeRunFolder(this.folder);
  }

  #options(): { project: string; output: string; env: NodeJS.ProcessEnv } {
    return { project: REPOSITORY, output: this.folder.output, env: this.env };
  }

  #clientOptions(accountId: string): object {
    const { destination, members } = this.environment;
    const account = [destination, ...members].find((one) => one.account === accountId)!;
    return this.asRole(account.roleArn, account.externalId!);
  }
}

/** Runs a program to its end, whatever its exit code. */
export async function ended(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, {
      cwd,
      env,
      maxBuffer: 1e8,
    });
    return { code: 0, text: unframed(stdout + stderr) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: unframed(stdout + stderr) };
  }
}

/** Without colours, and without the bar that Terraform draws before each line of an error. */
function unframed(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/^[│╷╵] ?/gm, "");
}

/** How the command ended. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `central-trail` for a deployment's environment, as a person would. */
export function centralTrailIn(
  deployment: Deployment,
  verb: string,
  ...args: readonly string[]
): Promise<CommandEnd> {
  const words = ["bin/central-trail.js", verb, "--env", ENVIRONMENT, ...args];
  const options = { cwd: REPOSITORY, env: deployment.env, maxBuffer: 1e8 };
  return new Promise((resolve) =>
    execFile(process.execPath, words, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code as number), stdout, stderr }),
    ),
  );
}

/** The outcomes as `stack: state`, for comparison. */
export function states(outcomes: readonly StackOutcome[]): Record<string, string> {
  return Object.fromEntries(outcomes.map(({ stack, state }) => [stack, state]));
}
