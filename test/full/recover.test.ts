import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeTrailsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CreateKeyCommand,
  KMSClient,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { RecoverReport, StackRecovery } from "../../operations/recover/recover";
import {
  type CommandEnd,
  Deployment,
  type EnvironmentFile,
  fourAccountsFile,
  states,
} from "../support/deployment";
import { REPOSITORY } from "../support/repository";
import { requires } from "../support/requirements";
import { temporaryFolder } from "../support/temporary-folder";

const DESTINATION = "111111111111";
const MEMBER = "222222222222";
const STACK = "test-destination";
const STATES = "central-trail-test-state";
const STATE = { Bucket: STATES, Key: `central-trail/${STACK}.tfstate` };
const LOCK = { Bucket: STATES, Key: `${STATE.Key}.tflock` };
const TAG = { TagKey: "central-trail:log-key", TagValue: "central-trail-test" };

interface State {
  serial: number;
  lineage: string;
  resources: { type: string; name: string; instances: { status?: string }[] }[];
}

// One story with the state in S3; each test goes on where the last one stopped.
requires("terraform", "moto")("recover, after whatever ended a deploy", () => {
  jest.setTimeout(600_000);
  const working = temporaryFolder();
  let deployment: Deployment;
  let file: EnvironmentFile;
  let s3: S3Client;
  let kms: KMSClient;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.slice(0, 1);
    Object.assign(file.destination, {
      notifications: { topicName: "log-files", queueName: "log-files-queue" },
    });
    file.state = {
      backend: "s3",
      bucket: STATES,
      region: "us-east-1",
      roleArn: `arn:aws:iam::${DESTINATION}:role/central-trail-state`,
    };
    deployment = await Deployment.start(file);
    deployment.env.XDG_STATE_HOME = join(deployment.folder.path, "remembered");
    s3 = deployment.s3(DESTINATION);
    const { roleArn, externalId } = deployment.environment.destination;
    kms = new KMSClient(deployment.asRole(roleArn, externalId!));
    await s3.send(new CreateBucketCommand({ Bucket: STATES }));
  });
  afterAll(async () => {
    kms?.destroy();
    s3?.destroy();
    await deployment?.stop();
  });

  const words = (verb: string, args: readonly string[]): string[] => [
    join(REPOSITORY, "bin", "central-trail.js"),
    verb,
    "--env",
    "test",
    ...args,
  ];

  /** As a person would, in a folder of theirs. */
  function centralTrail(verb: string, ...args: readonly string[]): Promise<CommandEnd> {
    const options = { cwd: working(), env: deployment.env, maxBuffer: 1e8 };
    return new Promise((resolve) =>
      execFile(process.execPath, words(verb, args), options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (error.code as number), stdout, stderr }),
      ),
    );
  }

  /** What `recover` found and did of the destination's stack. */
  async function recover(
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly verdict: string; readonly stack: StackRecovery }> {
    const { code, stdout, stderr } = await centralTrail("recover", "--json", ...args);
    expect(stderr).not.toMatch(/^\s+at /m);
    const { verdict, stacks } = JSON.parse(stdout) as RecoverReport;
    return { code, verdict, stack: stacks.find(({ stack }) => stack === STACK)! };
  }

  async function readState(): Promise<State> {
    const { Body } = await s3.send(new GetObjectCommand(STATE));
    return JSON.parse(await Body!.transformToString()) as State;
  }

  /** Writes the state as a run that was ended left it. */
  async function changeState(change: (state: State) => void): Promise<State> {
    const state = await readState();
    change(state);
    state.serial += 1;
    await s3.send(new PutObjectCommand({ ...STATE, Body: JSON.stringify(state) }));
    return state;
  }

  const lose = (...types: readonly string[]): Promise<State> =>
    changeState((state) => {
      state.resources = state.resources.filter(({ type }) => !types.includes(type));
    });

  async function keys(): Promise<string[]> {
    const { Keys = [] } = await kms.send(new ListKeysCommand({}));
    return Keys.map(({ KeyId }) => KeyId!).sort();
  }

  async function expectDeployedAndWhole(): Promise<void> {
    expect(Object.values(states(await deployment.run("deploy")))).toEqual(["done", "done"]);
    expect(await deployment.plan(STACK)).toMatchObject({ code: 0 });
  }

  const isLocked = async (): Promise<boolean> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: STATES }));
    return Contents.some(({ Key }) => Key === LOCK.Key);
  };

  test("everything killed at once: unlocked unasked, the key is found by its tag, nothing is doubled", async () => {
    await killAllAt("aws_kms_key.log-destination_key_96E516B2: Creation complete");
    expect(await isLocked()).toBe(true);
    const before = await keys();
    const shown = await recover();
    expect(shown).toMatchObject({ code: 1, verdict: "left", stack: { done: [] } });
    const { kind, why } = shown.stack.lock!;
    expect([kind, why]).toEqual(["dead", expect.any(String)]);
    expect(await isLocked()).toBe(true);
    const failed = await centralTrail("deploy", "--auto-approve");
    expect(failed.stderr).toContain("npm run central-trail -- recover --env test");

    const { code, verdict, stack } = await recover("--auto-approve");
    expect({ code, verdict, error: stack.error }).toEqual({ code: 0, verdict: "recovered" });
    expect(stack.done).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^unlocked: /),
        `imported: key with the tag ${TAG.TagKey} = ${TAG.TagValue}`,
      ]),
    );
    expect(await isLocked()).toBe(false);
    await expectDeployedAndWhole();
    const after = await keys();
    expect(after).toEqual(expect.arrayContaining(before));
    // The log key and the notifications' key.
    expect(after).toHaveLength(2);
    expect(readdirSync(join(deployment.env.XDG_STATE_HOME!, "central-trail", "runs"))).toEqual([]);
  });

  test("nothing to recover is said, and changes nothing", async () => {
    const { serial } = await readState();
    expect(await recover("--auto-approve")).toMatchObject({ code: 0, verdict: "nothing" });
    expect((await readState()).serial).toBe(serial);
  });

  test("what stands and is in no state is shown with what nobody declared, and imported", async () => {
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: file.destination.bucket,
        LifecycleConfiguration: {
          Rules: [
            { ID: "by-hand", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } },
          ],
        },
      }),
    );
    const before = await keys();
    const types = ["s3_bucket", "kms_key", "kms_alias", "cloudtrail", "sns_topic", "sqs_queue"];
    const { serial } = await lose(...types.map((type) => `aws_${type}`));
    const { stdout, stderr, code } = await centralTrail("recover");
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no terminal to ask on. To do it:") as string,
    });
    expect(stdout).toMatch(/it has lifecycle_rule \(nobody declared it, and it stays\): .*by-hand/);
    expect((await readState()).serial).toBe(serial);

    const { stack, ...ended } = await recover("--auto-approve");
    expect(ended).toEqual({ code: 0, verdict: "recovered" });
    expect(stack.imports.map(({ address }) => address.replace(/\..*/, "")).sort()).toEqual(
      ["aws_kms_key", ...types.map((type) => `aws_${type}`)].sort(),
    );
    await expectDeployedAndWhole();
    expect(await keys()).toEqual(before);
    const { trailList } = await deployment
      .cloudTrail(DESTINATION)
      .send(new DescribeTrailsCommand({}));
    expect(trailList).toHaveLength(1);
  });

  test("what is tainted and whole is kept", async () => {
    const before = await keys();
    const tainted = ["aws_kms_key", "aws_s3_bucket", "aws_cloudtrail", "terraform_data"];
    await changeState(({ resources }) => {
      for (const { type, instances } of resources)
        if (tainted.includes(type)) instances[0]!.status = "tainted";
    });
    const { stack, ...ended } = await recover("--auto-approve");
    expect(ended).toEqual({ code: 0, verdict: "recovered" });
    expect(stack.untaints).toHaveLength(4);
    await expectDeployedAndWhole();
    expect(await keys()).toEqual(before);
  });

  test("a lock of another host wants its ID", async () => {
    const lock = {
      ID: "0b4d",
      Operation: "OperationTypeApply",
      Info: "",
      Version: "1.11.4",
      Who: "ci@another-host",
      Created: new Date().toISOString(),
      Path: "x",
    };
    await s3.send(new PutObjectCommand({ ...LOCK, Body: JSON.stringify(lock) }));
    for (const args of [[], ["--lock-id", "0b4e"]]) {
      expect(await recover("--auto-approve", ...args)).toMatchObject({
        code: 1,
        stack: { lock: { kind: "unknown", info: { who: "ci@another-host" } }, done: [] },
      });
      expect(await isLocked()).toBe(true);
    }
    expect(await recover("--auto-approve", "--lock-id", "0b4d")).toMatchObject({
      code: 0,
      stack: { done: ["unlocked: 0b4d"] },
    });
    expect(await isLocked()).toBe(false);
  });

  test("a kept state is pushed where it is newer and of the same lineage", async () => {
    const state = await readState();
    const keep = (name: string, change: Partial<State>): void =>
      writeFileSync(
        join(working(), `errored.${STACK}.${name}.tfstate`),
        JSON.stringify({ ...state, ...change }),
      );
    await lose("aws_kms_key");
    keep("1", { serial: state.serial + 5 });
    keep("2", { serial: state.serial + 9, lineage: "another" });
    const { code, stack } = await recover("--auto-approve");
    // The other lineage stays for people.
    expect(code).toBe(1);
    expect(stack.push?.file).toContain(`errored.${STACK}.1.tfstate`);
    expect(stack.left).toEqual([expect.stringContaining("its lineage is another")]);
    const pushed = await readState();
    expect(pushed.resources.map(({ type }) => type)).toContain("aws_kms_key");
    expect(pushed.lineage).toBe(state.lineage);
    await expectDeployedAndWhole();
  });

  test("two keys with the tag are never guessed at", async () => {
    await lose("aws_kms_key");
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Tags: [TAG] }));
    const { code, stack } = await recover("--auto-approve");
    expect(code).toBe(1);
    expect(stack.left.join("\n")).toContain("2 keys carry the tag");
    expect(stack.left.join("\n")).toContain(KeyMetadata!.KeyId);
    expect(stack.imports.map(({ words: named }) => named)).toEqual([
      "key with the tag central-trail:topic-key = log-files",
    ]);
    const KeyId = KeyMetadata!.KeyId!;
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(await recover("--auto-approve")).toMatchObject({ code: 0, verdict: "recovered" });
    await expectDeployedAndWhole();
  });

  test("a bucket of another account is refused", async () => {
    const theirs = deployment.s3(MEMBER);
    await theirs.send(new CreateBucketCommand({ Bucket: "somebody-elses-logs" }));
    await changeState((state) => {
      state.resources = state.resources.filter(({ type }) => !type.startsWith("aws_s3"));
    });
    deployment.write({
      ...file,
      destination: { ...file.destination, bucket: "somebody-elses-logs" },
    });
    const { code, stack } = await recover("--auto-approve");
    expect(code).toBe(1);
    expect(stack.imports).toEqual([]);
    expect(stack.left).toEqual([expect.stringContaining(`account ${DESTINATION} does not own it`)]);
    const { Buckets = [] } = await theirs.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toContain("somebody-elses-logs");
    theirs.destroy();
  });

  /** Starts a deploy and kills all its processes once it has printed something. */
  async function killAllAt(mark: string): Promise<void> {
    const child = spawn(process.execPath, words("deploy", ["--auto-approve"]), {
      cwd: working(),
      env: deployment.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    let printed = "";
    child.stdout.on("data", (text: Buffer) => {
      printed += text.toString();
      if (printed.includes(mark)) for (const pid of tree(child.pid!)) kill(pid);
    });
    await ended;
    expect(printed).toContain(mark);
  }
});

/** A process and all that it started. */
function tree(pid: number): number[] {
  const children = readdirSync("/proc").filter(
    (name) => /^\d+$/.test(name) && parentOf(name) === pid,
  );
  return [pid, ...children.flatMap((name) => tree(Number(name)))];
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) \S /, "")
        .split(" ")[0],
    );
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
