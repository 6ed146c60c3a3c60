import { isFault, type ValidationFinding } from "../../cloudtrail/digests/validation-findings";
import type { ReadAs } from "../../aws/account-access";
import { ExpectedError } from "../expected-error";
import { type Progress, startProgress } from "../terminal/progress";
import { projectEnvironment } from "../project";
import { print, printJson } from "../terminal/terminal";
import { EXIT_CODES, UnknownAccountsError, verifyEnvironment } from "../../verify";
import { reportLines } from "./text";

/** Options of the verb. */
export interface VerifyVerbOptions extends ReadAs {
  readonly env: string;
  /**
   * Account IDs.
   * @default - all of the environment
   */
  readonly account?: readonly string[];
  /** Seconds. */
  readonly since: number;
  readonly json: boolean;
}

/**
 * Verifies an environment's trails and prints what came of it.
 *
 * @returns the exit code
 */
export async function verify(options: VerifyVerbOptions): Promise<number> {
  const { env, account, since, json, profile, roleArn, externalId } = options;
  if (externalId !== undefined && roleArn === undefined)
    throw new ExpectedError(["--external-id belongs to --role-arn."]);
  const environment = projectEnvironment(env);
  const progress = startProgress();
  progress.status("asking CloudTrail");
  const report = await verifyEnvironment(
    environment,
    // Of an environment for a local AWS; else the SDK's own way, AWS_ENDPOINT_URL included.
    { endpoint: environment.endpoint },
    {
      accounts: account,
      sinceSeconds: since,
      onFinding: told(progress),
      readAs: {
        profile,
        roleArn,
        // The role's trust policy, as `policies` prints it, asks for the one that the account's
        // roles have.
        externalId:
          roleArn === undefined ? undefined : (externalId ?? environment.destination.externalId),
      },
    },
  )
    .catch((error: unknown) => {
      if (error instanceof UnknownAccountsError) throw new ExpectedError(error.message.split("\n"));
      throw error;
    })
    .finally(() => progress.stop());
  const exitCode = EXIT_CODES[report.verdict];
  if (json) printJson({ exitCode, ...report });
  else print(...reportLines(report, process.stdout));
  return exitCode;
}

function told(progress: Progress): (finding: ValidationFinding) => void {
  let files = 0;
  let faults = 0;
  return (finding) => {
    if (isFault(finding)) faults++;
    else files++;
    progress.status(`${files} valid files, ${faults} faults`);
  };
}
