import { Parser } from "node-sql-parser/build/athena";
import { savedQueries } from "../../../cloudtrail/table/saved-queries";

const parser = new Parser();

test.each(savedQueries({ database: "d", table: "t", accountIds: ["111111111111"] }))(
  "$name is Athena's SQL",
  ({ sql }) => {
    expect(() => parser.astify(sql)).not.toThrow();
  },
);

test("what is none is refused", () => {
  expect(() => parser.astify("SELECT a, FROM b")).toThrow();
});
