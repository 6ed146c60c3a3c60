import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GUARDS } from "../../../operations/review/guards/table";
import { reviewPlans } from "../../../operations/review/review";
import { fourAccounts } from "../../support/environment";

const PAGE = readFileSync(join(__dirname, "..", "..", "..", "docs", "plan-review.md"), "utf8");
const rows = PAGE.split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("docs/plan-review.md has all guards, in their words", () => {
  const guards = rows.filter((cells) => cells.length === 6).map((cells) => cells.slice(1, 5));
  expect(guards).toEqual(
    Object.entries(GUARDS).map(([id, { severity, subject, reason }]) => [
      ...[`\`${id}\``, severity, subject],
      reason,
    ]),
  );
});

test("docs/plan-review.md has all fields of the JSON", () => {
  const fields = rows.filter((cells) => cells.length === 4).map((cells) => cells[1]);
  const review = reviewPlans({ environment: fourAccounts(), stacks: [] });
  expect(fields).toEqual(Object.keys(review).map((name) => `\`${name}\``));
});
