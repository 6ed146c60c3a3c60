import {
  DescribeKeyCommand,
  type KMSClient,
  type KeyMetadata,
  paginateListGrants,
} from "@aws-sdk/client-kms";
import { kmsClient } from "../../aws/clients";
import type { Environment } from "../../envs/types";
import { type AwsAccess, destinationClient } from "../../aws/account-access";
import { toSecond } from "../../verify/times";
import { askAll, type SettingDrift, undeclared } from "./findings";

/**
 * Asks KMS about keys: Terraform knows nothing of grants, which let somebody use a key whatever its
 * policy says, and takes a key that waits for its deletion for one that is gone.
 *
 * @param arns the keys that the environment's stacks made
 */
export async function keyDrift(
  environment: Environment,
  arns: readonly string[],
  access: AwsAccess,
): Promise<readonly SettingDrift[]> {
  const kms = kmsClient(destinationClient(environment, access));
  try {
    return await Promise.all(
      arns.map((name) =>
        askAll(
          { kind: "key", name },
          ["NotFoundException"],
          [() => stateOf(kms, name), () => grantsOf(kms, name)],
        ),
      ),
    );
  } finally {
    kms.destroy();
  }
}

async function stateOf(kms: KMSClient, KeyId: string): Promise<string[]> {
  const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId }));
  return key?.KeyState === "Enabled" ? [] : [`Its state is ${key?.KeyState}${deletion(key)}.`];
}

function deletion(key: KeyMetadata | undefined): string {
  return key?.DeletionDate ? `: it is deleted at ${toSecond(key.DeletionDate)}` : "";
}

async function grantsOf(kms: KMSClient, KeyId: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { Grants = [] } of paginateListGrants({ client: kms }, { KeyId }))
    found.push(...Grants.map((grant) => undeclared("grant", grant)));
  return found;
}
