import { type CdktfLine, CdktfOutput } from "../../operations/cdktf-output";

/** As cdktf-cli 0.21 prints it, colours and all. */
const PRINTED = [
  "x-a  \u001b[0m\u001b[1mInitializing the backend...\u001b[0m",
  "x-a  terraform_data.r (r): Creating...",
  "     terraform_data.r (r): Creation complete after 0s",
  "",
  "     \u001b[32mApply complete! Resources: 1 added, 0 changed, 0 destroyed.\u001b[0m",
  "x-ab  data.terraform_remote_state.cross-stack-reference-input-x-a: Reading...",
  "",
  "      ╷",
  "      │ Error: Unable to find remote state",
  "      │ ",
  "      │   with data.terraform_remote_state.cross-stack-reference-input-x-a,",
  "      ╵",
  "",
  "1 Stack deploying     1 Stack done     0 Stacks waiting",
].join("\n");

function read(pieces: readonly string[]): { output: CdktfOutput; lines: CdktfLine[] } {
  const lines: CdktfLine[] = [];
  const output = new CdktfOutput(["x-a", "x-ab", "x-c"], (line) => lines.push(line));
  pieces.forEach((piece) => output.write(piece));
  output.end();
  return { output, lines };
}

test("each line goes to its stack, without colours and indentation", () => {
  const { lines } = read([PRINTED]);
  expect(lines).toContainEqual({ stack: "x-a", text: "Initializing the backend..." });
  expect(lines).toContainEqual({
    stack: "x-a",
    text: "terraform_data.r (r): Creation complete after 0s",
  });
  expect(lines).toContainEqual({ stack: "x-ab", text: "│ Error: Unable to find remote state" });
  expect(lines.at(-1)).toEqual({ text: "1 Stack deploying     1 Stack done     0 Stacks waiting" });
});

test("what became of each stack", () => {
  const { output } = read([PRINTED]);
  expect(output.report("x-a")).toEqual({ complete: true, error: "" });
  expect(output.report("x-ab")).toEqual({
    complete: false,
    error: `Error: Unable to find remote state

  with data.terraform_remote_state.cross-stack-reference-input-x-a,`,
  });
  expect(output.report("x-c")).toEqual({ complete: false, error: "" });
});

test("however the output is cut", () => {
  expect(read([...PRINTED]).lines).toEqual(read([PRINTED]).lines);
});
