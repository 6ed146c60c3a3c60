import { join } from "node:path";
import type { FileTree } from "./file-tree";
import { compareVersions, isVersion, satisfies } from "./terraform-version";

/** A provider package as Terraform asks for it. */
export interface ProviderRequest {
  /** Source address with its host: `HOST/NAMESPACE/TYPE`. */
  readonly source: string;
  /** Version constraint, such as `5.100.0` or `~> 5.90`. */
  readonly constraint: string;
  /** `OS_ARCH`, such as `linux_amd64`. */
  readonly platform: string;
}

/**
 * The newest version in a filesystem mirror that meets the constraint, if the mirror has it for the
 * platform. Terraform chooses the version before it looks at platforms, so an older version that
 * has the platform does not help where a newer one lacks it.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
 */
export function versionInMirror(
  files: FileTree,
  mirror: string,
  { source, constraint, platform }: ProviderRequest,
): string | undefined {
  const packages = packagesInMirror(files, mirror, source);
  const newest = [...packages.keys()]
    .filter((version) => satisfies(version, constraint))
    .sort(compareVersions)
    .at(-1);
  return newest !== undefined && packages.get(newest)?.has(platform) ? newest : undefined;
}

/** Platforms by version of a provider in a mirror, unpacked or packed. */
export function packagesInMirror(
  files: FileTree,
  mirror: string,
  source: string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const [host = "", namespace = "", type = ""] = source.split("/");
  const folder = join(mirror, host, namespace, type);
  const prefix = `terraform-provider-${type}`;
  const packages = new Map<string, Set<string>>();
  const add = (version: string, platform: string): void => {
    packages.set(version, (packages.get(version) ?? new Set()).add(platform));
  };
  for (const { name, kind } of files.list(folder)) {
    const packed = kind !== "folder" && /^(.+)_([^_]+)_([a-z0-9]+_[a-z0-9]+)\.zip$/.exec(name);
    if (packed && packed[1] === prefix && packed[2] && packed[3] && isVersion(packed[2])) {
      add(packed[2], packed[3]);
    } else if (kind !== "file" && isVersion(name)) {
      for (const platform of files.list(join(folder, name))) {
        const unpacked = files.list(join(folder, name, platform.name));
        if (unpacked.some((file) => file.name.startsWith(prefix))) add(name, platform.name);
      }
    }
  }
  return packages;
}

/** How far {@link findMirror} looks. */
export interface SearchLimits {
  /**
   * Levels below each root that may be a mirror.
   * @default 4
   */
  readonly depth?: number;
  /**
   * Folders listed at most.
   * @default 20000
   */
  readonly folders?: number;
  /**
   * Milliseconds at most, by `now`.
   * @default 3000
   */
  readonly milliseconds?: number;
}

/**
 * Looks for a mirror that holds the provider, breadth first through all roots at once: what stands
 * near a root is found before the depths of another one are read.
 */
export function findMirror(
  files: FileTree,
  roots: readonly string[],
  request: ProviderRequest,
  now: () => number,
  { depth = 4, folders = 20_000, milliseconds = 3000 }: SearchLimits = {},
): { readonly path: string; readonly version: string } | undefined {
  const [host = ""] = request.source.split("/");
  const end = now() + milliseconds;
  let left = folders;
  let level = [...new Set(roots)];
  for (let step = 0; step <= depth && level.length > 0; step++) {
    const next: string[] = [];
    for (const path of level) {
      if (left-- <= 0 || now() > end) return undefined;
      const entries = files.list(path);
      if (entries.some(({ name, kind }) => name === host && kind !== "file")) {
        const version = versionInMirror(files, path, request);
        if (version !== undefined) return { path, version };
      }
      for (const { name, kind } of entries) {
        // Links could lead in circles; hidden folders and npm's trees hold no mirrors.
        if (kind === "folder" && !name.startsWith(".") && name !== "node_modules") {
          next.push(join(path, name));
        }
      }
    }
    level = next;
  }
  return undefined;
}
