import { resolve } from "node:path";
import { App } from "cdktf";
import { EnvironmentError, requireEnvironment } from "./envs/load";
import { copyProviderLock } from "./envs/provider-lock";
import { say } from "./operations/terminal/terminal";
import { addEnvironmentStacks } from "./stacks/environment-stacks";
import type { ReviewMode } from "./stacks/review-mode";
import { synthesize, SynthesisError } from "./stacks/synthesize";

/**
 * The app that `cdktf` runs: picks the environment and writes its stacks.
 *
 * CENTRAL_TRAIL_ENV, or "environment" in the CDKTF context, names the environment.
 * CENTRAL_TRAIL_ENVS_DIR is the folder of the environment files (envs).
 * CENTRAL_TRAIL_ENDPOINT_HOSTS lists hosts that `endpoint` may name beside this computer (none).
 * CENTRAL_TRAIL_STATE_DIR is the folder of local state files (the working folder).
 * CENTRAL_TRAIL_REVIEW is a ReviewMode as JSON, for plans that are only read (none).
 * CENTRAL_TRAIL_ROLES is `plan` for stacks that assume the roles that only read (`deploy`).
 */
function main(): void {
  const {
    CENTRAL_TRAIL_ENV,
    CENTRAL_TRAIL_ENVS_DIR = "envs",
    CENTRAL_TRAIL_ENDPOINT_HOSTS,
    CENTRAL_TRAIL_STATE_DIR = ".",
    CENTRAL_TRAIL_REVIEW,
    CENTRAL_TRAIL_ROLES = "deploy",
    CDKTF_CONTEXT_JSON = "{}",
  } = process.env;
  const context = JSON.parse(CDKTF_CONTEXT_JSON) as { environment?: string };
  const environment = requireEnvironment(
    CENTRAL_TRAIL_ENVS_DIR,
    CENTRAL_TRAIL_ENV ?? context.environment,
    { endpointHosts: CENTRAL_TRAIL_ENDPOINT_HOSTS },
  );
  if (CENTRAL_TRAIL_ROLES !== "deploy" && CENTRAL_TRAIL_ROLES !== "plan") {
    throw new Error(
      `CENTRAL_TRAIL_ROLES is ${JSON.stringify(CENTRAL_TRAIL_ROLES)}; allowed are deploy and plan.`,
    );
  }
  const app = new App();
  addEnvironmentStacks(app, {
    environment,
    stateDirectory: resolve(CENTRAL_TRAIL_STATE_DIR),
    roles: CENTRAL_TRAIL_ROLES,
    review:
      CENTRAL_TRAIL_REVIEW === undefined
        ? undefined
        : (JSON.parse(CENTRAL_TRAIL_REVIEW) as ReviewMode),
  });
  synthesize(app);
  copyProviderLock(process.cwd(), app.outdir);
}

try {
  main();
} catch (error) {
  // What a person can fix in a file needs no stack trace.
  if (!(error instanceof EnvironmentError || error instanceof SynthesisError)) throw error;
  say(...error.message.split("\n"));
  process.exitCode = 1;
}
