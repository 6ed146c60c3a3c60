import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { accountFolder } from "../../cloudtrail/log-layout";
import { requireEnvironment } from "../../envs/load";
import type { Environment } from "../../envs/types";
import type { RecordedCall } from "../../lab/calls";
import type { LocalAws } from "../../lab/local-aws";
import { cdktfDeploy, cdktfOptions } from "../cdktf-cli";
import { childEnvironment, type LocalAwsAccess } from "../child-environment";
import { creatingCalls, orderProblems } from "../creation-order";
import { startEnvironmentAws } from "../environment-aws";
import { ExpectedError } from "../expected-error";
import { meaningOf } from "../failure-advice";
import { type Progress, startProgress } from "../progress";
import { environmentsFolder, PROJECT_FOLDER } from "../project";
import { awsProviderRequest, findProviderSource } from "../provider-source";
import { findTools } from "../requirements";
import { type RunFolder, withRunFolder } from "../run-folder";
import type { AppOptions } from "../synthesis";
import { table } from "../table";
import { print, say } from "../terminal";
import { reportTrails, type TrailReport } from "../trail-report";
import { linesToPaste } from "./lab";

/** Options of the demo. */
export interface DemoOptions {
  /** The environment. It has to be one whose accounts may be made up: it is deployed to a local AWS. */
  readonly env: string;
  /** Whether everything is left running at the end, until {@link signal}. */
  readonly keep: boolean;
  /** Whether the result is printed as one line of JSON. */
  readonly json: boolean;
  /** Ends it, after cleaning up. */
  readonly signal: AbortSignal;
}

/** Seconds by which the demo's AWS applies policies late, as AWS does. */
const POLICY_DELAY_SECONDS = 2;

/** All that waits for the destination at once: three members and the upkeep stack. 2.4 GB. */
const PARALLELISM = 4;

/**
 * Deploys an environment for real, to a local AWS, and asks that AWS what has come of it.
 *
 * @throws ExpectedError where a stack failed, a trail is not as it should be, or the order was not AWS's
 */
export async function demo({ env: name, keep, json, signal }: DemoOptions): Promise<void> {
  const environment = requireEnvironment(environmentsFolder(), name);
  const tools = await findTools(["terraform", "moto"]);
  const provider = findProviderSource(
    awsProviderRequest(tools.terraform.platform, environment.awsProviderVersion),
  );
  say(...provider.notes, provider.line);
  const progress = startProgress();
  await withRunFolder(async (folder) => {
    progress.status("starting the local AWS");
    const { aws, access } = await startEnvironmentAws(environment, tools.moto, {
      policyDelaySeconds: POLICY_DELAY_SECONDS,
      onCall: (call) => tell(call, progress),
    });
    try {
      progress.milestone(`local AWS at ${access.endpoint}`);
      const run = {
        project: PROJECT_FOLDER,
        output: folder.output,
        env: childEnvironment(
          { ...process.env, CENTRAL_TRAIL_ENVS_DIR: environmentsFolder() },
          { environment: name, folder, provider, stateFolder: folder.state, localAws: access },
        ),
        signal,
      };
      await deploy(name, run, progress);
      progress.stop();
      const result = await ask(environment, aws, access);
      print(...(json ? [JSON.stringify(result)] : described(environment, result)));
      if (keep && !signal.aborted) {
        say(...howToLookAround(environment, access, folder, run.env));
        await once(signal, "abort");
      }
      const problems = allProblems(result);
      if (problems.length > 0) throw new ExpectedError(problems);
    } finally {
      progress.stop();
      await aws.stop();
    }
  });
}

/** What AWS sees of the deployment while it goes on. */
function tell({ action, accountId, errorCode }: RecordedCall, progress: Progress): void {
  if (errorCode !== undefined) return;
  const milestones: Record<string, string> = {
    CreateBucket: `${accountId}: the bucket is made`,
    PutBucketPolicy: `${accountId}: the bucket policy names all trails`,
    StartLogging: `${accountId}: its trail logs`,
    PutBucketLifecycleConfiguration: `${accountId}: lifecycle rules are made; they take 55 s to settle`,
  };
  const milestone = milestones[action];
  if (milestone !== undefined) progress.milestone(milestone);
}

async function deploy(name: string, run: AppOptions, progress: Progress): Promise<void> {
  progress.status("cdktf deploy");
  const printed: string[] = [];
  const { code } = await cdktfDeploy({
    ...run,
    parallelism: PARALLELISM,
    onLine: (line) => {
      printed.push(line);
      // What Terraform is at; the plans it prints in between would only flicker by.
      const [, text] = /(\S+ .*: (Creating|Still creating|Creation complete).*)/.exec(line) ?? [];
      if (text !== undefined) progress.status(text);
    },
  });
  if (code === 0) return;
  const meaning = meaningOf(printed.join("\n"), {
    environment: name,
    command: () => "npm run demo",
  });
  throw new ExpectedError([
    `cdktf deploy ended with exit code ${code}; its last lines:`,
    ...printed.filter((line) => line.trim() !== "").slice(-60),
    ...(meaning === undefined ? [] : [`That is: ${meaning}`]),
  ]);
}

