import { evaluate } from "../../iam/evaluate";
import { PolicyError } from "../../iam/policy-error";
import type { PolicyDocument, PrincipalElement, Statement } from "../../iam/policy-document";
import type { Principal } from "../../iam/request";
import {
  ADMIN,
  anonymous,
  aws,
  bucketPolicy,
  BUCKET,
  cloudTrail,
  decide,
  KEY,
  MEMBER,
  OWNER,
  policy,
  read,
  root,
  session,
  STRANGER,
  user,
} from "./requests";

describe("within one account either side is enough", () => {
  test.each<[string, Parameters<typeof decide>[1], string]>([
    ["nothing", {}, "implicitDeny"],
    ["an identity policy", { identityPolicies: [ADMIN] }, "allowed"],
    [
      "the second of two identity policies",
      { identityPolicies: [policy({ Effect: "Allow", Action: "sns:*", Resource: "*" }), ADMIN] },
      "allowed",
    ],
    [
      "the resource policy",
      { resourcePolicy: bucketPolicy(aws(`arn:aws:iam::${OWNER}:user/Bob`)) },
      "allowed",
    ],
    [
      "the resource policy, by account, and an identity policy",
      { resourcePolicy: bucketPolicy(aws(OWNER)), identityPolicies: [ADMIN] },
      "allowed",
    ],
    [
      "a resource policy for others and an identity policy",
      { resourcePolicy: bucketPolicy(aws(MEMBER)), identityPolicies: [ADMIN] },
      "allowed",
    ],
  ])("%s", (_, policies, decision) => {
    expect(decide({ principal: user(OWNER), ...read }, policies)).toBe(decision);
  });

  test("the root user needs nothing, and a Deny of the resource policy stops it", () => {
    expect(decide({ principal: root(OWNER), ...read }, {})).toBe("allowed");
    const resourcePolicy = policy({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: `${BUCKET}/*`,
    });
    expect(decide({ principal: root(OWNER), ...read }, { resourcePolicy })).toBe("explicitDeny");
  });
});

