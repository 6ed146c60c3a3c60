import type { PolicyDocument, PrincipalElement } from "../../iam/policy-document";
import type { Principal } from "../../iam/request";
import {
  anonymous,
  aws,
  bucketPolicy,
  BUCKET,
  cloudTrail,
  decide,
  federated,
  OWNER,
  policy,
  read,
  role,
  root,
  session,
  STRANGER,
  user,
} from "./requests";

describe("every form of principal, within the bucket's account and without identity policy", () => {
  const ROOT = `arn:aws:iam::${OWNER}:root`;
  const ROLE = `arn:aws:iam::${OWNER}:role/Reader`;
  const SESSION = `arn:aws:sts::${OWNER}:assumed-role/Reader/s1`;
  const USER = `arn:aws:iam::${OWNER}:user/Bob`;
  test.each<[string, PrincipalElement, Principal, boolean]>([
    ["*", "*", user(OWNER), true],
    ["*", "*", anonymous, true],
    ["*", "*", cloudTrail, true],
    ["AWS *", aws("*"), anonymous, true],
    ["AWS *", aws("*"), cloudTrail, true],
    ["the user", aws(USER), user(OWNER), true],
    ["the user, other case", aws(USER), user(OWNER, "bob"), false],
    ["another user", aws(USER), user(OWNER, "Ann"), false],
    ["a user of the same name elsewhere", aws(USER), user(STRANGER), false],
    ["the role", aws(ROLE), session(OWNER), true],
    ["the role", aws(ROLE), role, true],
    ["the session", aws(SESSION), session(OWNER), true],
    ["another session", aws(SESSION), session(OWNER, "Reader", "s2"), false],
    ["the session", aws(SESSION), role, false],
    ["the federated user", aws(`arn:aws:sts::${OWNER}:federated-user/Ann`), federated, true],
    // The account's root in a Principal means the account: it leaves the say to its identity
    // policies.
    ["the account's ARN", aws(ROOT), user(OWNER), false],
    ["the account's ID", aws(OWNER), session(OWNER), false],
    ["the account's ARN", aws(ROOT), root(OWNER), true],
    ["the account's ID", aws(OWNER), root(OWNER), true],
    ["the service", { Service: "cloudtrail.amazonaws.com" }, cloudTrail, true],
    ["another service", { Service: "config.amazonaws.com" }, cloudTrail, false],
    [
      "the service among others",
      { Service: ["config.amazonaws.com", "cloudtrail.amazonaws.com"], AWS: OWNER },
      cloudTrail,
      true,
    ],
    ["the service", { Service: "cloudtrail.amazonaws.com" }, anonymous, false],
    [
      "a role with a path",
      aws(`arn:aws:iam::${OWNER}:role/a/b/Reader`),
      { kind: "role", accountId: OWNER, arn: `arn:aws:iam::${OWNER}:role/a/b/Reader` },
      true,
    ],
    [
      "an identity of CloudFront",
      aws("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E127EXAMPLE51Z"),
      user(OWNER),
      false,
    ],
    ["a deleted user's ID", aws("AIDACKCEVSQ6C2EXAMPLE"), user(OWNER), false],
    ["an identity provider", { Federated: "accounts.google.com" }, user(OWNER), false],
    [
      "an identity provider",
      { Federated: "accounts.google.com" },
      { kind: "federated", accountId: OWNER, arn: "accounts.google.com" },
      true,
    ],
  ])("the policy names %s (%j), %j asks: %s", (_, element, principal, allowed) => {
    expect(decide({ principal, ...read }, { resourcePolicy: bucketPolicy(element) })).toBe(
      allowed ? "allowed" : "implicitDeny",
    );
  });

  test.each<[string, PrincipalElement, RegExp]>([
    [
      "part of a name as wildcard",
      aws(`arn:aws:iam::${OWNER}:role/*`),
      /may not stand for part of a principal/,
    ],
    ["eleven digits", aws("11111111111"), /neither an account ID of 12 digits/],
    ["a service as *", { Service: "*" }, /is not a service principal/],
    ["a canonical user", { CanonicalUser: "79a59df9" }, /canonical user ID/],
    ["an unknown kind", { Aws: OWNER } as PrincipalElement, /is not a kind of principal/],
    ["an empty list", { AWS: [] }, /at least one/],
    ["an empty object", {}, /names nobody/],
    ["an empty text", "" as PrincipalElement, /"\*" or an object/],
    ["an empty account", aws(""), /neither an account ID of 12 digits/],
    ["an empty service", { Service: "" }, /is not a service principal/],
    ["an empty provider", { Federated: "" }, /is not an identity provider/],
    ["an empty name among others", aws(OWNER, ""), /"" is neither an account ID/],
    ["a role of eleven digits", aws("arn:aws:iam::11111111111:role/x"), /has the account "1111111/],
    ["a role of no account", aws("arn:aws:iam:::role/x"), /has no account ID of 12 digits/],
    ["a role without a name", aws(`arn:aws:iam::${OWNER}:role/`), /names no account's root, user/],
    ["a role in a region", aws(`arn:aws:iam:us-east-1:${OWNER}:role/x`), /principals have none/],
    ["a group", aws(`arn:aws:iam::${OWNER}:group/x`), /names no account's root, user/],
    ["a bucket", aws("arn:aws:s3:::logs"), /names no account's root, user/],
    ["another partition", aws(`arn:amazon:iam::${OWNER}:root`), /has the partition "amazon"/],
    [
      "a session of no role",
      aws(`arn:aws:sts::${OWNER}:assumed-role/x`),
      /names no account's root/,
    ],
    ["no parts", aws("arn:aws:iam"), /lacks parts/],
    ["a text that is not *", "everyone" as PrincipalElement, /"\*" or an object/],
  ])("%s is an error", (_, element, message) => {
    expect(() =>
      decide({ principal: user(OWNER), ...read }, { resourcePolicy: bucketPolicy(element) }),
    ).toThrow(message);
  });
});

describe("NotPrincipal", () => {
  const deny = (NotPrincipal: PrincipalElement): PolicyDocument =>
    policy(
      { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: `${BUCKET}/*` },
      { Effect: "Deny", NotPrincipal, Action: "s3:*", Resource: `${BUCKET}/*` },
    );
  test.each<[string, PrincipalElement, Principal, string]>([
    ["account and user", aws(OWNER, `arn:aws:iam::${OWNER}:user/Bob`), user(OWNER), "allowed"],
    [
      "the user without the account",
      aws(`arn:aws:iam::${OWNER}:user/Bob`),
      user(OWNER),
      "explicitDeny",
    ],
    ["the account without the user", aws(OWNER), user(OWNER), "explicitDeny"],
    ["the account's root", aws(OWNER), root(OWNER), "allowed"],
    [
      "account and role",
      aws(OWNER, `arn:aws:iam::${OWNER}:role/Reader`),
      session(OWNER),
      "allowed",
    ],
    [
      "account and another",
      aws(OWNER, `arn:aws:iam::${OWNER}:user/Ann`),
      user(OWNER),
      "explicitDeny",
    ],
    ["the service", { Service: "cloudtrail.amazonaws.com" }, cloudTrail, "allowed"],
    ["another service", { Service: "config.amazonaws.com" }, cloudTrail, "explicitDeny"],
    ["a user", aws(OWNER, `arn:aws:iam::${OWNER}:user/Bob`), anonymous, "explicitDeny"],
    ["everyone", "*", anonymous, "allowed"],
  ])("NotPrincipal with %s (%j), %j asks: %s", (_, element, principal, decision) => {
    expect(decide({ principal, ...read }, { resourcePolicy: deny(element) })).toBe(decision);
  });

  test("NotPrincipal with Allow is an error", () => {
    const resourcePolicy = policy({
      Effect: "Allow",
      NotPrincipal: "*",
      Action: "s3:*",
      Resource: "*",
    });
    expect(() => decide({ principal: user(OWNER), ...read }, { resourcePolicy })).toThrow(
      /with Effect Deny only/,
    );
  });
});
