import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PLAIN, terraform, withLockTimeout } from "../../../operations/terraform/terraform";
import { requires } from "../../support/requirements";
import { temporaryFolder } from "../../support/temporary-folder";

/** Needs no provider but Terraform's own. Its apply holds the state for some seconds. */
const SLOW = {
  resource: {
    terraform_data: {
      slow: { provisioner: [{ "local-exec": { command: "touch applying; sleep 4" } }] },
    },
  },
};

requires("terraform")("a state that another run holds", () => {
  const folder = temporaryFolder();
  jest.setTimeout(60_000);

  test("is waited for as long as one says, and not at all by default", async () => {
    writeFileSync(join(folder(), "main.tf.json"), JSON.stringify(SLOW));
    const stack = { name: "slow", folder: folder() };
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    const run = (args: readonly string[], timeout?: string) =>
      terraform(stack, [...args, ...PLAIN], { env: withLockTimeout(env, timeout) });
    expect(await run(["init"], "1m")).toMatchObject({ code: 0 });
    const other = run(["apply", "-auto-approve"]);
    try {
      while (!existsSync(join(folder(), "applying"))) await sleep(50);
      const { code, stderr } = await run(["plan"]);
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("Error acquiring the state lock") as string,
      });
      expect(await run(["plan"], "1m")).toMatchObject({ code: 0 });
    } finally {
      await other;
    }
    expect(await run(["destroy", "-auto-approve"], "1m")).toMatchObject({ code: 0 });
  });
});

requires("terraform")("a state that the backend refuses", () => {
  const [folder, working] = [temporaryFolder(), temporaryFolder()];
  jest.setTimeout(60_000);

  test("is kept in the working folder, and that is said", async () => {
    const backend = createServer((request, response) => {
      response.statusCode = request.method === "GET" ? 404 : 500;
      response.end();
    });
    await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
    const { port } = backend.address() as AddressInfo;
    jest.spyOn(process, "cwd").mockReturnValue(working());
    const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      const address = `http://127.0.0.1:${port}/state`;
      const tf = {
        terraform: { backend: { http: { address, retry_max: 0 } } },
        resource: { terraform_data: { made: { input: "made" } } },
      };
      writeFileSync(join(folder(), "main.tf.json"), JSON.stringify(tf));
      const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
      const run = (...args: string[]) =>
        terraform({ name: "test-destination", folder: folder() }, [...args, ...PLAIN], { env });
      expect(await run("init")).toMatchObject({ code: 0 });
      expect(readdirSync(working())).toEqual([]);
      expect(await run("apply", "-auto-approve")).toMatchObject({ code: 1 });
      const kept = readdirSync(working());
      expect(kept).toEqual([expect.stringMatching(/^errored\.test-destination\.\d+\.tfstate$/)]);
      expect(readFileSync(join(working(), kept[0]!), "utf8")).toContain('"terraform_data"');
      expect(said.mock.calls.join("")).toContain(join(working(), kept[0]!));
    } finally {
      jest.restoreAllMocks();
      backend.close();
    }
  });
});
