import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../../../operations/expected-error";
import { type FileTree, fileSystem } from "../../../operations/terraform/file-tree";
import { findMirror } from "../../../operations/terraform/provider-mirror";
import {
  awsProviderRequest,
  chooseProviderSource,
  type ProviderSource,
  type Surroundings,
  terraformCliConfig,
} from "../../../operations/terraform/provider-source";
import { findTools } from "../../../operations/terraform/requirements";
import { requires } from "../../support/requirements";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const request = awsProviderRequest("linux_amd64");
const unpacked = (mirror: string, version = request.constraint, platform = "linux_amd64"): string =>
  join(mirror, request.source, version, platform, `terraform-provider-aws_v${version}_x5`);
const packed = (mirror: string, version = request.constraint, platform = "linux_amd64"): string =>
  join(mirror, request.source, `terraform-provider-aws_${version}_${platform}.zip`);

const folder = temporaryFolder();

/** The temporary folder as if it were the whole file system. */
const files: FileTree = {
  list: (path) => fileSystem.list(join(folder(), path)),
  read: (path) => fileSystem.read(join(folder(), path)),
};

const choose = (env: NodeJS.ProcessEnv = {}, others: Partial<Surroundings> = {}): ProviderSource =>
  chooseProviderSource(request, {
    env,
    files,
    home: "/home/u",
    cwd: "/project",
    os: "linux",
    now: () => 0,
    ...others,
  });

test("the provider asked for is the one that @cdktf/provider-aws was generated from", () => {
  expect(request).toEqual({
    source: expect.stringMatching(/^[\w.-]+\/hashicorp\/aws$/) as string,
    constraint: "5.100.0",
    platform: "linux_amd64",
  });
  expect(awsProviderRequest("linux_arm64", "~> 5.90").constraint).toBe("~> 5.90");
});

describe("the order", () => {
  const INSTALLATION = "provider_installation {\n  direct {}\n}\n";
  const places: readonly { place: string; env: NodeJS.ProcessEnv; file: string; text?: string }[] =
    [
      {
        place: "/srv/a-mirror",
        env: { CENTRAL_TRAIL_PROVIDER_MIRROR: "/srv/a-mirror" },
        file: unpacked("/srv/a-mirror"),
      },
      {
        place: "/etc/my.tfrc",
        env: { TF_CLI_CONFIG_FILE: "/etc/my.tfrc" },
        file: "/etc/my.tfrc",
        text: INSTALLATION,
      },
      {
        place: "/project/terraform.d/plugins",
        env: {},
        file: unpacked("/project/terraform.d/plugins"),
      },
      {
        place: "/home/u/.terraform.d/plugins",
        env: {},
        file: packed("/home/u/.terraform.d/plugins"),
      },
      {
        place: "/home/u/.local/share/terraform/plugins",
        env: {},
        file: unpacked("/home/u/.local/share/terraform/plugins"),
      },
      {
        place: "/usr/local/share/terraform/plugins",
        env: {},
        file: unpacked("/usr/local/share/terraform/plugins"),
      },
      {
        place: "/usr/share/terraform/plugins",
        env: {},
        file: unpacked("/usr/share/terraform/plugins"),
      },
      { place: "/opt/x/y", env: {}, file: unpacked("/opt/x/y") },
    ];

  test.each(places.map(({ place }, index) => [place, index] as const))(
    "%s goes before all later places",
    (place, index) => {
      const env: NodeJS.ProcessEnv = {};
      for (const later of places.slice(index)) {
        writeTree(folder(), later.file, later.text);
        Object.assign(env, later.env);
      }
      expect(choose(env)).toMatchObject({ path: place, notes: [] });
    },
  );

  test("the registry is last, and says so", () => {
    expect(choose()).toEqual({
      kind: "registry",
      line: "AWS provider 5.100.0 from the Terraform registry: no local mirror holds it for linux_amd64.",
      notes: [],
    });
  });
});

describe("CENTRAL_TRAIL_PROVIDER_MIRROR", () => {
  test("may be relative to the working folder", () => {
    writeTree(folder(), packed("/project/mirror"));
    expect(choose({ CENTRAL_TRAIL_PROVIDER_MIRROR: "mirror" })).toMatchObject({
      kind: "mirror",
      path: "/project/mirror",
      line: "AWS provider 5.100.0 from the mirror /project/mirror (CENTRAL_TRAIL_PROVIDER_MIRROR).",
    });
  });

  test("that lacks the version or the platform is an error that names what is there", () => {
    writeTree(folder(), unpacked("/m", "5.99.0"));
    writeTree(folder(), packed("/m", "5.100.0", "darwin_arm64"));
    // Elsewhere there is the right one: what a person asked for is not passed over in silence.
    writeTree(folder(), unpacked("/opt/plugins"));
    const refused = (): ProviderSource => choose({ CENTRAL_TRAIL_PROVIDER_MIRROR: "/m" });
    expect(refused).toThrow(ExpectedError);
    expect(refused).toThrow(/which lacks \S+\/hashicorp\/aws 5\.100\.0 for linux_amd64/);
    expect(refused).toThrow(/5\.99\.0 for linux_amd64/);
    expect(refused).toThrow(/5\.100\.0 for darwin_arm64/);
  });
});

