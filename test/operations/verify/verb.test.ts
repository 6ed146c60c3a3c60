import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { requireEnvironment } from "../../../envs/load";
import { REPOSITORY } from "../../support/repository";
import { centralTrail } from "../../support/cli";
import { DeliveringEnvironment } from "../../support/delivering-environment";
import { ended, type Ended, fourAccountsFile } from "../../support/deployment";
import { requires } from "../../support/requirements";
import { temporaryFolder } from "../../support/temporary-folder";

jest.setTimeout(300_000);

describe("wrong usage has a code of its own, since 2 means late", () => {
  test.each([
    [["--since", "3"], "Allowed is a whole number with m, h or d, such as 24h."],
    [["--since", "0h"], "Allowed is a whole number with m, h or d, such as 24h."],
    [["--account", "111111111111,2"], "must have exactly 12 digits"],
    [["--jsno"], "unknown option '--jsno'"],
    [["--role-arn"], "argument missing"],
  ])("%j", (args, words) => {
    const { status, stdout, stderr } = centralTrail("verify", "--env", "local", ...args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toContain(words);
  });

  test("no environment", () => {
    expect(centralTrail("verify")).toMatchObject({ status: 64, stdout: "" });
    // A file that can't be read is nothing that was checked.
    expect(centralTrail("verify", "--env", "nowhere")).toMatchObject({ status: 1, stdout: "" });
  });

  test("help is not an error and documents the codes", () => {
    const { status, stdout } = centralTrail("verify", "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /0 proven, 1 could not check .*, 2 late, missing .*\n3 tampered with, 64 wrong usage/,
    );
  });
});

requires("moto")("central-trail verify", () => {
  const folder = temporaryFolder();

  test("goes by AWS's clock, prints a table or JSON, and ends with the verdict's code", async () => {
    const file = fourAccountsFile();
    file.members.length = 1;
    const envs = join(folder(), "envs");
    mkdirSync(envs);
    writeFileSync(join(envs, "test.yaml"), stringify(file));
    const lab = await DeliveringEnvironment.start(0, undefined, requireEnvironment(envs, "test"));
    const run = (...args: string[]): Promise<Ended & { json(): unknown }> => verb(lab, envs, args);
    try {
      // Just made: no digest file is due, so nothing is proven, and nothing late.
      const young = await run();
      expect(young.code).toBe(1);
      expect(young.text).toMatch(/111111111111 .* us-east-1 +- +- +0\/0 +0\/0 +NOT CHECKED\n/);
      expect(young.text).toContain("Nothing to check yet: it logs since ");

      await lab.hours(3);
      // Three hours ahead of this computer: by its clock all of it would be of a time to come.
      const healthy = await run();
      expect(healthy.text).toMatch(/222222222222 .* us-east-1 .* 3\/3 +3\/3 +proven\n/);
      expect(healthy.code).toBe(0);
      expect(healthy.text).not.toContain("\u001b");

      const [log] = await lab.logKeys("222222222222");
      await lab.delete(log!);
      const tampered = await run("--json", "--account", "222222222222");
      expect(tampered.code).toBe(3);
      expect(tampered.json()).toMatchObject({
        exitCode: 3,
        environment: "test",
        verdict: "tampered",
        leftOut: [],
        trails: [
          {
            account: "222222222222",
            verdict: "tampered",
            findings: [],
            regions: [
              {
                region: "us-east-1",
                verdict: "tampered",
                digestFiles: { valid: 3, invalid: 0, notChecked: 0 },
                logFiles: { valid: 2, invalid: 1, notChecked: 0 },
                findings: [{ verdict: "tampered", check: "digest-chain", key: log }],
              },
            ],
          },
        ],
      });
      // The other account is as it was; and what is older than the period is not looked at.
      expect((await run("--account", "111111111111")).code).toBe(0);
      expect((await run("--since", "90m")).code).toBe(0);

      await lab.aws.stop();
      const gone = await run();
      expect(gone.code).toBe(1);
      expect(gone.text).toMatch(/Its CloudTrail could not be asked: .*ECONNREFUSED/);
    } finally {
      await lab.stop().catch(() => undefined);
    }
  });
});

/** Runs the command in a process of its own: the local AWS is in this one. */
async function verb(
  { access }: DeliveringEnvironment,
  envs: string,
  args: readonly string[],
): Promise<Ended & { json(): unknown }> {
  const result = await ended(
    process.execPath,
    [join(REPOSITORY, "bin", "central-trail.js"), "verify", "--env", "test", ...args],
    REPOSITORY,
    {
      ...process.env,
      CENTRAL_TRAIL_ENVS_DIR: envs,
      AWS_ENDPOINT_URL: access.endpoint,
      AWS_REGION: access.region,
      AWS_ACCESS_KEY_ID: access.accessKeyId,
      AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  );
  return { ...result, json: () => JSON.parse(result.text) as unknown };
}
