import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { REPOSITORY } from "../../support/repository";
import { requires } from "../../support/requirements";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const folder = temporaryFolder();

const FILE = `
throwaway: true
destination: { account: "111111111111", region: us-east-1, bucket: the-logs }
deployer: { role: deployer }
state: { backend: local }
`;

requires("terraform")("a plan that nobody has credentials for", () => {
  test("is an error in one line for people, with what to do about it", () => {
    writeTree(folder(), "envs/any.yaml", FILE);
    const { PATH, TMPDIR, TF_CLI_CONFIG_FILE, CENTRAL_TRAIL_PROVIDER_MIRROR } = process.env;
    const bin = join(REPOSITORY, "bin", "central-trail.js");
    const { status, stderr } = spawnSync(process.execPath, [bin, "plan", "--env", "any"], {
      cwd: REPOSITORY,
      encoding: "utf8",
      env: {
        PATH,
        TMPDIR,
        TF_CLI_CONFIG_FILE,
        CENTRAL_TRAIL_PROVIDER_MIRROR,
        HOME: folder(),
        AWS_EC2_METADATA_DISABLED: "true",
        CENTRAL_TRAIL_ENVS_DIR: join(folder(), "envs"),
        CENTRAL_TRAIL_STATE_DIR: folder(),
      },
    });
    expect({ status, stderr }).toMatchObject({ status: 1 });
    expect(stderr).toMatch(/^any-destination could not be planned: No valid credential sources /m);
    expect(stderr).not.toMatch(/\\u000a|cdk\.tf\.json/);
    expect(stderr).toMatch(/^That is: there are no AWS credentials\. /m);
    expect(stderr.match(/That is: there are no AWS credentials/g)).toHaveLength(1);
  }, 240_000);
});
