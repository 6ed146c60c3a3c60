import type { Principal } from "../../iam/request";
import {
  anonymous,
  cloudTrail,
  conditionHolds,
  decide,
  federated,
  MEMBER,
  OWNER,
  policy,
  read,
  role,
  root,
  session,
  user,
} from "./requests";

describe("keys that follow from the principal", () => {
  const holds = (principal: Principal, key: string, value: string) =>
    decide(
      { principal, ...read },
      {
        resourcePolicy: policy({
          Effect: "Deny",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: { StringEquals: { [key]: value } },
        }),
      },
    ) === "explicitDeny";
  const has = (principal: Principal, key: string) =>
    decide(
      { principal, ...read },
      {
        resourcePolicy: policy({
          Effect: "Deny",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: { Null: { [key]: "false" } },
        }),
      },
    ) === "explicitDeny";
  test.each<[Principal, string, string]>([
    [user(OWNER), "aws:PrincipalArn", `arn:aws:iam::${OWNER}:user/Bob`],
    [session(OWNER), "aws:PrincipalArn", `arn:aws:iam::${OWNER}:role/Reader`],
    [root(OWNER), "aws:PrincipalArn", `arn:aws:iam::${OWNER}:root`],
    [user(MEMBER), "aws:PrincipalAccount", MEMBER],
    [anonymous, "aws:PrincipalAccount", "anonymous"],
    [user(OWNER), "aws:PrincipalIsAWSService", "false"],
    [cloudTrail, "aws:PrincipalIsAWSService", "true"],
    [cloudTrail, "aws:PrincipalServiceName", "cloudtrail.amazonaws.com"],
    [user(OWNER), "aws:PrincipalType", "User"],
    [session(OWNER), "aws:PrincipalType", "AssumedRole"],
    [role, "aws:PrincipalType", "AssumedRole"],
    [root(OWNER), "aws:PrincipalType", "Account"],
    [federated, "aws:PrincipalType", "FederatedUser"],
    [anonymous, "aws:PrincipalType", "Anonymous"],
    [user(OWNER), "aws:username", "Bob"],
    [user(MEMBER), "aws:ResourceAccount", OWNER],
  ])("%j has %s = %s", (principal, key, value) => {
    expect(holds(principal, key, value)).toBe(true);
  });
  test.each<[Principal, string]>([
    [anonymous, "aws:PrincipalArn"],
    [anonymous, "aws:PrincipalIsAWSService"],
    [cloudTrail, "aws:PrincipalArn"],
    [cloudTrail, "aws:PrincipalAccount"],
    [session(OWNER), "aws:username"],
    [user(OWNER), "aws:userid"],
    [user(OWNER), "kms:CallerAccount"],
  ])("%j has no %s", (principal, key) => {
    expect(has(principal, key)).toBe(false);
  });
  test("a given key wins", () => {
    expect(
      conditionHolds({ StringEquals: { "aws:PrincipalArn": "x" } }, { "AWS:principalARN": "x" }),
    ).toBe(true);
  });
});
