import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GUARDS } from "../../review/guards/table";
import { reviewPlans } from "../../review/review";
import { fourAccounts } from "../support/environment";
import { TODAY } from "../support/today";

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "plan-review.md"), "utf8");

/** The cells of the rows that start with code, in the table of this first column. */
function rowsUnder(head: string): string[][] {
  const [, table = ""] = PAGE.split(new RegExp(`^\\| ${head} `, "m"));
  const lines = table.slice(0, table.indexOf("\n\n")).split("\n");
  return lines
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

test("docs/plan-review.md has all guards, in their words", () => {
  expect(rowsUnder("guard").map((cells) => cells.slice(1, 5))).toEqual(
    Object.entries(GUARDS).map(([id, { severity, subject, reason }]) => [
      `\`${id}\``,
      severity,
      subject,
      reason,
    ]),
  );
});

test("docs/plan-review.md has all fields of the JSON", () => {
  const fields = rowsUnder("field").map((cells) => cells[1]);
  const review = reviewPlans({ today: TODAY, environment: fourAccounts(), stacks: [] });
  expect(fields).toEqual(Object.keys(review).map((name) => `\`${name}\``));
});
