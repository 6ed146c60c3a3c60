import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkEnvironment } from "../../envs/check";
import { centralTrailOf } from "../support/cli";
import { temporaryFolder } from "../support/temporary-folder";
import { changed } from "./base-file";

const withShape = (shape: string): string =>
  changed([
    "bucket: base-logs",
    `bucket: base-logs\n  bucketPolicyShape: ${shape}\n  organizationId: o-a1b2c3d4e5`,
  ]);
const check = (text: string) => checkEnvironment("base", "envs/base.yaml", text);

test("the former word for a shape is read as today's", () => {
  const { environment } = check(withShape("organization"));
  expect(environment).toEqual(check(withShape("source-org-id")).environment);
  expect(environment?.destination.bucketPolicyShape).toBe("source-org-id");
});

test("a warning names the former word's line and today's word", () => {
  expect(check(withShape("organization")).warnings).toEqual([
    "destination.bucketPolicyShape in line 5 is organization, which is called source-org-id now: " +
      "write bucketPolicyShape: source-org-id. The former word is read until version 1.0, and the policy is the same.",
  ]);
});

test.each(["source-org-id", "own-prefix"])("there is no warning of %s", (shape) => {
  expect(check(withShape(shape)).warnings).toEqual([]);
});

test("the former word is none where it never was one", () => {
  const text = withShape("own-prefix").replace(
    "organizationId",
    "keyPolicyShape: organization\n  organizationId",
  );
  expect(check(text).problems).toHaveLength(1);
});

const folder = temporaryFolder();

test("central-trail check prints the warning, and is content", () => {
  writeFileSync(join(folder(), "base.yaml"), withShape("organization"));
  const { status, stdout } = centralTrailOf(folder(), "check");
  expect(stdout).toContain("warning: destination.bucketPolicyShape in line 5 is organization");
  expect(status).toBe(0);
});
