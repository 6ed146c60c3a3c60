import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { formatTime, HOUR } from "../../cloudtrail/time";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import { trailIdentity } from "../../envs/trails";
import type { Environment } from "../../envs/types";
import { cdktfOptions } from "../terraform/cdktf-cli";
import type { LocalAwsAccess } from "../terraform/child-environment";
import { ownerOnly } from "../runs/owner-only";
import type { RunFolder } from "../runs/run-folder";
import { linesToPaste } from "../local-aws/run-lab";

/** Lines for a POSIX shell to look around with the AWS CLI and to run cdktf by hand. */
export function howToLookAround(
  environment: Environment,
  access: LocalAwsAccess,
  folder: RunFolder,
  { TF_CLI_CONFIG_FILE }: NodeJS.ProcessEnv,
  { now, parallelism }: { readonly now: number; readonly parallelism: number },
): string[] {
  const { destination, members, name } = environment;
  const profiles = join(folder.path, "aws-profiles");
  const text = awsProfiles(environment, access, basename(folder.path));
  ownerOnly(() => writeFileSync(profiles, text));
  const someone = members[0] ?? destination;
  // Its role reads the log bucket too.
  const arn = trailArn(trailIdentity(environment, destination));
  const [start, end] = [now - 4 * HOUR, now].map(formatTime);
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
    `aws --profile ${someone.account} cloudtrail describe-trails`,
    `aws --profile ${someone.account} cloudtrail get-trail-status --name central-trail`,
    `aws --profile ${destination.account} cloudtrail validate-logs --trail-arn ${arn} --start-time ${start} --end-time ${end}`,
    `npm run central-trail -- events --env ${name} --since 3h --redacted --resolve`,
    `npm run central-trail -- verify --env ${name}`,
    `aws --profile ${destination.account} s3api get-bucket-policy --bucket ${destination.bucket} --query Policy --output text`,
    `npx cdktf diff ${name}-destination ${options}`,
    `npx cdktf deploy '*' --parallelism ${parallelism} ${options}`,
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
