import {
  type DeployCall,
  creatingCalls,
  orderProblems,
} from "../../../operations/demo/creation-order";
import { fourAccounts } from "../../support/environment";

const environment = fourAccounts();
const DESTINATION = "111111111111";

/** Calls in the given order: `[account, action]`; CreateTrail makes the environment's trail. */
function calls(...steps: readonly (readonly [string, string, string?])[]): DeployCall[] {
  return steps.map(([accountId, action, errorCode], index) => ({
    seq: index + 1,
    accountId,
    action,
    request: action === "CreateTrail" ? { Name: "central-trail" } : {},
    errorCode,
  }));
}

const destination = [
  [DESTINATION, "CreateBucket"],
  [DESTINATION, "CreateKey"],
  [DESTINATION, "PutBucketPolicy"],
  [DESTINATION, "CreateTrail"],
  [DESTINATION, "StartLogging"],
] as const;
const members = [
  ["222222222222", "CreateTrail"],
  ["333333333333", "CreateTrail"],
  ["444444444444", "CreateTrail"],
] as const;

/** The steps with the one at an index moved to another. */
function moved(from: number, to: number): DeployCall[] {
  const steps = [...destination, ...members];
  steps.splice(to, 0, ...steps.splice(from, 1));
  return calls(...steps);
}

test("AWS's order has no problems", () => {
  expect(orderProblems(calls(...destination, ...members), environment)).toEqual([]);
});

test.each([
  ["bucket policy after the destination's trail", moved(2, 3), "came before the bucket policy"],
  ["key after the destination's trail", moved(1, 3), "came before the key with its policy"],
  [
    "a member before the destination is logging",
    moved(5, 4),
    "The trail of 222222222222 (call 5) came before the start of the destination's logging (call 6).",
  ],
  ["a member before everything", moved(7, 0), "The trail of 444444444444 (call 1) came before"],
])("finds %s", (_, recorded, sentence) => {
  const problems = orderProblems(recorded, environment);
  expect(problems.join("\n")).toContain(sentence);
});

test("a policy that was changed again after the destination's trail is out of order", () => {
  const recorded = calls(...destination, [DESTINATION, "PutBucketPolicy"], ...members);
  expect(orderProblems(recorded, environment)).toEqual([
    "The destination's trail (call 4) came before the bucket policy (call 6).",
  ]);
});

test("what is missing or failed is said, a retiring member's trail is not missed", () => {
  const failed = calls(...destination, members[0], ["333333333333", "CreateTrail", "Refused"]);
  expect(orderProblems(failed, environment)).toEqual([
    "No call made the trail of 333333333333.",
    "No call made the trail of 444444444444.",
  ]);
  const retiring = {
    ...environment,
    members: environment.members.map((member) => ({
      ...member,
      retiring: member.account !== "222222222222",
    })),
  };
  expect(orderProblems(failed, retiring)).toEqual([]);
  expect(orderProblems([], retiring)).toContain("No call made the bucket.");
});

test("only calls that create, and succeeded, are shown", () => {
  const recorded = calls(
    [DESTINATION, "GetBucketPolicy"],
    [DESTINATION, "CreateTrail", "InsufficientS3BucketPolicyException"],
    [DESTINATION, "CreateTrail"],
  );
  expect(creatingCalls(recorded).map(({ seq }) => seq)).toEqual([3]);
});
