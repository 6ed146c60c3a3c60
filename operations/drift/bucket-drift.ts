import { s3Client, s3ControlClient } from "../../aws/clients";
import type { Environment } from "../../envs/types";
import { type AwsAccess, destinationClient } from "../../aws/account-access";
import type { IsOwned } from "../../review/owned-attributes";
import { unownedSettings } from "./bucket-settings";
import { askAll, type SettingDrift, undeclared } from "./findings";

/**
 * Asks S3 about each bucket of the environment. The AWS provider reads some settings only where a
 * resource has them, others into the bucket's own state, where the next apply makes them look as if
 * they belonged there.
 */
export async function bucketDrift(
  environment: Environment,
  isOwned: IsOwned,
  access: AwsAccess,
): Promise<readonly SettingDrift[]> {
  const { account, bucket, accessLogBucket, query } = environment.destination;
  const names = [bucket, accessLogBucket, query?.resultsBucket].filter((one) => one !== undefined);
  const options = destinationClient(environment, access);
  const clients = { s3: s3Client(options), control: s3ControlClient(options) };
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
