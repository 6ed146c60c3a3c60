import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudTrailClient,
  CreateTrailCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { type LocalAws, startLocalAws } from "../../lab";
import { childEnvironment } from "../../operations/terraform/child-environment";
import { awsProviderRequest, findProviderSource } from "../../operations/terraform/provider-source";
import { findTools } from "../../operations/terraform/requirements";
import { createRunFolder, removeRunFolder, type RunFolder } from "../../operations/runs/run-folder";
import type { Ended } from "../support/deployment";
import { Example } from "../support/examples";
import { documentedBucketPolicy } from "../support/lab";
import { install, pack } from "../support/package";
import { requires } from "../support/requirements";

const REGION = "us-east-1";
const [LOGS, SHOP, BILLING] = ["111111111111", "222222222222", "333333333333"] as const;
const APPS = ["trail-only", "destination-only", "remote-state", "one-stack", "adopt"] as const;

type App = (typeof APPS)[number];

const roleArn = (account: string): string => `arn:aws:iam::${account}:role/terraform`;
const trailArn = (account: string, name = "central-trail"): string =>
  `arn:aws:cloudtrail:${REGION}:${account}:trail/${name}`;

requires("terraform", "moto")("the examples, with the package from its tarball", () => {
  jest.setTimeout(300_000);
  let folder: RunFolder;
  let aws: LocalAws;
  let env: NodeJS.ProcessEnv;
  let apps: Record<App, Example>;
  let withoutCdktf: Example;

  beforeAll(() => {
    folder = createRunFolder();
    const tarball = pack(folder.path);
    const shared = join(folder.path, "apps");
    apps = Object.fromEntries(
      APPS.map((name) => [name, Example.copy(name, shared)] as const),
    ) as typeof apps;
    withoutCdktf = Example.copy("no-cdktf", folder.path);
    for (const example of [...Object.values(apps), withoutCdktf]) example.useTarball(tarball);
    // One installation for all apps, 600 MB; and one that must do without what theirs has.
    const workspaces = { private: true, workspaces: APPS };
    writeFileSync(join(shared, "package.json"), JSON.stringify(workspaces));
    install(shared);
    install(withoutCdktf.folder);
  }, 600_000);
  afterAll(() => removeRunFolder(folder));

  const client = (account: string) => {
    const common = { endpoint: aws.endpoint, region: REGION };
    const masterCredentials = aws.credentials;
    const params = { RoleArn: roleArn(account) };
    const credentials = fromTemporaryCredentials({
      masterCredentials,
      params,
      clientConfig: common,
    });
    return { ...common, credentials };
  };
  const s3 = (account: string) => new S3Client({ ...client(account), forcePathStyle: true });
  const cloudTrail = (account: string) => new CloudTrailClient(client(account));
  const kms = (account: string) => new KMSClient(client(account));

  async function isLogging(account: string, Name = trailArn(account)): Promise<unknown> {
    const status = await cloudTrail(account).send(new GetTrailStatusCommand({ Name }));
    return status.IsLogging;
  }

  async function trail(account: string, Name = trailArn(account)) {
    return (await cloudTrail(account).send(new GetTrailCommand({ Name }))).Trail;
  }

  const terraform = (app: App, stack: string, ...args: string[]): Promise<Ended> =>
    apps[app].terraform(env, stack, ...args);

  /** Ready to be planned. */
  async function synthesized(app: App, stack: string): Promise<void> {
    await well(apps[app].synthesize(env));
    await well(terraform(app, stack, "init", "-input=false"));
  }

  const apply = (app: App, stack: string): Promise<string> =>
    well(terraform(app, stack, "apply", "-input=false", "-auto-approve"));
  const destroy = (app: App, stack: string): Promise<string> =>
    well(terraform(app, stack, "destroy", "-input=false", "-auto-approve"));
  /** With its exit code: 0 where nothing is left to do, 2 where something is. */
  const plan = (app: App, stack: string): Promise<Ended> =>
    terraform(app, stack, "plan", "-input=false", "-detailed-exitcode");

  test.each(APPS)("%s type-checks", async (app) => {
    await well(apps[app].typeCheck());
  });

  test("no-cdktf type-checks, and there is no CDKTF", async () => {
    await well(withoutCdktf.typeCheck());
    const there = ["central-trail", "cdktf", "constructs", "@cdktf"].filter((name) =>
      existsSync(join(withoutCdktf.folder, "node_modules", name)),
    );
    expect(there).toEqual(["central-trail"]);
  });

  describe("deployed, each on a local AWS of its own", () => {
    beforeEach(async () => {
      const { terraform, moto } = await findTools(["terraform", "moto"]);
      aws = await startLocalAws({
        roles: [LOGS, SHOP, BILLING].map((account) => ({ roleArn: roleArn(account) })),
        moto: { command: moto.command, env: process.env },
      });
      const provider = findProviderSource(awsProviderRequest(terraform.platform));
      const localAws = { endpoint: aws.endpoint, region: REGION, ...aws.credentials };
      env = {
        ...childEnvironment(process.env, { environment: "none", folder, provider, localAws }),
        PATH: `${impatient(folder)}:${process.env.PATH}`,
        THROWAWAY: "true",
      };
    });
    afterEach(() => aws?.stop());

    test("trail-only delivers to the bucket whose policy no-cdktf prints; no-cdktf reads what was delivered", async () => {
      const Bucket = "example-audit-logs";
      await s3(LOGS).send(new CreateBucketCommand({ Bucket }));
      const Policy = await well(withoutCdktf.script("policy"));
      await s3(LOGS).send(new PutBucketPolicyCommand({ Bucket, Policy }));

      await synthesized("trail-only", "trail");
      await apply("trail-only", "trail");
      expect(await isLogging(SHOP)).toBe(true);
      expect(await trail(SHOP)).toMatchObject({ S3BucketName: Bucket, S3KeyPrefix: "cloudtrail" });
      expect(await plan("trail-only", "trail")).toMatchObject({ code: 0 });

      await s3(SHOP).send(new CreateBucketCommand({ Bucket: "example-shop" }));
      await aws.advance(600);
      const Prefix = `cloudtrail/AWSLogs/${SHOP}/CloudTrail/`;
      const { Contents } = await s3(LOGS).send(new ListObjectsV2Command({ Bucket, Prefix }));
      const files = await Promise.all(
        Contents!.map(async ({ Key }, index) => {
          const { Body } = await s3(LOGS).send(new GetObjectCommand({ Bucket, Key }));
          const file = join(folder.path, `${index}.json.gz`);
          writeFileSync(file, await Body!.transformToByteArray());
          return file;
        }),
      );
      const events = await well(withoutCdktf.script("read", ...files));
      expect(events).toMatch(/^\S+Z 222222222222 s3\.amazonaws\.com CreateBucket$/m);

      await destroy("trail-only", "trail");
      await expect(isLogging(SHOP)).rejects.toMatchObject({ name: "TrailNotFoundException" });
    });

    test("destination-only, and remote-state that reads its outputs", async () => {
      const state = new S3Client({
        endpoint: aws.endpoint,
        region: REGION,
        forcePathStyle: true,
        credentials: aws.credentials,
      });
      const Bucket = "example-terraform-state";
      await state.send(new CreateBucketCommand({ Bucket }));
      await synthesized("destination-only", "log-archive");
      await synthesized("remote-state", "shop-trail");
      const early = await plan("remote-state", "shop-trail");
      expect(early).toMatchObject({ code: 1 });
      expect(early.text).toContain("Unable to find remote state");

      await apply("destination-only", "log-archive");
      expect(await isLogging(LOGS)).toBe(true);
      const printed = await well(terraform("destination-only", "log-archive", "output", "-json"));
      const outputs = JSON.parse(printed) as Record<string, { value: unknown }>;
      expect(outputs).toEqual({
        s3_bucket_name: expect.objectContaining({ value: "example-log-archive" }) as unknown,
        kms_key_arn: expect.objectContaining({
          value: expect.stringMatching(`^arn:aws:kms:${REGION}:${LOGS}:key/`) as unknown,
        }) as unknown,
        trails: expect.objectContaining({
          value: Object.fromEntries(
            [LOGS, SHOP, BILLING].map((account) => [trailArn(account), `AWSLogs/${account}/`]),
          ),
        }) as unknown,
      });

      await apply("remote-state", "shop-trail");
      expect(await isLogging(SHOP)).toBe(true);
      expect(await trail(SHOP)).toMatchObject({
        S3BucketName: outputs["s3_bucket_name"]!.value,
        KmsKeyId: outputs["kms_key_arn"]!.value,
      });
      const { Contents } = await state.send(new ListObjectsV2Command({ Bucket }));
      expect(Contents!.map(({ Key }) => Key)).toEqual([
        "log-archive.tfstate",
        "shop-trail.tfstate",
      ]);
      expect(await plan("destination-only", "log-archive")).toMatchObject({ code: 0 });
      expect(await plan("remote-state", "shop-trail")).toMatchObject({ code: 0 });

      await destroy("remote-state", "shop-trail");
      await destroy("destination-only", "log-archive");
      await expect(isLogging(SHOP)).rejects.toMatchObject({ name: "TrailNotFoundException" });
      await expect(
        s3(LOGS).send(new HeadBucketCommand({ Bucket: "example-log-archive" })),
      ).rejects.toMatchObject({ name: "NotFound" });
    });

    test("one-stack: the members' trails come when the destination's logs", async () => {
      const before = aws.calls.length;
      await synthesized("one-stack", "audit");
      await apply("one-stack", "audit");
      const all = [LOGS, SHOP, BILLING];
      expect(await Promise.all(all.map((account) => isLogging(account)))).toEqual([
        true,
        true,
        true,
      ]);
      const steps = aws.calls
        .slice(before)
        .filter(({ action }) => ["PutBucketPolicy", "CreateTrail", "StartLogging"].includes(action))
        .map(({ action, accountId }) => `${action} ${accountId}`);
      expect(steps.slice(0, 3)).toEqual([
        `PutBucketPolicy ${LOGS}`,
        `CreateTrail ${LOGS}`,
        `StartLogging ${LOGS}`,
      ]);
      expect(steps.slice(3).sort()).toEqual(
        [SHOP, BILLING]
          .flatMap((account) => [`CreateTrail ${account}`, `StartLogging ${account}`])
          .sort(),
      );
      expect(await plan("one-stack", "audit")).toMatchObject({ code: 0 });

      await destroy("one-stack", "audit");
      await expect(isLogging(BILLING)).rejects.toMatchObject({ name: "TrailNotFoundException" });
    });

    test("adopt: what is there stays, with the files in it, and then there is nothing to do", async () => {
      const Bucket = "example-existing-logs";
      const Name = "management-events";
      const arn = trailArn(LOGS, Name);
      await s3(LOGS).send(new CreateBucketCommand({ Bucket }));
      await s3(LOGS).send(
        new PutBucketPolicyCommand({
          Bucket,
          Policy: JSON.stringify(documentedBucketPolicy(Bucket, [arn])),
        }),
      );
      // moto does not know that AWS takes this usage where none is given.
      const KeyUsage = "ENCRYPT_DECRYPT";
      const { KeyMetadata } = await kms(LOGS).send(
        new CreateKeyCommand({ Policy: handMadeKeyPolicy(), KeyUsage }),
      );
      const { KeyId, Arn } = KeyMetadata!;
      await kms(LOGS).send(
        new CreateAliasCommand({ AliasName: "alias/existing-logs", TargetKeyId: KeyId }),
      );
      await cloudTrail(LOGS).send(
        new CreateTrailCommand({ Name, S3BucketName: Bucket, KmsKeyId: Arn }),
      );
      await cloudTrail(LOGS).send(new StartLoggingCommand({ Name }));
      const Key = `AWSLogs/${LOGS}/CloudTrail/old.json.gz`;
      await s3(LOGS).send(new PutObjectCommand({ Bucket, Key, Body: "old" }));

      apps.adopt.edit("existing.ts", /keyId: "[^"]+"/, `keyId: "${KeyId!}"`);
      await synthesized("adopt", "log-archive");
      const first = await plan("adopt", "log-archive");
      expect(first.text).toMatch(/Plan: 5 to import, \d+ to add, \d+ to change, 0 to destroy\./);
      await apply("adopt", "log-archive");

      expect(await plan("adopt", "log-archive")).toMatchObject({ code: 0 });
      expect(await isLogging(LOGS, arn)).toBe(true);
      expect(await trail(LOGS, arn)).toMatchObject({
        S3BucketName: Bucket,
        KmsKeyId: Arn,
        IsMultiRegionTrail: true,
        LogFileValidationEnabled: true,
      });
      const { Policy } = await s3(LOGS).send(new GetBucketPolicyCommand({ Bucket }));
      expect(Policy).toContain("DenyInsecureTransport");
      const kept = await s3(LOGS).send(new GetObjectCommand({ Bucket, Key }));
      expect(await kept.Body!.transformToString()).toBe("old");

      await destroy("adopt", "log-archive");
      await expect(isLogging(LOGS, arn)).rejects.toMatchObject({ name: "TrailNotFoundException" });
    });
  });
});

/** What a program printed, after a good end. */
async function well(run: Promise<Ended>): Promise<string> {
  const { code, text } = await run;
  if (code !== 0) throw new Error(text);
  return text;
}

/**
 * A folder for PATH with a `sleep` that does not: in the local AWS policies are in force at once.
 */
function impatient(folder: RunFolder): string {
  const bin = join(folder.path, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
  return bin;
}

/** A key policy as people write them: wider than need be. */
function handMadeKeyPolicy(): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${LOGS}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: ["kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
      },
    ],
  });
}
