import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { installedAwsProvider } from "../../envs/aws-provider";
import { ExpectedError } from "../expected-error";
import { type FileTree, fileSystem } from "./file-tree";
import {
  findMirror,
  packagesInMirror,
  type ProviderRequest,
  versionInMirror,
} from "./provider-mirror";

/** Where Terraform takes the AWS provider from in a run, and how we came to it. */
export type ProviderSource = MirrorSource | UserConfigSource | RegistrySource;

interface Described {
  /** One line for people: what was taken. */
  readonly line: string;
  /** Lines for people: what was found on the way and not used. */
  readonly notes: readonly string[];
}

/** A filesystem mirror that holds the version for this platform. */
export interface MirrorSource extends Described {
  readonly kind: "mirror";
  readonly source: string;
  readonly version: string;
  /** The mirror's folder: it holds `HOST/NAMESPACE/TYPE`. */
  readonly path: string;
}

/** The user's own Terraform CLI configuration says it. */
export interface UserConfigSource extends Described {
  readonly kind: "user-config";
  /** The configuration file. */
  readonly path: string;
}

/** The registry that the provider's source address names. */
export interface RegistrySource extends Described {
  readonly kind: "registry";
}

/** What {@link chooseProviderSource} looks at. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly files: FileTree;
  readonly home: string;
  /** The working folder; Terraform reads `terraform.d/plugins` in it. */
  readonly cwd: string;
  readonly os: NodeJS.Platform;
  /** Milliseconds, for the time limit of the search. */
  readonly now: () => number;
}

/**
 * The AWS provider that `@cdktf/provider-aws` was generated from.
 *
 * @param constraint the environment's own version constraint,
 * @default the generated version exactly
 */
export function awsProviderRequest(platform: string, constraint?: string): ProviderRequest {
  const provider = installedAwsProvider();
  if (provider === undefined)
    throw new ExpectedError(["@cdktf/provider-aws is not installed: run npm install."]);
  const { name: source, version } = provider;
  return { source, constraint: constraint ?? version, platform };
}

/** {@link chooseProviderSource} on this machine. */
export function findProviderSource(request: ProviderRequest): ProviderSource {
  return chooseProviderSource(request, {
    env: process.env,
    files: fileSystem,
    home: homedir(),
    cwd: process.cwd(),
    os: process.platform,
    now: Date.now,
  });
}

/**
 * Where to take a provider from, the first that has it: `CENTRAL_TRAIL_PROVIDER_MIRROR`; the user's
 * Terraform CLI configuration where it has a `provider_installation`; Terraform's implied mirror
 * folders; a mirror under the system's usual folders for software; else the registry.
 *
 * @throws ExpectedError where `CENTRAL_TRAIL_PROVIDER_MIRROR` names a folder that lacks the
 *   provider
 */
export function chooseProviderSource(
  request: ProviderRequest,
  surroundings: Surroundings,
): ProviderSource {
  const { env, files, cwd } = surroundings;
  const notes: string[] = [];
  const mirror = (path: string, version: string, why: string): MirrorSource => ({
    kind: "mirror",
    source: request.source,
    version,
    path,
    line: `AWS provider ${version} from the mirror ${path} (${why}).`,
    notes,
  });

  const named = env.CENTRAL_TRAIL_PROVIDER_MIRROR;
  if (named) {
    const path = resolve(cwd, named);
    const version = versionInMirror(files, path, request);
    if (version === undefined) throw new ExpectedError([lacking(files, path, request)]);
    return mirror(path, version, "CENTRAL_TRAIL_PROVIDER_MIRROR");
  }

  const config = userCliConfig(surroundings, notes);
  if (config) {
    const line = `AWS provider from where ${config} says (its provider_installation).`;
    return { kind: "user-config", path: config, line, notes };
  }

  for (const path of impliedMirrors(surroundings)) {
    const version = versionInMirror(files, path, request);
    if (version !== undefined) return mirror(path, version, "one of Terraform's implied mirrors");
  }

  const found = findMirror(files, softwareRoots(surroundings), request, surroundings.now);
  if (found) return mirror(found.path, found.version, "found by looking for it");

  return {
    kind: "registry",
    line: `AWS provider ${request.constraint} from the Terraform registry: no local mirror holds it for ${request.platform}.`,
    notes,
  };
}

