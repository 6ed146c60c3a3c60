import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type ChangedFile, look, writeFiles } from "../../../operations/init/write-files";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const folder = temporaryFolder();
const read = (path: string): string => readFileSync(join(folder(), path), "utf8");

test("files are written with the folders above them, scripts for execution", () => {
  writeFiles(folder(), [{ path: "a/b/run.sh", text: "#!", executable: true }, file("c")], []);
  expect(read("a/b/run.sh")).toBe("#!");
  expect(statSync(join(folder(), "a/b/run.sh")).mode & 0o100).toBe(0o100);
  expect(statSync(join(folder(), "c")).mode & 0o111).toBe(0);
});

test("where one can't be written, nothing is: not even what was to be added", () => {
  writeTree(folder(), "changed", "as it was");
  writeTree(folder(), "kept/other", "mine");
  const changed = [{ path: "changed", before: "as it was", text: "and more" }];
  const write = (): void =>
    writeFiles(
      folder(),
      [file("new/deep/one"), file("kept/two")],
      [...changed, { path: "kept", before: "", text: "" }],
    );
  expect(write).toThrow(/^kept can't be written \(EISDIR.*\)\. Nothing was written\.$/);
  expect(readdirSync(folder()).sort()).toEqual(["changed", "kept"]);
  expect(readdirSync(join(folder(), "kept"))).toEqual(["other"]);
  expect(read("changed")).toBe("as it was");
});

test("a file that was changed in the meantime is left, and all else undone", () => {
  writeTree(folder(), "first", "as it was");
  writeTree(folder(), "second", "of another");
  const change = (path: string): ChangedFile => ({ path, before: "as it was", text: "and more" });
  const write = (): void =>
    writeFiles(folder(), [file("new/one")], [change("first"), change("second")]);
  expect(write).toThrow("second can't be written (it was changed meanwhile). Nothing was written.");
  expect(readdirSync(folder()).sort()).toEqual(["first", "second"]);
  expect([read("first"), read("second")]).toEqual(["as it was", "of another"]);
});

test("a changed file keeps its mode, and a link stays one", () => {
  writeTree(folder(), "elsewhere/real", "as it was");
  chmodSync(join(folder(), "elsewhere/real"), 0o640);
  symlinkSync(join(folder(), "elsewhere/real"), join(folder(), "link"));
  writeFiles(folder(), [], [{ path: "link", before: "as it was", text: "and more" }]);
  expect(lstatSync(join(folder(), "link")).isSymbolicLink()).toBe(true);
  expect(read("elsewhere/real")).toBe("and more");
  expect(statSync(join(folder(), "elsewhere/real")).mode & 0o777).toBe(0o640);
  expect(readdirSync(join(folder(), "elsewhere"))).toEqual(["real"]);
});

test("what came in the meantime is not overwritten", () => {
  writeTree(folder(), "late", "of another");
  expect(() => writeFiles(folder(), [file("first"), file("late")], [])).toThrow(/EEXIST/);
  expect(readdirSync(folder())).toEqual(["late"]);
  expect(read("late")).toBe("of another");
});

test("a look tells nothing from a file and from what is none", () => {
  writeTree(folder(), "a/b", "text");
  expect(look(join(folder(), "none"))).toEqual({ kind: "nothing" });
  expect(look(join(folder(), "a/b"))).toEqual({ kind: "file", text: "text" });
  expect(look(join(folder(), "a"))).toEqual({ kind: "obstacle", code: "EISDIR" });
  expect(look(join(folder(), "a/b/c"))).toEqual({ kind: "obstacle", code: "ENOTDIR" });
});

function file(path: string): { path: string; text: string } {
  return { path, text: path };
}
