import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { s3Client } from "../../aws/clients";
import type { Account, Environment } from "../../envs/types";
import { type AwsAccess, roleCredentials } from "../../aws/account-access";
import { ExpectedError } from "../expected-error";

/** A call of one account into another account's bucket. */
export interface ForeignCall {
  readonly caller: Account;
  readonly owner: Account;
  readonly bucket: string;
}

/**
 * The call that AWS's page on redaction is about: an account asks for an object of another
 * account's bucket, whose owner lets nobody in.
 *
 * @returns undefined where the environment has one account only
 * @throws ExpectedError where the call was not refused
 */
export async function callForeignBucket(
  environment: Environment,
  access: AwsAccess,
): Promise<ForeignCall | undefined> {
  const { destination, members } = environment;
  const [caller, owner = destination] = members;
  if (caller === undefined) return undefined;
  const bucket = `${destination.bucket}-of-${owner.account}`.slice(-63).replace(/^\W+/, "");
  const object = { Bucket: bucket, Key: "payroll.csv" };
  const [ours, theirs] = [caller, owner].map((account) => accountS3(environment, account, access));
  try {
    await theirs!.send(new CreateBucketCommand({ Bucket: bucket }));
    await theirs!.send(new PutObjectCommand({ ...object, Body: "name,salary\n" }));
    const read = ours!.send(new GetObjectCommand(object));
    const outcome = await read.then(
      () => "it was allowed",
      (error: unknown) => (error instanceof S3ServiceException ? error.name : String(error)),
    );
    if (outcome === "AccessDenied") return { caller, owner, bucket };
    throw new ExpectedError([
      `${caller.account} asked for an object of ${owner.account}'s bucket ${bucket}, which was to be denied: ${outcome}.`,
    ]);
  } finally {
    ours!.destroy();
    theirs!.destroy();
  }
}

function accountS3(environment: Environment, account: Account, access: AwsAccess): S3Client {
  const { region } = account;
  const credentials = roleCredentials(environment, account, access);
  return s3Client({ region, endpoint: access.endpoint, credentials });
}
