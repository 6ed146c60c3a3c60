import { hasPlace, keyArn, parseArn } from "../../cloudtrail/arn";
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
const RESOURCE = /^(?:key\/)?(alias\/[\w/-]+|[\w-]+)$/;

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
  const named = namedByArn(keyId) ?? (NAME.test(keyId) ? { ...caller, name: keyId } : undefined);
  if (named === undefined) throw errors.invalidKmsKeyId(keyId);
  const { region, accountId, name } = named;
  try {
    const { KeyMetadata: metadata } = await clients
      .kms(accountId, region)
      .send(new DescribeKeyCommand({ KeyId: name }));
    if (metadata?.KeyId === undefined) throw errors.kmsKeyNotFound(`KMS key ${keyId} not found.`);
    const arn = keyArn({ partition: partitionOfRegion(region), region, accountId }, metadata.KeyId);
    return { arn, region, metadata };
  } catch (error) {
    if (error instanceof Error && error.name === "NotFoundException")
      throw errors.kmsKeyNotFound(`KMS key ${keyId} does not exist.`);
    throw error;
  }
}

/** The key or alias that an ARN names; undefined where the text is not an ARN of KMS. */
function namedByArn(
  text: string,
): { readonly region: string; readonly accountId: string; readonly name: string } | undefined {
  const arn = parseArn(text);
  const name = RESOURCE.exec(arn?.resource ?? "")?.[1];
  if (arn?.service !== "kms" || !hasPlace(arn) || name === undefined) return undefined;
  return { region: arn.region, accountId: arn.account, name };
}
