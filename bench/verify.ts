import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { REPOSITORY } from "../test/support/repository";
import { table } from "../text/table";

const ENVIRONMENT = "bench";
const ACCOUNTS = Array.from({ length: 10 }, (_, index) => String(200_000_000_000 + index));
const DIGESTS = 24;
const LOGS = 12 * DIGESTS;

/** What the server prints once it listens. */
interface Served {
  readonly port: number;
  readonly bucket: string;
  readonly arns: readonly string[];
  readonly files: number;
  /** Uncompressed. */
  readonly bytes: number;
}

const run = promisify(execFile);

/**
 * A day of ten accounts, 12 log files an hour, with 30 ms added to each answer of S3:
 * `central-trail verify` beside `aws cloudtrail validate-logs`, account after account, on the same
 * files. Whole processes, their start included, and each has to find every file valid.
 */
export async function benchVerify(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "central-trail-bench-"));
  const [destination, ...members] = ACCOUNTS.map((account) => ({ account, region: "us-east-1" }));
  const file = {
    destination: { ...destination, bucket: "bench-logs", encryption: { type: "sse-s3" } },
    members,
    deployer: { role: "deployer" },
    state: { backend: "local" },
  };
  writeFileSync(join(folder, `${ENVIRONMENT}.yaml`), stringify(file));
  const server = spawn(
    process.execPath,
    ["--import", "tsx", "bench/verify-server.ts", folder, ENVIRONMENT],
    { cwd: REPOSITORY, stdio: ["pipe", "pipe", "inherit"] },
  );
  try {
    const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    const served = JSON.parse(line) as Served;
    const env = clientEnvironment(folder, served.port);
    const ours = await seconds(() => centralTrail(env));
    const theirs = await seconds(async () => {
      for (const arn of served.arns) await awsCli(arn, served.bucket, env);
    });
    return [
      `${served.files} files, ${(served.bytes / 1e6).toFixed(0)} MB uncompressed, 30 ms added to each answer of S3`,
      "",
      ...table([
        ["verifying 10 accounts × 24 hours × 12 files", "seconds", "times as fast"],
        ["aws cloudtrail validate-logs, account after account", theirs.toFixed(1), "1.0"],
        ["central-trail verify", ours.toFixed(1), (theirs / ours).toFixed(1)],
      ]),
    ];
  } finally {
    server.stdin.end();
    if (server.exitCode === null) await once(server, "close");
    rmSync(folder, { recursive: true });
  }
}

async function centralTrail(env: NodeJS.ProcessEnv): Promise<void> {
  const bin = join(REPOSITORY, "bin", "central-trail.js");
  const { stdout } = await run(process.execPath, [bin, "verify", "--env", ENVIRONMENT], { env });
  const proven = `proven: ${ACCOUNTS.length} trails, ${DIGESTS * ACCOUNTS.length} valid digest files, ${LOGS * ACCOUNTS.length} valid log files`;
  if (!stdout.includes(proven)) throw new Error(`expected ${proven}; it printed:\n${stdout}`);
}

async function awsCli(arn: string, bucket: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await run(
    "aws",
    [
      "cloudtrail",
      "validate-logs",
      "--trail-arn",
      arn,
      "--s3-bucket",
      bucket,
      "--start-time",
      new Date(Date.now() - 86_400_000).toISOString(),
    ],
    { env },
  );
  for (const valid of [`${DIGESTS}/${DIGESTS} digest`, `${LOGS}/${LOGS} log`])
    if (!stdout.includes(`${valid} files valid`))
      throw new Error(`expected ${valid} files valid; it printed:\n${stdout}`);
}

function clientEnvironment(envs: string, port: number): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(own),
    CENTRAL_TRAIL_ENVS_DIR: envs,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}

async function seconds(task: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await task();
  return (performance.now() - start) / 1000;
}