describe("the user's Terraform CLI configuration", () => {
  test("that TF_CLI_CONFIG_FILE names in vain is reported and ignored", () => {
    writeTree(folder(), unpacked("/opt/plugins"));
    expect(choose({ TF_CLI_CONFIG_FILE: "/gone.tfrc" })).toMatchObject({
      kind: "mirror",
      path: "/opt/plugins",
      notes: ["TF_CLI_CONFIG_FILE names /gone.tfrc, which cannot be read: ignored."],
    });
  });

  test.each([
    ["none", 'plugin_cache_dir = "/cache"\n'],
    ["one in comments", "# provider_installation {}\n/*\nprovider_installation {\n}\n*/\n"],
  ])("with %s provider_installation is not used, and that is said", (_, text) => {
    writeTree(folder(), "/etc/my.tfrc", text);
    expect(choose({ TF_CLI_CONFIG_FILE: "/etc/my.tfrc" })).toMatchObject({
      kind: "registry",
      notes: ["/etc/my.tfrc has no provider_installation: not used in this run."],
    });
  });

  test("is found at its usual place and as JSON too", () => {
    writeTree(folder(), "/home/u/.terraformrc", '{"provider_installation": [{"direct": {}}]}');
    expect(choose()).toEqual({
      kind: "user-config",
      path: "/home/u/.terraformrc",
      line: "AWS provider from where /home/u/.terraformrc says (its provider_installation).",
      notes: [],
    });
  });
});

describe("a mirror", () => {
  test.each([
    ["another version", unpacked("/opt/m", "5.99.0")],
    ["another platform", unpacked("/opt/m", "5.100.0", "linux_arm64")],
    ["another platform, packed", packed("/opt/m", "5.100.0", "windows_amd64")],
    ["no plugin in the folder", join("/opt/m", request.source, "5.100.0/linux_amd64/README")],
    [
      "another provider",
      "/opt/m/example.com/hashicorp/aws/5.100.0/linux_amd64/terraform-provider-aws",
    ],
  ])("with %s is passed over", (_, file) => {
    writeTree(folder(), file);
    expect(choose().kind).toBe("registry");
  });

  test("whose newest matching version lacks the platform is passed over, as Terraform fails there", () => {
    const ranged = { ...request, constraint: "~> 5.0" };
    const surroundings = {
      env: {},
      files,
      home: "/home/u",
      cwd: "/",
      os: "linux",
      now: () => 0,
    } as const;
    writeTree(folder(), unpacked("/opt/m", "5.90.0"));
    expect(chooseProviderSource(ranged, surroundings)).toMatchObject({ version: "5.90.0" });
    writeTree(folder(), unpacked("/opt/m", "5.91.0", "darwin_arm64"));
    expect(chooseProviderSource(ranged, surroundings).kind).toBe("registry");
  });

  test("is found on other systems in their usual folders", () => {
    const support = "Library/Application Support/io.terraform/plugins";
    writeTree(folder(), unpacked(join("/home/u", support)));
    expect(choose({}, { os: "darwin" })).toMatchObject({ path: join("/home/u", support) });
    expect(choose({}, { os: "linux" }).kind).toBe("registry");
    writeTree(folder(), unpacked("/appdata/HashiCorp/Terraform/plugins"));
    expect(choose({ APPDATA: "/appdata" }, { os: "win32" })).toMatchObject({
      path: "/appdata/HashiCorp/Terraform/plugins",
    });
  });
});

describe("looking for a mirror", () => {
  const look = (limits = {}, now: () => number = () => 0): string | undefined =>
    findMirror(files, ["/opt", "/usr/lib"], request, now, limits)?.path;

  test("takes the one nearest to a root", () => {
    writeTree(folder(), unpacked("/opt/a/b/c"));
    writeTree(folder(), unpacked("/usr/lib/tf"));
    expect(look()).toBe("/usr/lib/tf");
  });

  test("ends at its depth, its number of folders and its time", () => {
    writeTree(folder(), unpacked("/opt/a/b/c"));
    expect(look({ depth: 3 })).toBe("/opt/a/b/c");
    expect(look({ depth: 2 })).toBeUndefined();
    expect(look({ folders: 5 })).toBe("/opt/a/b/c");
    expect(look({ folders: 4 })).toBeUndefined();
    let clock = 0;
    expect(look({ milliseconds: 10 }, () => (clock += 4))).toBeUndefined();
  });
});

requires("terraform")("Terraform, with the CLI configuration that we write", () => {
  const init = (mirrorFile: string): string => {
    const [config, mirror] = [join(folder(), "config"), join(folder(), "mirror")];
    writeTree(mirror, mirrorFile, "not a real provider; init does not run it");
    mkdirSync(config);
    const aws = { source: "hashicorp/aws", version: request.constraint };
    const terraform = { required_providers: { aws } };
    writeFileSync(join(config, "main.tf.json"), JSON.stringify({ terraform }));
    const source: ProviderSource = {
      kind: "mirror",
      path: mirror,
      source: request.source,
      version: request.constraint,
      line: "",
      notes: [],
    };
    const cliConfig = join(folder(), "run.tfrc");
    writeFileSync(cliConfig, terraformCliConfig(source, "") ?? "");
    return execFileSync("terraform", ["init", "-no-color"], {
      cwd: config,
      env: { ...process.env, TF_CLI_CONFIG_FILE: cliConfig, TF_PLUGIN_CACHE_DIR: undefined },
      encoding: "utf8",
    });
  };

  test("installs from the mirror and asks no registry", async () => {
    const { terraform } = await findTools(["terraform"]);
    expect(init(unpacked("", undefined, terraform.platform))).toContain(
      "Installed hashicorp/aws v5.100.0 (unauthenticated)",
    );
  });
});

test("from the registry, one download serves all stacks", () => {
  const source: ProviderSource = { kind: "registry", line: "", notes: [] };
  expect(terraformCliConfig(source, "/run/plugin-cache")).toBe(
    `disable_checkpoint = true
plugin_cache_dir = "/run/plugin-cache"
plugin_cache_may_break_dependency_lock_file = true
`,
  );
  const users: ProviderSource = { kind: "user-config", path: "/x", line: "", notes: [] };
  expect(terraformCliConfig(users, "/run/plugin-cache")).toBeUndefined();
});
