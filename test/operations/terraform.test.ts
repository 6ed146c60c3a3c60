import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PLAIN, terraform, withLockTimeout } from "../../operations/terraform";
import { requires } from "../support/requirements";
import { temporaryFolder } from "../support/temporary-folder";

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
