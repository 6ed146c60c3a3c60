import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withRunFolder } from "../../operations/run-folder";

test("each run has a folder that only its user may enter, and that goes with it", async () => {
  const paths = await Promise.all(
    ["a", "b"].map((name) =>
      withRunFolder((folder) => {
        writeFileSync(join(folder.state, name), "");
        expect(statSync(folder.path).mode & 0o077).toBe(0);
        return Promise.resolve(folder.path);
      }),
    ),
  );
  expect(new Set(paths).size).toBe(2);
  expect(paths.filter((path) => existsSync(path))).toEqual([]);
});

test("the folder goes where the run fails, too", async () => {
  let path = "";
  const failing = withRunFolder((folder) => {
    path = folder.path;
    return Promise.reject(new Error("failed"));
  });
  await expect(failing).rejects.toThrow("failed");
  expect(path).not.toBe("");
  expect(existsSync(path)).toBe(false);
});
