import fc from "fast-check";
import { table } from "../../../text/table";
import { painted, print, printJson, say } from "../../../operations/terminal/terminal";

const terminal = { isTTY: true } as NodeJS.WriteStream;

function output(run: () => void): string {
  let text = "";
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, "write").mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
  }
  run();
  jest.restoreAllMocks();
  return text;
}

test.each([
  ["\u0000\u0007\t\r\n", "\\u0000\\u0007\\u0009\\u000d\\u000a"],
  ["\u001b[2J\u001b]0;title\u0007", "\\u001b[2J\\u001b]0;title\\u0007"],
  ["\u007f\u009b31m\u0085", "\\u007f\\u009b31m\\u0085"],
  ["\u2028\u2029", "\\u2028\\u2029"],
  [
    "\u202a\u202e\u2066\u2069\u200e\u200f\u061c",
    "\\u202a\\u202e\\u2066\\u2069\\u200e\\u200f\\u061c",
  ],
  [
    "a\u200b\u200d\u2060\ufeff\u00ad\u034f\u3164",
    "a\\u200b\\u200d\\u2060\\ufeff\\u00ad\\u034f\\u3164",
  ],
  ["\u{e0041}\u{e007f}", "\\udb40\\udc41\\udb40\\udc7f"],
  ["\ud800", "\\ud800"],
  ["::error::x", "\\u003a:error::x"],
  [" \u00a0 ::error::x", " \u00a0 \\u003a:error::x"],
  ["a ##[group]b ##vso[task.x]c", "a \\u0023#[group]b \\u0023#vso[task.x]c"],
  ["s3::x ä 中 😀 #[1] ## a", "s3::x ä 中 😀 #[1] ## a"],
])("text of others is one line of text: %#", (text, shown) => {
  expect(output(() => print(text))).toBe(`${shown}\n`);
  expect(output(() => say(text))).toBe(`${shown}\n`);
});

test("our own styles stay, and what looks like them does not", () => {
  jest.replaceProperty(process, "env", {});
  const line = `${painted("red", "error:", terminal)} \u001b[31mred\u001b[39m`;
  expect(output(() => say(line))).toBe("\u001b[31merror:\u001b[39m \\u001b[31mred\\u001b[39m\n");
});

test("a table is as wide as its text is shown", () => {
  expect(
    table([
      ["a\u001b", "b"],
      ["1234567", "c"],
    ]),
  ).toEqual(["a\\u001b  b", "1234567  c"]);
});

test("any JSON is printed as equal JSON, whose lines are none of a pipeline's commands", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("::a", "##[b]", "##vso[c]", "\u2028::", "\u{e0041}", "\u009b"),
  );
  fc.assert(
    fc.property(fc.object({ key: texts, values: [texts, fc.double()] }), (value) => {
      const text = output(() => printJson(value));
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      for (const line of text.split("\n")) {
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(line).not.toMatch(/^\s*::|##\w*\[/);
      }
    }),
    { numRuns: 30 },
  );
});
