import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { keepErroredState, keptStateFiles } from "../../../operations/runs/errored-state";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const [folder, working] = [temporaryFolder(), temporaryFolder()];
const said: string[] = [];
const umask = process.umask();

beforeEach(() => {
  said.length = 0;
  jest.spyOn(process, "cwd").mockReturnValue(working());
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(() => {
  process.umask(umask);
  jest.restoreAllMocks();
});

function keep(text: string): void {
  writeTree(folder(), "errored.tfstate", text);
  keepErroredState({ name: "x", folder: folder() });
}

test("several kept within one moment overwrite none, and each is for its owner alone", () => {
  process.umask(0);
  jest.spyOn(Date, "now").mockReturnValue(1);
  for (const text of ["a", "b", "c"]) keep(text);
  const kept = readdirSync(working()).sort();
  expect(kept).toEqual(["errored.x.1-1.tfstate", "errored.x.1-2.tfstate", "errored.x.1.tfstate"]);
  expect(kept.map((name) => readFileSync(join(working(), name), "utf8"))).toEqual(["b", "c", "a"]);
  const modes = kept.map((name) => statSync(join(working(), name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600, 0o600]);
  expect(readdirSync(folder())).toEqual([]);
});

test("what is kept is found again, all of one moment, and nothing of another stack", () => {
  jest.spyOn(Date, "now").mockReturnValue(1);
  for (const text of ["a", "b"]) keep(text);
  for (const name of ["errored.x.y.1.tfstate", "errored.x.txt", "errored.y.1.tfstate"])
    writeTree(working(), name, "{}");
  const found = keptStateFiles("x", working());
  expect(found.map((file) => readFileSync(file, "utf8")).sort()).toEqual(["a", "b"]);
});

test("where the working folder takes no file, the state stays, and it is said where and why", () => {
  jest.spyOn(process, "cwd").mockReturnValue(join(working(), "gone"));
  keep("a");
  expect(readFileSync(join(folder(), "errored.tfstate"), "utf8")).toBe("a");
  expect(said.join("")).toContain(join(folder(), "errored.tfstate"));
  expect(said.join("")).toContain("ENOENT");
});

/** Another file system than that of temporary files, where this machine has one. */
const OTHER = "/dev/shm";
const other = (): string | undefined => {
  try {
    return statSync(OTHER).dev === statSync(working()).dev ? undefined : OTHER;
  } catch {
    return undefined;
  }
};

test("a state goes whole to another file system", () => {
  const target = mkdtempSync(join(other() ?? working(), "central-trail-test-"));
  try {
    process.umask(0o777);
    jest.spyOn(process, "cwd").mockReturnValue(target);
    keep("a".repeat(100_000));
    const kept = readdirSync(target).find((name) => name.startsWith("errored."))!;
    expect(readFileSync(join(target, kept), "utf8")).toHaveLength(100_000);
    expect(statSync(join(target, kept)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder())).toEqual([]);
  } finally {
    rmSync(target, { recursive: true });
  }
});
