import { existsSync, readFileSync } from "node:fs";
import { GetObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import { s3Client } from "../../aws/clients";
import { type AwsAccess, roleCredentials } from "../../aws/account-access";
import type { Environment } from "../../envs/types";
import type { S3StateObject, StateLocation } from "./configuration";

/** A stack's state and what locks it, read past Terraform; nothing here writes. */
export interface StateStore {
  /** @returns undefined where there is none */
  state(): Promise<string | undefined>;
  /** @returns undefined where nothing locks the state */
  lock(): Promise<string | undefined>;
  destroy(): void;
}

/** Methods throw what the file system or S3 answers. */
export function stateStore(
  location: StateLocation,
  environment: Pick<Environment, "deployer">,
  access: AwsAccess,
): StateStore {
  return location.kind === "local"
    ? localStore(location.path)
    : s3Store(location, environment, access);
}

/**
 * Terraform locks a local state by the operating system, which lets go of the lock with the
 * process.
 */
function localStore(path: string): StateStore {
  const read = (file: string): Promise<string | undefined> =>
    Promise.resolve(existsSync(file) ? readFileSync(file, "utf8") || undefined : undefined);
  return {
    state: () => read(path),
    lock: () => Promise.resolve(undefined),
    destroy: () => undefined,
  };
}

function s3Store(
  { bucket, key, region, endpoint, assumeRole }: S3StateObject,
  environment: Pick<Environment, "deployer">,
  access: AwsAccess,
): StateStore {
  const url = endpoint ?? access.endpoint;
  const s3 = s3Client({
    region,
    endpoint: url,
    credentials: assumeRole
      ? roleCredentials(environment, { ...assumeRole, region }, { ...access, endpoint: url })
      : access.credentials,
  });
  const read = async (object: string): Promise<string | undefined> => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: object }));
      return (await Body?.transformToString()) || undefined;
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === "NoSuchKey") return undefined;
      throw error;
    }
  };
  return { state: () => read(key), lock: () => read(`${key}.tflock`), destroy: () => s3.destroy() };
}