function lacking(files: FileTree, mirror: string, request: ProviderRequest): string {
  const { source, constraint, platform } = request;
  const packages = [...packagesInMirror(files, mirror, source)].flatMap(([version, platforms]) =>
    [...platforms].map((held) => `${version} for ${held}`),
  );
  const held = packages.length > 0 ? `it holds ${packages.join(", ")}` : "it holds none of it";
  return (
    `CENTRAL_TRAIL_PROVIDER_MIRROR names ${mirror}, which lacks ${source} ${constraint} for ${platform}: ${held}. ` +
    `Expected is ${join(mirror, source, "VERSION", platform)} (\`terraform providers mirror\` makes such a folder), or unset the variable.`
  );
}

/** The CLI configuration that Terraform would read, if it says where providers come from. */
function userCliConfig(
  { env, files, home, os }: Surroundings,
  notes: string[],
): string | undefined {
  const named = env.TF_CLI_CONFIG_FILE;
  const path =
    named ||
    (os === "win32"
      ? join(env.APPDATA ?? join(home, "AppData", "Roaming"), "terraform.rc")
      : join(home, ".terraformrc"));
  const text = files.read(path);
  if (text === undefined) {
    if (named) notes.push(`TF_CLI_CONFIG_FILE names ${path}, which cannot be read: ignored.`);
    return undefined;
  }
  if (!saysWhereProvidersComeFrom(text)) {
    notes.push(`${path} has no provider_installation: not used in this run.`);
    return undefined;
  }
  return path;
}

/** HCL, or its JSON form; comments don't count. */
function saysWhereProvidersComeFrom(cliConfig: string): boolean {
  const code = cliConfig.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*(#|\/\/).*$/gm, "");
  return (
    /^\s*"?provider_installation"?\s*[:{]/m.test(code) ||
    /[{,]\s*"provider_installation"/.test(code)
  );
}

/**
 * The folders that Terraform takes for mirrors unasked.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
function impliedMirrors({ env, home, cwd, os }: Surroundings): string[] {
  const inCwd = join(cwd, "terraform.d", "plugins");
  if (os === "win32") {
    const appData = env.APPDATA ?? join(home, "AppData", "Roaming");
    return [
      inCwd,
      join(appData, "terraform.d", "plugins"),
      join(appData, "HashiCorp", "Terraform", "plugins"),
    ];
  }
  const own = join(home, ".terraform.d", "plugins");
  if (os === "darwin") {
    const support = join("Library", "Application Support", "io.terraform", "plugins");
    return [inCwd, own, join(home, support), join("/", support)];
  }
  const dataHome = env.XDG_DATA_HOME || join(home, ".local", "share");
  const dataFolders = (env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(delimiter);
  return [
    inCwd,
    own,
    ...[dataHome, ...dataFolders.filter(Boolean)].map((folder) =>
      join(folder, "terraform", "plugins"),
    ),
  ];
}

/**
 * Where software is put for the whole system, or by the user for themselves. Nothing that anyone
 * may write to: what is found there is run.
 */
function softwareRoots({ env, home, os }: Surroundings): string[] {
  const ofUser = [join(home, ".local", "share"), join(home, ".local", "lib")];
  switch (os) {
    case "win32":
      return [env.ProgramFiles, env.ProgramData, env.LOCALAPPDATA].filter(
        (folder) => folder !== undefined,
      );
    case "darwin":
      return [
        "/opt",
        "/usr/local",
        "/Library",
        join(home, "Library", "Application Support"),
        ...ofUser,
      ];
    default:
      return ["/opt", "/srv", "/usr/local", "/usr/share", "/usr/lib", ...ofUser];
  }
}

/**
 * Text of the Terraform CLI configuration for a run; undefined where the user's own file stays in
 * use.
 *
 * From the registry, the first `terraform init` of the run fills the cache and all others link to
 * it. Without a lock file (each run starts in a fresh folder) Terraform uses a cache only with
 * `plugin_cache_may_break_dependency_lock_file`; what that may break is a lock file kept for other
 * platforms, and a run keeps none. cdktf-cli runs one `terraform init` after another, as a cache
 * needs.
 *
 * @param pluginCache an existing folder
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
 */
export function terraformCliConfig(
  source: ProviderSource,
  pluginCache: string,
): string | undefined {
  const quoted = (text: string): string => JSON.stringify(text);
  switch (source.kind) {
    case "user-config":
      return undefined;
    case "mirror":
      return `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = ${quoted(source.path)}
    include = [${quoted(source.source)}]
  }
  direct {
    exclude = [${quoted(source.source)}]
  }
}
`;
    case "registry":
      return `disable_checkpoint = true
plugin_cache_dir = ${quoted(pluginCache)}
plugin_cache_may_break_dependency_lock_file = true
`;
  }
}
