import { once } from "node:events";
import type { Destination } from "../../envs/types";
import type { RecordedCall } from "../../lab";
import { cdktfDeploy } from "../terraform/cdktf-cli";
import { childEnvironment } from "../terraform/child-environment";
import { howToLookAround } from "./look-around";
import { allProblems, askWhatHasCome } from "./result";
import { described } from "./text";
import { startEnvironmentAws } from "../local-aws/environment-aws";
import { ExpectedError } from "../expected-error";
import { meaningOf } from "../deploy/failure-advice";
import { type Progress, startProgress } from "../terminal/progress";
import { environmentsFolder, projectEnvironment, projectFolder } from "../project";
import { awsProviderRequest, findProviderSource } from "../terraform/provider-source";
import { findTools } from "../terraform/requirements";
import { withRunFolder } from "../runs/run-folder";
import type { AppOptions } from "../terraform/synthesis";
import { print, say } from "../terminal/terminal";

/** Options of the demo. */
export interface DemoOptions {
  /**
   * The environment. It has to be one whose accounts may be made up: it is deployed to a local AWS.
   */
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
 * @throws ExpectedError where a stack failed, a trail is not as it should be, or the order was not
 *   AWS's
 */
export async function demo({ env: name, keep, json, signal }: DemoOptions): Promise<void> {
  const environment = projectEnvironment(name);
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
      onCall: (call) => tell(call, environment.destination, progress),
    });
    try {
      progress.milestone(`local AWS at ${access.endpoint}`);
      const run = {
        project: projectFolder(),
        output: folder.output,
        env: childEnvironment(
          { ...process.env, CENTRAL_TRAIL_ENVS_DIR: environmentsFolder() },
          { environment: name, folder, provider, stateFolder: folder.state, localAws: access },
        ),
        signal,
      };
      await deploy(name, run, progress);
      const result = await askWhatHasCome(environment, aws, access, progress);
      progress.stop();
      print(...(json ? [JSON.stringify(result)] : described(environment, result)));
      if (keep && !signal.aborted) {
        say(
          ...howToLookAround(environment, access, folder, run.env, {
            now: aws.now(),
            parallelism: PARALLELISM,
          }),
        );
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
function tell(
  { action, accountId, resource, errorCode }: RecordedCall,
  { bucket }: Destination,
  progress: Progress,
): void {
  if (errorCode !== undefined) return;
  if (action === "CreateBucket" && !resource?.endsWith(`:${bucket}`)) return;
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