/** What has come of the deployment, from AWS's own mouth. */
interface DemoResult {
  readonly trails: readonly TrailReport[];
  /** The calls that created the trails and what they deliver to, in the order of their answers. */
  readonly calls: readonly Pick<RecordedCall, "seq" | "accountId" | "action">[];
  /** What was out of order; none where the order is AWS's. */
  readonly orderProblems: readonly string[];
}

async function ask(
  environment: Environment,
  aws: LocalAws,
  { endpoint, accessKeyId, secretAccessKey }: LocalAwsAccess,
): Promise<DemoResult> {
  // Taken before we ask, so that our own questions are not among them.
  const recorded = [...aws.calls];
  const credentials = { accessKeyId, secretAccessKey };
  return {
    trails: await reportTrails(environment, { endpoint, credentials }),
    calls: creatingCalls(recorded).map(({ seq, accountId, action }) => ({
      seq,
      accountId,
      action,
    })),
    orderProblems: orderProblems(recorded, environment),
  };
}

function allProblems({ trails, orderProblems }: DemoResult): string[] {
  return [
    ...trails.flatMap(({ trailArn, problems }) =>
      problems.map((problem) => `${trailArn}: ${problem}`),
    ),
    ...orderProblems,
  ];
}

function described({ destination }: Environment, result: DemoResult): string[] {
  const { trails, calls } = result;
  const problems = allProblems(result);
  return [
    "",
    "What CloudTrail says in each account (GetTrail, GetTrailStatus):",
    ...table([
      ["ACCOUNT", "NAME", "LOGGING", "DELIVERS TO", "KEY", "TRAIL"],
      ...trails.map((trail) => [
        trail.accountId,
        trail.accountName,
        trail.isLogging ? "yes" : "no",
        trail.s3BucketName === undefined
          ? "-"
          : `s3://${trail.s3BucketName}/${accountFolder(trail.accountId, trail.s3KeyPrefix)}`,
        trail.kmsKeyId?.split("/").at(-1) ?? "SSE-S3",
        trail.trailArn,
      ]),
    ]).map(indented),
    "",
    "The calls that created them, in the order of their answers:",
    ...table([
      ["CALL", "ACCOUNT", "ACTION"],
      ...calls.map(({ seq, accountId, action }) => [String(seq), accountId, action]),
    ]).map(indented),
    "",
    problems.length === 0
      ? `All right: ${trails.length} trails log to ${destination.bucket}, made in AWS's order.`
      : "Not all right:",
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

/** Lines for a POSIX shell to look around with the AWS CLI and to run cdktf by hand. */
function howToLookAround(
  environment: Environment,
  access: LocalAwsAccess,
  folder: RunFolder,
  { TF_CLI_CONFIG_FILE }: NodeJS.ProcessEnv,
): string[] {
  const { destination, members, name } = environment;
  const profiles = join(folder.path, "aws-profiles");
  writeFileSync(profiles, awsProfiles(environment, access, basename(folder.path)));
  const someone = (members[0] ?? destination).account;
  const options = cdktfOptions(folder.output).join(" ");
  return [
    "",
    "Everything is left running. Paste these into another shell, in this folder:",
    "",
    ...linesToPaste(access, folder, name),
    `export AWS_CONFIG_FILE=${profiles} TF_CLI_CONFIG_FILE=${TF_CLI_CONFIG_FILE}`,
    "",
    "Then, for example (a profile for each account, named by its ID):",
    "",
    `aws --profile ${someone} cloudtrail describe-trails`,
    `aws --profile ${someone} cloudtrail get-trail-status --name central-trail`,
    `aws --profile ${destination.account} s3api get-bucket-policy --bucket ${destination.bucket} --query Policy --output text`,
    `npx cdktf diff ${name}-destination ${options}`,
    `npx cdktf deploy '*' --parallelism ${PARALLELISM} ${options}`,
    "",
    "Ctrl-C here ends it and removes all of it.",
  ];
}

/**
 * A configuration file of the AWS CLI with a profile for each account.
 *
 * @param sessionName one that no other run has: the AWS CLI keeps the credentials of a role and
 *   session in the user's home, and would use those of an earlier local AWS
 */
function awsProfiles(
  { destination, members }: Environment,
  { region, accessKeyId, secretAccessKey }: LocalAwsAccess,
  sessionName: string,
): string {
  return [
    "[profile operator]",
    `region = ${region}`,
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    ...[destination, ...members].flatMap((account) => [
      `[profile ${account.account}]`,
      `region = ${account.region}`,
      "source_profile = operator",
      `role_arn = ${account.roleArn}`,
      `role_session_name = ${sessionName}`,
      ...(account.externalId === undefined ? [] : [`external_id = ${account.externalId}`]),
    ]),
    "",
  ].join("\n");
}
