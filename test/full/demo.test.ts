import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository";
import { ended } from "../support/deployment";
import { requires } from "../support/requirements";

/**
 * A demo in a temporary folder and with a mark of its own, by which all it leaves behind is found.
 */
class Demo {
  readonly #mark = `demo-${randomUUID()}`;
  readonly #folder = mkdtempSync(join(tmpdir(), "demo-test-"));
  readonly #process: ChildProcess;
  #printed = "";

  constructor(...args: string[]) {
    // Its own process group, as a shell gives it: Ctrl-C reaches every process in it.
    this.#process = spawn(process.execPath, ["bin/central-trail.js", "demo", ...args], {
      cwd: REPOSITORY,
      detached: true,
      env: { ...process.env, TMPDIR: this.#folder, DEMO_TEST_MARK: this.#mark },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream!.setEncoding("utf8").on("data", (text: string) => (this.#printed += text));
    }
  }

  get printed(): string {
    return this.#printed;
  }

  /** Waits until it has printed the text; fails where it ends before. */
  async until(text: string): Promise<void> {
    while (!this.#printed.includes(text)) {
      if (this.#process.exitCode !== null) throw new Error(`it ended; printed: ${this.#printed}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  interrupt(): void {
    if (this.#process.exitCode === null) process.kill(-this.#process.pid!, "SIGINT");
  }

  /** Its exit code. */
  async end(): Promise<number | null> {
    if (this.#process.exitCode === null) {
      await new Promise((resolve) => this.#process.once("close", resolve));
    }
    return this.#process.exitCode;
  }

  /** Files of its temporary folder, and command lines of its processes, that are still there. */
  leftovers(): string[] {
    const processes = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => read(`/proc/${pid}/environ`).includes(this.#mark))
      .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll("\0", " "));
    return [
      ...readdirSync(this.#folder).filter((name) => !/^(tsx-|node-)/.test(name)),
      ...processes,
    ];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A file's text; empty where it is gone, as a process's may be at any time. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

requires(
  "terraform",
  "moto",
  "aws-cli",
)("npm run demo", () => {
  jest.setTimeout(400_000);
  let demo: Demo | undefined;
  afterEach(async () => {
    if (demo === undefined) return;
    demo.interrupt();
    await demo.end();
    demo.remove();
  });

  test("--keep: everything is right, the lines to paste work, and Ctrl-C removes all", async () => {
    demo = new Demo("--keep");
    await demo.until("Ctrl-C here ends it");
    expect(demo.printed).toContain(
      "All right: 4 trails log to central-trail-local-logs, made in AWS's order, and their files are proven.",
    );
    for (const account of ["111111111111", "222222222222", "333333333333", "444444444444"]) {
      expect(demo.printed).toMatch(
        new RegExp(
          `${account} .* yes +s3://central-trail-local-logs/AWSLogs/${account}/ +[0-9a-f-]{36} +` +
            `arn:aws:cloudtrail:us-east-1:${account}:trail/central-trail`,
        ),
      );
    }

    expect(demo.printed).toMatch(
      /^ {2}proven: 4 trails, 24 valid digest files, \d+ valid log files,/m,
    );
    expect(demo.printed).toMatch(
      /Its own copy of the event: .*\{"accountId":"","type":"AWS::S3::Bucket"/,
    );
    expect(demo.printed).toMatch(
      /The owner, by the owner copy \(event [0-9a-f-]{36}\): 333333333333/,
    );

    const lines = demo.printed.split("\n");
    const preparation = lines.filter((line) => /^(export|unset) /.test(line));
    const commands = lines.filter((line) => /^(aws|npx cdktf|npm run) /.test(line));
    expect(commands).toHaveLength(8);
    const answers = [];
    for (const command of commands) {
      const script = [...preparation, command].join("\n");
      answers.push(await ended("bash", ["-ec", script], REPOSITORY, process.env));
    }
    expect(answers.filter(({ code }) => code !== 0)).toEqual([]);
    const texts = answers.map(({ text }) => text);
    expect(texts[0]).toContain("arn:aws:cloudtrail:us-east-1:222222222222:trail/central-trail");
    expect(texts[1]).toContain('"IsLogging": true');
    expect(texts[2]).toMatch(/2\/2 digest files valid[^]*1\/1 log files valid/);
    expect(texts[3]).toMatch(/222222222222[^]*AccessDenied[^]*333333333333/);
    expect(texts[4]).toMatch(/^proven: 4 trails/m);
    expect(texts[5]).toContain("AWSCloudTrailWrite20131101");
    expect(texts[6]).toContain("No changes");
    expect(texts[7]).toContain("No changes");

    demo.interrupt();
    expect(await demo.end()).toBe(0);
    expect(demo.leftovers()).toEqual([]);
  });

  test("Ctrl-C in the midst of the deployment removes all", async () => {
    demo = new Demo();
    await demo.until("local AWS at");
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    // In the order of their process IDs, which start anew at some time.
    const running = demo.leftovers().join("\n");
    for (const name of ["central-trail-", "moto_server", "terraform apply"])
      expect(running).toContain(name);
    demo.interrupt();
    expect(await demo.end()).toBe(130);
    expect(demo.printed).toContain("Interrupted");
    expect(demo.leftovers()).toEqual([]);
  });
});
