import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "../support/repository";
import { requires } from "../support/requirements";
import { temporaryFolder } from "../support/temporary-folder";

requires("terraform")("stacks in a wrapper, by cdktf-cli itself", () => {
  jest.setTimeout(240_000);
  const folder = temporaryFolder();

  test("are deployed and destroyed in their order", async () => {
    const log = join(folder(), "order");
    const app = "node --import tsx test/fixtures/wrapped-stacks.ts";
    const cdktf = (verb: string): Promise<unknown> =>
      promisify(execFile)(
        "npx",
        [
          "cdktf",
          verb,
          "*",
          "--auto-approve",
          "--parallelism",
          "1",
          "--app",
          app,
          "--output",
          join(folder(), "out"),
        ],
        {
          cwd: REPOSITORY,
          env: {
            ...process.env,
            CI: "1",
            CHECKPOINT_DISABLE: "1",
            ORDER_LOG: log,
            CENTRAL_TRAIL_STATE_DIR: folder(),
          },
        },
      );
    await cdktf("deploy");
    await cdktf("destroy");
    expect(readFileSync(log, "utf8").trim().split("\n")).toEqual([
      "made z-destination",
      "made a-member",
      "gone a-member",
      "gone z-destination",
    ]);
  });
});
