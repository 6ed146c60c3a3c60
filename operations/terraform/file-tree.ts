import { readdirSync, readFileSync } from "node:fs";

/** One name in a folder. A link may be to either; what it is shows when it is listed. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: "folder" | "file" | "link";
}

/** What the search for a provider needs of a file system. */
export interface FileTree {
  /** The names in a folder; none where it is not there, is not a folder or may not be read. */
  list(path: string): readonly TreeEntry[];
  /** A text file's content; undefined where there is none to read. */
  read(path: string): string | undefined;
}

/** The real file system. */
export const fileSystem: FileTree = {
  list(path) {
    try {
      return readdirSync(path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "file",
      }));
    } catch {
      return [];
    }
  },
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
};
