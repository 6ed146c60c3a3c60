import {
  CloudTrailClient,
  CreateTrailCommand,
  DescribeTrailsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { gunzipSync, gzipSync } from "node:zlib";
import { parseDigestFileKey, parseLogFileKey } from "../../cloudtrail/files/log-layout";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import { trailIdentity } from "../../envs/trails";
import type { Account, Environment } from "../../envs/types";
import type { LocalAws } from "../../lab";
import { accountCredentials } from "../../aws/account-access";
import type { LocalAwsAccess } from "../../operations/terraform/child-environment";
import { startEnvironmentAws } from "../../operations/local-aws/environment-aws";
import { environmentDocuments } from "../../operations/policies/environment-documents";
import { findTools } from "../../operations/terraform/requirements";
import type { AwsCredentials } from "./boto3";
import { ended, type Ended } from "./deployment";
import { fourAccounts } from "./environment";

/** An object with all that makes it what it is. */
export interface WholeObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  readonly kmsKeyArn?: string;
}

/** The hours that go by before an environment is looked at, by default. */
const HOUR_MS = 3_600_000;

/**
 * An environment on a local AWS, made as its stacks would make it but without Terraform, whose
 * trails deliver. Its clock starts some hours ago, so that the hours can be let go by up to now.
 */
export class DeliveringEnvironment {
  /** @param hoursAgo where its clock starts */
  static async start(
    hoursAgo: number,
    regions: readonly string[] = ["us-east-1"],
    environment: Environment = fourAccounts(),
  ): Promise<DeliveringEnvironment> {
    const { moto } = await findTools(["moto"]);
    const now = (): number => Date.now() - hoursAgo * HOUR_MS;
    const { aws, access } = await startEnvironmentAws(environment, moto, { now, regions });
    const started = new DeliveringEnvironment(environment, aws, access);
    try {
      await started.#make();
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  readonly bucket: string;
  /** With the destination's role, which may do anything in its account. */
  readonly s3: S3Client;
  /** Of the destination's key. */
  keyArn = "";

  private constructor(
    readonly environment: Environment,
    readonly aws: LocalAws,
    readonly access: LocalAwsAccess,
  ) {
    this.bucket = environment.destination.bucket;
    this.s3 = new S3Client({ ...this.#options(environment.destination), forcePathStyle: true });
  }

  get accounts(): readonly Account[] {
    return [this.environment.destination, ...this.environment.members];
  }

  /** How `verifyEnvironment` and the like reach it. */
  get awsAccess(): { endpoint: string; credentials: AwsCredentials } {
    const { endpoint, accessKeyId, secretAccessKey } = this.access;
    return { endpoint, credentials: { accessKeyId, secretAccessKey } };
  }

  get now(): Date {
    return new Date(this.aws.now());
  }

  trailArn(account: Account): string {
    return trailArn(trailIdentity(this.environment, account));
  }

  cloudTrail(account: Account, region = account.region): CloudTrailClient {
    return new CloudTrailClient({ ...this.#options(account), region });
  }

  /** Lets hours go by; in each, every account makes a call in each region. */
  async hours(count: number, regions: readonly string[] = ["us-east-1"]): Promise<void> {
    for (let hour = 0; hour < count; hour++) {
      for (const account of this.accounts)
        for (const region of regions)
          await this.cloudTrail(account, region).send(new DescribeTrailsCommand({}));
      await this.aws.advance(3600);
    }
  }

  /** Keys of an account's log files in a region, the oldest first. */
  async logKeys(account: string, region = "us-east-1"): Promise<string[]> {
    return (await this.keys()).filter((key) => {
      const file = parseLogFileKey(key);
      return file?.accountId === account && file.region === region;
    });
  }

  /** Keys of an account's digest files of a region, the oldest first. */
  async digestKeys(account: string, region = "us-east-1"): Promise<string[]> {
    return (await this.keys()).filter((key) => {
      const file = parseDigestFileKey(key);
      return file?.accountId === account && file.region === region;
    });
  }

  async keys(): Promise<string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: this.bucket }));
    return Contents.map(({ Key }) => Key!);
  }

  async read(key: string): Promise<WholeObject> {
    const answer = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    const body = await answer.Body!.transformToByteArray();
    return { key, body, metadata: answer.Metadata ?? {}, kmsKeyArn: answer.SSEKMSKeyId };
  }

  async write({ key, body, metadata, kmsKeyArn }: WholeObject): Promise<void> {
    await this.s3.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: key,
        Body: body,
        Metadata: { ...metadata },
        ...(kmsKeyArn === undefined
          ? {}
          : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn }),
      }),
    );
  }

  /** Changes the uncompressed content. */
  async edit(key: string, change: (content: string) => string): Promise<void> {
    const object = await this.read(key);
    const before = gunzipSync(object.body).toString();
    const after = change(before);
    if (after === before) throw new Error(`nothing changed in ${key}`);
    await this.write({ ...object, body: gzipSync(after) });
  }

  async delete(key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  /** `aws …` with the destination's role. */
  async awsCli(...args: string[]): Promise<Ended> {
    const { accessKeyId, secretAccessKey, sessionToken } = await accountCredentials(
      this.environment,
      this.environment.destination,
      this.awsAccess,
    )();
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
    return ended("aws", args, process.cwd(), {
      ...Object.fromEntries(own),
      AWS_ENDPOINT_URL: this.access.endpoint,
      AWS_DEFAULT_REGION: this.environment.destination.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    });
  }

  async stop(): Promise<void> {
    this.s3.destroy();
    await this.aws.stop();
  }

  /** Key, bucket and policies, then the trails, all logging. */
  async #make(): Promise<void> {
    const { destination } = this.environment;
    const kms = new KMSClient(this.#options(destination));
    const stood = environmentDocuments(this.environment);
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({ Policy: JSON.stringify(stood.key) }),
    );
    this.keyArn = KeyMetadata!.Arn!;
    const { bucket: policy } = environmentDocuments(this.environment, this.keyArn);
    await this.s3.send(new CreateBucketCommand({ Bucket: this.bucket }));
    await this.s3.send(
      new PutBucketPolicyCommand({ Bucket: this.bucket, Policy: JSON.stringify(policy) }),
    );
    for (const account of this.accounts) {
      const cloudTrail = this.cloudTrail(account);
      const Name = account.trail.name;
      await cloudTrail.send(
        new CreateTrailCommand({
          Name,
          S3BucketName: this.bucket,
          S3KeyPrefix: destination.prefix,
          IsMultiRegionTrail: account.trail.multiRegion,
          EnableLogFileValidation: account.trail.logFileValidation,
          KmsKeyId: this.keyArn,
        }),
      );
      await cloudTrail.send(new StartLoggingCommand({ Name }));
    }
  }

  #options(account: Account): object {
    return {
      endpoint: this.access.endpoint,
      region: account.region,
      credentials: accountCredentials(this.environment, account, this.awsAccess),
    };
  }
}
