import { S3ControlClient } from "@aws-sdk/client-s3-control";
import type { Environment } from "../../envs/types";
import { accountCredentials, type AwsAccess } from "../account-access";
import type { IsOwned } from "../review/bucket-attributes";
import { destinationS3 } from "../verify/index";
import { unownedSettings } from "./bucket-settings";
import { askAll, type SettingDrift, undeclared } from "./findings";

/**
 * Asks S3 about each bucket of the environment. The AWS provider reads some settings only where a resource has
 * them, others into the bucket's own state, where the next apply makes them look as if they belonged there.
 */
export async function bucketDrift(
  environment: Environment,
  isOwned: IsOwned,
  access: AwsAccess,
): Promise<readonly SettingDrift[]> {
  const { account, bucket, accessLogBucket, query } = environment.destination;
  const names = [bucket, accessLogBucket, query?.resultsBucket].filter((one) => one !== undefined);
  const clients = { s3: destinationS3(environment, access), control: control(environment, access) };
  try {
    return await Promise.all(
      names.map((name) =>
        askAll(
          { kind: "bucket", name },
          ["NoSuchBucket"],
          unownedSettings(name, isOwned).map(({ what, ask }) => async () => {
            const found = await ask(clients, { Bucket: name, ExpectedBucketOwner: account });
            return found.map((item) => undeclared(what, item));
          }),
        ),
      ),
    );
  } finally {
    clients.s3.destroy();
    clients.control.destroy();
  }
}

function control(environment: Environment, access: AwsAccess): S3ControlClient {
  const { region } = environment.destination;
  const endpoint = access.endpoint ?? process.env.AWS_ENDPOINT_URL;
  return new S3ControlClient({
    region,
    credentials: accountCredentials(environment, environment.destination, access),
    // The SDK would put the account's ID before a host that has none for each account.
    ...(endpoint === undefined
      ? {}
      : { endpointProvider: () => ({ url: new URL(endpoint), headers: {}, properties: {} }) }),
  });
}
