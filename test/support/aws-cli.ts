import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Account, type Lab, REGION } from "./lab";

/**
 * Runs the AWS CLI with an account's credentials against the local AWS.
 *
 * @returns what it prints
 * @throws Error with what it says on standard error, where it fails
 */
export async function awsCli(lab: Lab, account: Account, ...args: string[]): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = account.credentials;
  const { stdout } = await promisify(execFile)(
    "aws",
    [...args, "--region", REGION, "--output", "json"],
    {
      env: {
        PATH: process.env["PATH"],
        HOME: "/nonexistent",
        AWS_ENDPOINT_URL: lab.aws.endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
        AWS_MAX_ATTEMPTS: "1",
      },
    },
  );
  return stdout;
}
