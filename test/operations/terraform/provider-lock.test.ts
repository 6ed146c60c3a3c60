import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyProviderLock, PROVIDER_LOCK } from "../../../envs/provider-lock";
import { childEnvironment } from "../../../operations/terraform/child-environment";
import { failureAdvice } from "../../../operations/deploy/failure-advice";
import {
  awsProviderRequest,
  findProviderSource,
} from "../../../operations/terraform/provider-source";
import { findTools } from "../../../operations/terraform/requirements";
import {
  createRunFolder,
  removeRunFolder,
  type RunFolder,
} from "../../../operations/runs/run-folder";
import type { ProcessEnd } from "../../../operations/runs/run-process";
import { initializer } from "../../../operations/terraform/terraform";
import { REPOSITORY } from "../../support/repository";
import { requires } from "../../support/requirements";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const OURS = readFileSync(join(REPOSITORY, PROVIDER_LOCK), "utf8");

describe("the lock file of providers", () => {
  const project = temporaryFolder();
  const read = (path: string): string => readFileSync(join(project(), path), "utf8");

  test("goes to every stack, over that of an earlier run", () => {
    writeTree(project(), PROVIDER_LOCK, "ours");
    writeTree(project(), `out/stacks/one/${PROVIDER_LOCK}`, "older");
    writeTree(project(), "out/stacks/two/cdk.tf.json", "{}");
    copyProviderLock(project(), join(project(), "out"));
    for (const stack of ["one", "two"])
      expect(read(`out/stacks/${stack}/${PROVIDER_LOCK}`)).toBe("ours");
  });

  test("can be copied again where nobody may write it, and over a link writes nothing behind it", () => {
    writeTree(project(), PROVIDER_LOCK, "ours");
    chmodSync(join(project(), PROVIDER_LOCK), 0o444);
    writeTree(project(), "theirs", "theirs");
    writeTree(project(), "out/stacks/one/cdk.tf.json", "{}");
    const copy = join(project(), `out/stacks/one/${PROVIDER_LOCK}`);
    symlinkSync(join(project(), "theirs"), copy);
    copyProviderLock(project(), join(project(), "out"));
    expect(read("theirs")).toBe("theirs");
    // Root may write whatever the mode says.
    expect(statSync(copy).mode & 0o200).toBe(0o200);
    copyProviderLock(project(), join(project(), "out"));
    expect(read(`out/stacks/one/${PROVIDER_LOCK}`)).toBe("ours");
  });

  test("is nobody's duty", () => {
    writeTree(project(), `out/stacks/one/${PROVIDER_LOCK}`, "theirs");
    copyProviderLock(project(), join(project(), "out"));
    expect(read(`out/stacks/one/${PROVIDER_LOCK}`)).toBe("theirs");
  });

  test("of this repository names the version that the bindings are made for", () => {
    expect(OURS).toContain(`\n  version     = "${awsProviderRequest("").constraint}"\n`);
  });
});

requires("terraform")("terraform init with a lock file", () => {
  jest.setTimeout(120_000);
  let folder: RunFolder;
  beforeEach(() => (folder = createRunFolder()));
  afterEach(() => removeRunFolder(folder));

  /** Of a stack that needs the AWS provider, as synthesis writes it. */
  async function init(lock: string | undefined, version = "5.100.0"): Promise<ProcessEnd> {
    const { terraform } = await findTools(["terraform"]);
    const provider = findProviderSource(awsProviderRequest(terraform.platform));
    const env = childEnvironment(process.env, { environment: "test", folder, provider });
    const aws = { source: "hashicorp/aws", version };
    mkdirSync(folder.output);
    writeFileSync(
      join(folder.output, "cdk.tf.json"),
      JSON.stringify({ terraform: { required_providers: { aws } } }),
    );
    if (lock !== undefined) writeFileSync(join(folder.output, PROVIDER_LOCK), lock);
    return initializer({ env })({ name: "stack", folder: folder.output });
  }
  const advice = ({ stderr }: ProcessEnd): string =>
    failureAdvice([{ stack: "stack", state: "failed", error: stderr }], {
      environment: "test",
      command: () => "the command",
    }).join("\n");

  test("takes the provider that this repository's file names, and leaves the file alone", async () => {
    expect(await init(OURS)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder.output, PROVIDER_LOCK), "utf8")).toBe(OURS);
  });

  test("refuses a provider with another hash, and says what that means", async () => {
    const end = await init(OURS.replace("h1:edX", "h1:edY"));
    expect(end.code).toBe(1);
    expect(advice(end)).toContain("is not the one that .terraform.lock.hcl");
  });

  test("refuses what the file does not name, and adds nothing to it", async () => {
    const other = OURS.replace("hashicorp/aws", "hashicorp/other");
    const end = await init(other);
    expect(end.code).toBe(1);
    expect(advice(end)).toContain("is not the one that .terraform.lock.hcl");
    expect(readFileSync(join(folder.output, PROVIDER_LOCK), "utf8")).toBe(other);
  });

  test("without one takes what it finds, as before", async () => {
    expect(await init(undefined)).toMatchObject({ code: 0 });
  });
});
