import type { ChildProcess } from "node:child_process";
import { spawnLeashed } from "../../processes/leashed-process";

/** How to start moto. */
export interface MotoCommand {
  /** The `moto_server` program, a name on PATH or a path. */
  readonly command: string;
  /** Its environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** A running moto. */
export interface Moto {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Resolves once the process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts moto on a free port of 127.0.0.1 and waits until it listens. It ends with this process,
 * however that happens.
 *
 * @throws Error with what moto printed, where it ends or says nothing for a minute
 */
export async function startMoto({ command, env }: MotoCommand): Promise<Moto> {
  const child = spawnLeashed(command, ["-H", "127.0.0.1", "-p", "0"], {
    env: {
      ...env,
      // Otherwise every account would see the buckets of all.
      MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS: "false",
      // Would put every call into one account.
      MOTO_ACCOUNT_ID: undefined,
      PYTHONUNBUFFERED: "1",
    },
    graceMs: 2_000,
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
  };
  try {
    return { endpoint: await announcedEndpoint(child, command), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Waits for "Running on http://127.0.0.1:PORT"; keeps reading, so that moto's log never blocks it.
 */
function announcedEndpoint(child: ChildProcess, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    let found = false;
    const fail = (what: string): void =>
      reject(new Error(`${command} ${what}. It printed:\n${output.trim() || "(nothing)"}`));
    const timer = setTimeout(() => fail("did not listen within 60 s"), 60_000);
    const read = (chunk: Buffer): void => {
      if (found) return;
      output += chunk.toString();
      const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (endpoint === undefined) return;
      found = true;
      clearTimeout(timer);
      resolve(endpoint);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("close", (code) => {
      clearTimeout(timer);
      fail(`ended with exit code ${code} before it listened`);
    });
  });
}
