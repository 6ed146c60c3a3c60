import { DescribeKeyCommand, type KeyMetadata } from "@aws-sdk/client-kms";
import { partitionOfRegion } from "../../cloudtrail/regions";
import type { AccountClients } from "../account-clients";
import * as errors from "./errors";

/** A key that exists, with its ARN taken apart. */
export interface FoundKey {
  readonly arn: string;
  readonly region: string;
  readonly metadata: KeyMetadata;
}

const NAME = /^(alias\/[\w/-]+|[0-9a-f-]{36}|mrk-[0-9a-f]{32})$/;
const ARN = /^arn:[a-z-]+:kms:([a-z0-9-]+):(\d{12}):(?:key\/)?(alias\/[\w/-]+|[\w-]+)$/;

/**
 * Finds a KMS key as CloudTrail does: by key ID or alias in the caller's account and region, or by
 * the ARN of a key or alias of any account.
 *
 * @throws ServiceError InvalidKmsKeyIdException, KmsKeyNotFoundException
 */
export async function findKey(
  clients: AccountClients,
  keyId: string,
  caller: { readonly accountId: string; readonly region: string },
): Promise<FoundKey> {
  const arn = ARN.exec(keyId);
  if (arn === null && !NAME.test(keyId)) throw errors.invalidKmsKeyId(keyId);
  const [region, accountId, name] =
    arn === null
      ? [caller.region, caller.accountId, keyId]
      : (arn.slice(1) as [string, string, string]);
  try {
    const { KeyMetadata: metadata } = await clients
      .kms(accountId, region)
      .send(new DescribeKeyCommand({ KeyId: name }));
    if (metadata?.KeyId === undefined) throw errors.kmsKeyNotFound(`KMS key ${keyId} not found.`);
    const keyArn = `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:key/${metadata.KeyId}`;
    return { arn: keyArn, region, metadata };
  } catch (error) {
    if (error instanceof Error && error.name === "NotFoundException")
      throw errors.kmsKeyNotFound(`KMS key ${keyId} does not exist.`);
    throw error;
  }
}
