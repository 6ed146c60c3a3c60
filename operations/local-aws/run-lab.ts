import { once } from "node:events";
import { EVENTS_PATH, TIME_PATH } from "../../lab";
import type { LocalAwsAccess } from "../terraform/child-environment";
import { startEnvironmentAws } from "./environment-aws";
import { projectEnvironment } from "../project";
import { startProgress } from "../terminal/progress";
import { findTools } from "../terraform/requirements";
import { type RunFolder, withRunFolder } from "../runs/run-folder";
import { print, say } from "../terminal/terminal";

export interface LabOptions {
  readonly env: string;
  /** @default - a free one */
  readonly port?: number;
  /** Seconds until a changed policy is in effect. */
  readonly policyDelay: number;
  readonly json: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Runs a local AWS with an environment's roles until it is asked to end. */
export async function lab({ env, port, policyDelay, json, signal }: LabOptions): Promise<void> {
  const environment = projectEnvironment(env);
  const { moto } = await findTools(["moto"]);
  const progress = startProgress();
  progress.status("starting the local AWS");
  await withRunFolder(async (folder) => {
    const { aws, access } = await startEnvironmentAws(environment, moto, {
      port,
      policyDelaySeconds: policyDelay,
    }).finally(() => progress.stop());
    try {
      const accounts = [environment.destination, ...environment.members].map(
        ({ account, name, roleArn, externalId }) => ({ account, name, roleArn, externalId }),
      );
      if (json) {
        print(JSON.stringify({ ...access, stateFolder: folder.state, accounts }));
      } else {
        print(...linesToPaste(access, folder, env));
        say("The local AWS runs until Ctrl-C; all that is in it, and the state folder, goes then.");
        say(
          `CloudTrail delivers every 5 minutes; to let an hour go by at once: curl -X POST '${access.endpoint}${TIME_PATH}?advance=1h'`,
          `Insights and network activity come where they are asked for: curl -X POST '${access.endpoint}${EVENTS_PATH}insight?account=${environment.destination.account}&event=ssm:PutParameter', or ${EVENTS_PATH}network-activity.`,
        );
      }
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await aws.stop();
    }
  });
}

/** For a POSIX shell: the AWS CLI, Terraform and our own commands then speak with the local AWS. */
export function linesToPaste(
  { endpoint, region, accessKeyId, secretAccessKey }: LocalAwsAccess,
  { state }: Pick<RunFolder, "state">,
  environment: string,
): readonly string[] {
  return [
    "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN",
    `export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    `export CENTRAL_TRAIL_ENV=${environment} CENTRAL_TRAIL_STATE_DIR=${state}`,
  ];
}