describe("across accounts both sides have to allow", () => {
  const named = bucketPolicy(aws(`arn:aws:iam::${MEMBER}:user/Bob`));
  test.each<[string, Parameters<typeof decide>[1], string]>([
    ["neither", {}, "implicitDeny"],
    ["the identity policy only", { identityPolicies: [ADMIN] }, "implicitDeny"],
    ["the resource policy only", { resourcePolicy: named }, "implicitDeny"],
    ["a * principal only", { resourcePolicy: bucketPolicy("*") }, "implicitDeny"],
    ["both, by user", { resourcePolicy: named, identityPolicies: [ADMIN] }, "allowed"],
    [
      "both, by account",
      { resourcePolicy: bucketPolicy(aws(MEMBER)), identityPolicies: [ADMIN] },
      "allowed",
    ],
    ["both, by *", { resourcePolicy: bucketPolicy("*"), identityPolicies: [ADMIN] }, "allowed"],
    [
      "a resource policy for the owner",
      { resourcePolicy: bucketPolicy(aws(OWNER)), identityPolicies: [ADMIN] },
      "implicitDeny",
    ],
  ])("%s", (_, policies, decision) => {
    expect(decide({ principal: user(MEMBER), ...read }, policies)).toBe(decision);
  });

  test("another account's root user needs the resource policy only", () => {
    expect(decide({ principal: root(MEMBER), ...read }, {})).toBe("implicitDeny");
    expect(
      decide({ principal: root(MEMBER), ...read }, { resourcePolicy: bucketPolicy(aws(MEMBER)) }),
    ).toBe("allowed");
  });

  test("an account of another partition is another account", () => {
    const china: Principal = {
      kind: "user",
      accountId: MEMBER,
      arn: `arn:aws-cn:iam::${MEMBER}:user/Bob`,
    };
    const resourcePolicy = bucketPolicy(aws(`arn:aws:iam::${MEMBER}:root`));
    expect(
      decide({ principal: china, ...read }, { resourcePolicy, identityPolicies: [ADMIN] }),
    ).toBe("implicitDeny");
  });

  // AWS's example of Carlos: the role Demo of 111111111111 and a bucket of 222222222222.
  test("AWS's example", () => {
    const production = "arn:aws:s3:::amzn-s3-demo-bucket-production";
    const demo = session(OWNER, "Demo");
    const identityPolicies = [
      policy(
        { Sid: "AllowS3ListRead", Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" },
        {
          Sid: "AllowS3ProductionObjectActions",
          Effect: "Allow",
          Action: "s3:*Object*",
          Resource: `${production}/*`,
        },
        {
          Sid: "DenyS3Logs",
          Effect: "Deny",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"],
        },
      ),
    ];
    const resourcePolicy = policy({
      Effect: "Allow",
      Action: ["s3:GetObject*", "s3:PutObject*", "s3:ReplicateObject", "s3:RestoreObject"],
      Principal: { AWS: `arn:aws:iam::${OWNER}:role/Demo` },
      Resource: `${production}/*`,
    });
    const put = (resource: string, resourcePolicy?: PolicyDocument) =>
      evaluate(
        { principal: demo, action: "s3:PutObject", resource },
        { resourceAccount: MEMBER, identityPolicies, resourcePolicy },
      );
    expect(put(`${production}-logs/x`)).toMatchObject({
      decision: "explicitDeny",
      decidedBy: { policy: "identity", index: 2, sid: "DenyS3Logs" },
    });
    expect(put(`${production}/x`, resourcePolicy).decision).toBe("allowed");
  });
});

describe("services and anonymous callers", () => {
  test("need the resource policy alone, whoever owns the resource", () => {
    const resourcePolicy = bucketPolicy({ Service: "cloudtrail.amazonaws.com" });
    expect(decide({ principal: cloudTrail, ...read }, { resourcePolicy })).toBe("allowed");
    expect(decide({ principal: cloudTrail, ...read }, {})).toBe("implicitDeny");
    expect(decide({ principal: anonymous, ...read }, { resourcePolicy })).toBe("implicitDeny");
  });
  test.each([cloudTrail, anonymous])("have no identity policies: %j", (principal) => {
    expect(() => decide({ principal, ...read }, { identityPolicies: [ADMIN] })).toThrow(
      /cannot have any/,
    );
  });
});

describe("KMS: no access without the key policy", () => {
  const decrypt = { action: "kms:Decrypt", resource: KEY };
  const keyPolicy = (Principal: PrincipalElement, Condition?: Statement["Condition"]) =>
    policy({
      Effect: "Allow",
      Principal,
      Action: "kms:*",
      Resource: "*",
      ...(Condition ? { Condition } : {}),
    });
  const rootStatement = keyPolicy(aws(`arn:aws:iam::${OWNER}:root`));
  const bob = aws(`arn:aws:iam::${OWNER}:user/Bob`);
  test.each<[string, Principal, Parameters<typeof decide>[1], string]>([
    ["an identity policy alone", user(OWNER), { identityPolicies: [ADMIN] }, "implicitDeny"],
    [
      "an identity policy and a key policy for another",
      user(OWNER, "Ann"),
      { resourcePolicy: keyPolicy(bob), identityPolicies: [ADMIN] },
      "implicitDeny",
    ],
    ["the key policy alone, by name", user(OWNER), { resourcePolicy: keyPolicy(bob) }, "allowed"],
    ["the root statement alone", user(OWNER), { resourcePolicy: rootStatement }, "implicitDeny"],
    [
      "the root statement and an identity policy",
      user(OWNER),
      { resourcePolicy: rootStatement, identityPolicies: [ADMIN] },
      "allowed",
    ],
    ["the root user without key policy", root(OWNER), {}, "implicitDeny"],
    [
      "the root user with a key policy for another",
      root(OWNER),
      { resourcePolicy: keyPolicy(bob) },
      "implicitDeny",
    ],
    [
      "the root user with the root statement",
      root(OWNER),
      { resourcePolicy: rootStatement },
      "allowed",
    ],
    [
      "another account, identity policy only",
      user(MEMBER),
      { resourcePolicy: rootStatement, identityPolicies: [ADMIN] },
      "implicitDeny",
    ],
    [
      "another account, key policy only",
      user(MEMBER),
      { resourcePolicy: keyPolicy(aws(MEMBER)) },
      "implicitDeny",
    ],
    [
      "another account, both",
      user(MEMBER),
      { resourcePolicy: keyPolicy(aws(MEMBER)), identityPolicies: [ADMIN] },
      "allowed",
    ],
  ])("%s", (_, principal, policies, decision) => {
    expect(decide({ principal, ...decrypt }, { resourceType: "kms-key", ...policies })).toBe(
      decision,
    );
  });

  test("an identity policy may deny without the key policy's permission", () => {
    const identityPolicies = [policy({ Effect: "Deny", Action: "kms:*", Resource: "*" })];
    expect(
      decide(
        { principal: user(OWNER), ...decrypt },
        { resourceType: "kms-key", resourcePolicy: keyPolicy(bob), identityPolicies },
      ),
    ).toBe("explicitDeny");
  });

  test("kms:CallerAccount follows from the principal", () => {
    const resourcePolicy = keyPolicy(aws("*"), { StringEquals: { "kms:CallerAccount": OWNER } });
    expect(
      decide({ principal: user(OWNER), ...decrypt }, { resourceType: "kms-key", resourcePolicy }),
    ).toBe("allowed");
    expect(
      decide(
        { principal: user(MEMBER), ...decrypt },
        { resourceType: "kms-key", resourcePolicy, identityPolicies: [ADMIN] },
      ),
    ).toBe("implicitDeny");
  });
});

describe("role trust policies", () => {
  const trust = policy({
    Effect: "Allow",
    Principal: { AWS: MEMBER },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": "secret" } },
  });
  const assume = (accountId: string, externalId: string, resourcePolicy = trust) =>
    decide(
      {
        principal: user(accountId),
        action: "sts:AssumeRole",
        resource: `arn:aws:iam::${OWNER}:role/deployer`,
        context: { "sts:ExternalId": externalId },
      },
      { resourcePolicy, resourceType: "iam-role", identityPolicies: [ADMIN] },
    );
  test("need the trust policy, its conditions, and no Resource", () => {
    expect(assume(MEMBER, "secret")).toBe("allowed");
    expect(assume(MEMBER, "guess")).toBe("implicitDeny");
    expect(assume(STRANGER, "secret")).toBe("implicitDeny");
    expect(assume(OWNER, "secret")).toBe("implicitDeny");
    expect(() =>
      assume(MEMBER, "secret", policy({ ...trust.Statement[0], Effect: "Allow", Resource: "*" })),
    ).toThrow(/not allowed in a role's trust policy/);
  });
});

describe("NotAction and NotResource", () => {
  const identity = (statement: Omit<Statement, "Effect">) =>
    decide(
      { principal: user(OWNER), ...read },
      { identityPolicies: [policy({ Effect: "Allow", ...statement })] },
    );
  test.each<[string, Omit<Statement, "Effect">, string]>([
    [
      "NotAction with the action",
      { NotAction: ["iam:*", "s3:Get*"], Resource: "*" },
      "implicitDeny",
    ],
    ["NotAction with others", { NotAction: ["iam:*", "s3:Put*"], Resource: "*" }, "allowed"],
    [
      "NotResource with the resource",
      { Action: "*", NotResource: [`${BUCKET}/*`] },
      "implicitDeny",
    ],
    ["NotResource with others", { Action: "*", NotResource: [BUCKET] }, "allowed"],
  ])("%s", (_, statement, decision) => {
    expect(identity(statement)).toBe(decision);
  });
});

describe("an explicit deny wins", () => {
  const allow: Statement = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
  const denied: Statement = { Effect: "Deny", Principal: "*", Action: "s3:Get*", Resource: "*" };
  test.each([
    ["after the Allow", { resourcePolicy: policy(allow, denied) }],
    ["before the Allow", { resourcePolicy: policy(denied, allow) }],
    [
      "in an identity policy",
      {
        resourcePolicy: policy(allow),
        identityPolicies: [policy({ Effect: "Deny", Action: "s3:GetObject", Resource: "*" })],
      },
    ],
    ["by account", { resourcePolicy: policy(allow, { ...denied, Principal: { AWS: OWNER } }) }],
  ])("%s", (_, policies) => {
    expect(decide({ principal: user(OWNER), ...read }, policies)).toBe("explicitDeny");
    expect(
      decide({ principal: user(OWNER), action: "s3:PutObject", resource: BUCKET }, policies),
    ).toBe("allowed");
  });
});

test("a Deny for an account is for all of it, and leaves nothing to identity policies", () => {
  const { explanation } = evaluate(
    { principal: user(OWNER), ...read },
    {
      resourceAccount: OWNER,
      resourcePolicy: policy({
        Effect: "Deny",
        Principal: { AWS: OWNER },
        Action: "s3:*",
        Resource: "*",
      }),
    },
  );
  expect(explanation).toMatchObject([{ matched: true, reason: "matches" }]);
});

describe("the explanation", () => {
  const resourcePolicy = policy(
    {
      Sid: "Other",
      Effect: "Allow",
      Principal: { AWS: MEMBER },
      Action: "s3:GetObject",
      Resource: "*",
    },
    { Sid: "Put", Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: "*" },
    {
      Sid: "Elsewhere",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `${BUCKET}/other`,
    },
    {
      Sid: "Tls",
      Effect: "Deny",
      Principal: "*",
      Action: "*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${OWNER}:user/Bob` },
      Action: "s3:GetObject",
      Resource: "*",
    },
  );
  test("says of each statement whether it matched, and of each other one why not", () => {
    const decision = evaluate(
      { principal: user(OWNER), ...read },
      { resourceAccount: OWNER, resourcePolicy },
    );
    expect(decision.decision).toBe("allowed");
    expect(decision.decidedBy).toEqual({ policy: "resource", policyIndex: 0, index: 4 });
    expect(
      decision.explanation.map(({ statement: { sid }, effect, matched, reason }) => [
        sid,
        effect,
        matched,
        reason,
      ]),
    ).toEqual([
      [
        "Other",
        "Allow",
        false,
        `Principal does not name arn:aws:iam::${OWNER}:user/Bob; the policy has "${MEMBER}"`,
      ],
      ["Put", "Allow", false, 'Action "s3:PutObject" does not cover s3:GetObject'],
      ["Elsewhere", "Allow", false, `Resource "${BUCKET}/other" does not cover ${BUCKET}/key`],
      [
        "Tls",
        "Deny",
        false,
        'Condition Bool of aws:SecureTransport: the request does not have this key; the policy has "false"',
      ],
      [undefined, "Allow", true, "matches"],
    ]);
  });
  test("identity policies follow, each with its number", () => {
    const decision = evaluate(
      { principal: user(OWNER), ...read },
      {
        resourceAccount: OWNER,
        identityPolicies: [policy({ Effect: "Allow", Action: "sns:*", Resource: "*" }), ADMIN],
      },
    );
    expect(decision.decidedBy).toEqual({ policy: "identity", policyIndex: 1, index: 0 });
  });
});

describe("requests that cannot be evaluated", () => {
  test.each([
    ["an action with a wildcard", { principal: user(OWNER), action: "s3:*", resource: BUCKET }, {}],
    [
      "an account of eleven digits",
      { principal: user("11111111111"), action: "s3:GetObject", resource: BUCKET },
      {},
    ],
    [
      "a resource's account of eleven digits",
      { principal: user(OWNER), action: "s3:GetObject", resource: BUCKET },
      { resourceAccount: "11111111111" },
    ],
  ])("%s", (_, request, policies) => {
    expect(() => decide(request, policies)).toThrow(PolicyError);
  });
});
