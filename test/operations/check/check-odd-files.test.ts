import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BASE, changed } from "../../envs/base-file";
import { centralTrailOf } from "../../support/cli";
import { temporaryFolder } from "../../support/temporary-folder";

const bytes = (...parts: readonly (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

const bomb = lines(
  ...Array.from({ length: 12 }, (_, level) => {
    const below = level === 0 ? "x" : `*a${level - 1}`;
    return `a${level}: &a${level} [${`${below}, `.repeat(9)}]`;
  }),
);

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

/** What stands in a file, and where its first problem is and what it says. */
const FILES: Readonly<Record<string, readonly [string | Buffer, RegExp]>> = {
  "over-a-megabyte": [`${BASE}${"# x\n".repeat(250_000)}`, /^-:- 1,000,\d+ bytes, of which none/],
  latin1: [bytes(BASE, "# gr", [0xfc], "n\n"), /^12:5 bytes that are not UTF-8$/],
  utf16: [Buffer.from(`\ufeff${BASE}`, "utf16le"), /^1:1 bytes that are not UTF-8$/],
  "replacement-character": [
    bytes(BASE, "# \ufffd", [0xff], "\n"),
    /^12:4 bytes that are not UTF-8$/,
  ],
  "half-a-character": [bytes(BASE, [0xf0, 0x9f]), /^12:1 bytes that are not UTF-8$/],
  "alias-bomb": [bomb, /^\d+:\d+ text that can't be read: Excessive alias count/],
  "many-problems": [`${BASE}${"members: []\n".repeat(5000)}`, /^12:1 a key that the same mapping/],
  "nested-flow": [`x: ${"[".repeat(200_000)}`, /^1:\d+ more than 100 levels/],
  "nested-block": ["- ".repeat(200_000), /^1:\d+ more than 100 levels/],
  "one-long-line": [
    changed(["us-east-1\n  bucket", `${"y".repeat(500_000)}\n  bucket`]),
    /^3:11 y{77}\.\.\.$/,
  ],
  "long-key": [`${BASE}${"k".repeat(500_000)}: 1\n`, /^12:1 k{77}\.\.\.$/],
  "longish-key": [`${BASE}${"k".repeat(1000)}: 1\n`, /^12:1 an unknown key$/],
  tabs: [
    changed(["  region: us-east-1\n  bucket", "\tregion: us-east-1\n  bucket"]),
    /^3:1 region: us-east-1$/,
  ],
  nul: [changed(["base-logs", "base\0logs"]), /^4:11 base\?logs$/],
  "nul-escaped": [changed(["base-logs", '"base\\0logs"']), /^4:11 "base\\0logs"$/],
  "twice-a-key": [
    `${BASE}deployer: { role: r }\n`,
    /^12:1 a key that the same mapping already has/,
  ],
  "merge-key": [
    `x: &x { role: r }\n${BASE}`.replace("role: deployer", "<<: *x"),
    /^1:1 an unknown key$/,
  ],
  "two-documents": [`${BASE}---\n${BASE}`, /^12:1 ---$/],
  "huge-number": [
    `${BASE}tags: { a: 1e999, b: 99999999999999999999999 }\n`,
    /^12:12 1e999, which YAML reads as a number$/,
  ],
  "huge-days": [
    changed(["base-logs\n", "base-logs\n  retention: { expireDays: 1e400 }\n"]),
    /^5:28 1e400$/,
  ],
  "not-a-number": [
    changed(["base-logs\n", "base-logs\n  retention: { expireDays: .nan }\n"]),
    /^5:28 \.nan$/,
  ],
  octal: [
    changed(['"111111111111"', "012345678901"]),
    /^2:12 012345678901, which YAML reads as a number$/,
  ],
  "circle-of-aliases": [`${BASE}tags: &a { a: *a }\n`, /^12:\d+ /],
  empty: ["", /^1:1 /],
};

const folder = temporaryFolder();

test("each odd file is a sentence with its place, also as JSON, and no stack trace", () => {
  for (const [name, [text]] of Object.entries(FILES)) {
    writeFileSync(join(folder(), `${name}.yaml`), text);
  }
  writeFileSync(join(folder(), "with-a-mark.yaml"), `\ufeff${BASE}`);
  mkdirSync(join(folder(), "folder.yaml"));
  const json = centralTrailOf(folder(), "check", "--json");
  expect({ status: json.status, stderr: json.stderr }).toEqual({ status: 1, stderr: "" });
  const { environments } = JSON.parse(json.stdout) as {
    environments: { name: string; problems: { line?: number; column?: number; found: string }[] }[];
  };
  const first: Readonly<Record<string, string | undefined>> = Object.fromEntries(
    environments.map(({ name, problems: [one] }) => [
      name,
      one && `${one.line ?? "-"}:${one.column ?? "-"} ${one.found}`,
    ]),
  );
  expect(first["with-a-mark"]).toBeUndefined();
  expect(first.folder).toBe("-:- a folder");
  expect(first).toMatchObject(
    Object.fromEntries(
      Object.entries(FILES).map(([name, [, expected]]) => [name, expect.stringMatching(expected)]),
    ),
  );
  const text = centralTrailOf(folder(), "check");
  expect(text.status).toBe(1);
  expect(text.stderr).not.toMatch(/\n\s+at |undefined|\[object/);
  expect(text.stderr).toContain("at least");
});
