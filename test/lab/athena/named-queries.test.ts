import { isNamedQueryCall, NamedQueries } from "../../../lab/athena/named-queries";

const PLACE = { accountId: "111111111111", region: "us-east-1" };
const QUERY = { Name: "a", Database: "d", QueryString: "SELECT 1", WorkGroup: "w" };

function queries() {
  const store = new NamedQueries();
  const call = (action: string, parameters: object, place = PLACE): object =>
    store.answer({ ...place, action, parameters: { ...parameters } });
  return { call, ...(call("CreateNamedQuery", QUERY) as { NamedQueryId: string }) };
}

test("a saved query is made, read, listed and deleted", () => {
  const { call, NamedQueryId } = queries();
  expect(call("GetNamedQuery", { NamedQueryId })).toEqual({
    NamedQuery: { ...QUERY, NamedQueryId },
  });
  expect(call("ListNamedQueries", { WorkGroup: "w" })).toEqual({ NamedQueryIds: [NamedQueryId] });
  expect(call("ListNamedQueries", {})).toEqual({ NamedQueryIds: [] });
  expect(call("DeleteNamedQuery", { NamedQueryId })).toEqual({});
  expect(call("ListNamedQueries", { WorkGroup: "w" })).toEqual({ NamedQueryIds: [] });
  for (const action of ["GetNamedQuery", "DeleteNamedQuery"]) {
    expect(() => call(action, { NamedQueryId })).toThrow(
      `NamedQuery ${NamedQueryId} does not exist`,
    );
  }
});

test.each([
  ["account", { ...PLACE, accountId: "222222222222" }],
  ["region", { ...PLACE, region: "us-east-2" }],
])("another %s does not see it", (_, place) => {
  const { call, NamedQueryId } = queries();
  expect(() => call("GetNamedQuery", { NamedQueryId }, place)).toThrow("does not exist");
  expect(call("ListNamedQueries", { WorkGroup: "w" }, place)).toEqual({ NamedQueryIds: [] });
});

test("nothing else of Athena is answered here", () => {
  expect(isNamedQueryCall("athena", "DeleteNamedQuery")).toBe(true);
  expect(isNamedQueryCall("athena", "GetWorkGroup")).toBe(false);
  expect(isNamedQueryCall("glue", "DeleteNamedQuery")).toBe(false);
});
