import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { requireEnvironment } from "../../envs/load";
import type { LocalAws } from "../../lab";
import { childEnvironment } from "../../operations/terraform/child-environment";
import { startEnvironmentAws } from "../../operations/local-aws/environment-aws";
import { awsProviderRequest, findProviderSource } from "../../operations/terraform/provider-source";
import { findTools } from "../../operations/terraform/requirements";
import { createRunFolder, removeRunFolder, type RunFolder } from "../../operations/runs/run-folder";
import type { CommandEnd } from "../support/deployment";
import { pack } from "../support/package";
import { REPOSITORY } from "../support/repository";
import { requires } from "../support/requirements";

const PAGE = join(REPOSITORY, "docs", "without-a-fork.md");
const STACKS = ["production-destination", "production-member-222222222222"];

/** The commands of the page, but for those of a newer version, which is on no registry yet. */
function commandsOfPage(): string[] {
  const [tested = ""] = readFileSync(PAGE, "utf8").split("\n## A newer version\n");
  return [...tested.matchAll(/^```sh\n([^`]*)^```$/gm)].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );
}

requires("terraform", "moto")("an app from the npm package, in an empty folder", () => {
  jest.setTimeout(240_000);
  let folder: RunFolder;
  let app: string;
  let tarball: string;
  let aws: LocalAws;
  let env: NodeJS.ProcessEnv = process.env;
  const typed = new Set<string>();

  /**
   * Runs a line as a person types it in the app's folder; `more` is what only a test has to say.
   */
  function run(line: string, more = ""): Promise<CommandEnd> {
    typed.add(line);
    const command = line.replace("install central-trail ", `install ${tarball} `);
    return new Promise((resolve) =>
      execFile(
        "/bin/sh",
        ["-c", `${command} ${more}`],
        { cwd: app, env, maxBuffer: 1e8 },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : (error.code as number), stdout, stderr }),
      ),
    );
  }

  function edit(path: string, change: (text: string) => string): void {
    const before = readFileSync(join(app, path), "utf8");
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(join(app, path), after);
  }

  beforeAll(() => {
    folder = createRunFolder();
    app = join(folder.path, "app");
    mkdirSync(app);
    tarball = pack(folder.path);
  });
  afterAll(async () => {
    await aws?.stop();
    await removeRunFolder(folder);
  });

  test("npm installs the package, and init writes an app whose environment is right", async () => {
    expect(await run("npm init -y")).toMatchObject({ code: 0 });
    const install = commandsOfPage().find((line) => line.startsWith("npm install"))!;
    expect(await run(install, "--no-audit --no-fund --prefer-offline")).toMatchObject({ code: 0 });
    const written = await run(
      "npx central-trail init --destination-account 111111111111 --members 222222222222",
      "--json",
    );
    expect(written).toMatchObject({ code: 0 });
    expect(JSON.parse(written.stdout)).toMatchObject({ changed: ["package.json"], left: [] });
    expect(readdirSync(join(app, ".github", "workflows")).length).toBeGreaterThan(0);
    const { code, stdout } = await run("npx central-trail check");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "production: ok, destination 111111111111, 1 member\n",
    });
    // As the pipeline calls it.
    expect(await run("npm run --silent central-trail -- check --json")).toMatchObject({ code: 0 });
  });

  test("a local AWS takes the place of AWS", async () => {
    const envs = join(app, "envs");
    edit("envs/production.yaml", (text) =>
      text
        .replace("# throwaway: true", "throwaway: true")
        .replace("policyWaitSeconds: 30", "policyWaitSeconds: 0"),
    );
    const environment = requireEnvironment(envs, "production");
    const { terraform, moto } = await findTools(["terraform", "moto"]);
    const started = await startEnvironmentAws(environment, moto);
    aws = started.aws;
    env = childEnvironment(process.env, {
      environment: "production",
      folder,
      provider: findProviderSource(awsProviderRequest(terraform.platform)),
      localAws: started.access,
    });
    const s3 = client();
    const bucket = environment.state.backend === "s3" ? environment.state.bucket : "";
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const git = "git -c user.name=test -c user.email=test@example.com";
    expect(
      await run(`git init --quiet && git add --all && ${git} commit --quiet -m app`),
    ).toMatchObject({ code: 0 });
  });

  function client(): S3Client {
    const { endpoint, credentials } = aws;
    return new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  }

  test("what needs no AWS: policies, explain, stacks, schema", async () => {
    const policies = await run(
      "npx central-trail policies --env production --trusted arn:aws:iam::111111111111:role/pipeline",
    );
    expect(policies).toMatchObject({ code: 0 });
    expect(policies.stdout).toContain("# trust policy: arn:aws:iam::222222222222:role/");
    const explained = await run("npx central-trail explain --env production --who-can-delete");
    expect(explained).toMatchObject({ code: 0 });
    expect(explained.stdout).toContain("central-trail-deployer");
    const stacks = await run("npx central-trail stacks --env production");
    expect(stacks).toMatchObject({ code: 0, stdout: `${STACKS.join("\n")}\n` });
    const { stdout } = await run("npx central-trail schema");
    expect(stdout).toBe(readFileSync(join(app, "envs", "environment.schema.json"), "utf8"));
  });

  test("cdktf deploys it, and a plan after it is empty", async () => {
    await run("export CENTRAL_TRAIL_ENV=production");
    const deployed = await run(
      "npx cdktf deploy '*' --parallelism 2",
      "--auto-approve --skip-provider-lock",
    );
    expect(deployed).toMatchObject({ code: 0 });
    expect(aws.calls.filter(({ action }) => action === "StartLogging")).toHaveLength(2);
    const plan = await run("npx central-trail plan --env production --out plans");
    expect(plan).toMatchObject({ code: 0 });
  });

  test("a change since a git revision is planned, reviewed and applied", async () => {
    edit("envs/production.yaml", (text) =>
      text.replace(
        '  - account: "222222222222"\n',
        '  - account: "222222222222"\n    trail: { events: { preset: s3-write } }\n',
      ),
    );
    const stacks = await run("npx central-trail stacks --env production --changed-since HEAD");
    expect(stacks).toMatchObject({ code: 0, stdout: `${STACKS[1]}\n` });
    const plan = await run(
      "npx central-trail plan --env production --changed-since HEAD --out plans",
    );
    expect(plan).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "To apply them: npx central-trail deploy --env production --plans plans",
      ) as string,
    });
    const before = aws.calls.length;
    const deployed = await run("npx central-trail deploy --env production --plans plans");
    expect(deployed).toMatchObject({ code: 0 });
    expect(aws.calls.slice(before).map(({ action }) => action)).toContain("PutEventSelectors");
  });

  test("drift finds nothing, verify proves what hours brought, events are found", async () => {
    expect(await run("npx central-trail drift --env production")).toMatchObject({ code: 0 });
    await aws.advance(3 * 3600);
    const verified = await run("npx central-trail verify --env production");
    expect(verified).toMatchObject({ code: 0 });
    const found = await run(
      "npx central-trail events --env production --since 1d --event-name AssumeRole",
      "--json",
    );
    expect(found).toMatchObject({ code: 0 });
    expect(found.stdout).toContain("AssumeRole");
  });

  test("central-trail's own deploy finds nothing to do, and destroy leaves the state alone", async () => {
    const deployed = await run("npx central-trail deploy --env production", "--auto-approve");
    expect(deployed).toMatchObject({ code: 0 });
    expect(deployed.stdout.match(/Resources: 0 added, 0 changed, 0 destroyed/g)).toHaveLength(2);
    const destroyed = await run("npx central-trail destroy --env production", "--auto-approve");
    expect(destroyed).toMatchObject({ code: 0 });
    expect(aws.calls.filter(({ action }) => action === "DeleteTrail")).toHaveLength(2);
    const { Buckets = [] } = await client().send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual(["terraform-state-111111111111"]);
  });

  test("these were the commands of the page", () => {
    const commands = commandsOfPage();
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter((line) => !typed.has(line))).toEqual([]);
  });
});
