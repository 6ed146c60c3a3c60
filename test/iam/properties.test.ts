import fc from "fast-check";
import { evaluate, type Policies } from "../../iam/evaluate";
import type { PolicyDocument, Statement } from "../../iam/policy-document";
import type { AccessRequest } from "../../iam/request";
import {
  anonymous,
  BUCKET,
  cloudTrail,
  MEMBER,
  OWNER,
  policy,
  root,
  session,
  STRANGER,
  trail,
  user,
} from "./requests";

/** Small alphabets, so that statements and requests meet often. */
const accounts = [OWNER, MEMBER, STRANGER];
const sourceArns = accounts.map((account) => trail(account));
const oneOrSeveral = <T>(...values: T[]) =>
  fc.oneof(
    fc.constantFrom(...values),
    fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
  );

const condition = fc.oneof(
  fc.constant(undefined),
  fc.record({ StringEquals: fc.record({ "aws:SourceArn": oneOrSeveral(...sourceArns) }) }),
  fc.record({
    ArnNotLike: fc.record({
      "aws:SourceArn": oneOrSeveral("arn:aws:cloudtrail:*:*:trail/*", sourceArns[0] as string),
    }),
  }),
  fc.record({
    StringLike: fc.record({
      "aws:PrincipalAccount": oneOrSeveral("1*", "2*", "${aws:SourceAccount}"),
    }),
  }),
  fc.record({
    BoolIfExists: fc.record({ "aws:SecureTransport": fc.constantFrom("true", "false") }),
  }),
  fc.record({ Null: fc.record({ "aws:SourceAccount": fc.constantFrom("true", "false") }) }),
  fc.record({ "ForAnyValue:StringEquals": fc.record({ "aws:TagKeys": oneOrSeveral("a", "b") }) }),
);
const what = fc.record({
  Effect: fc.constantFrom("Allow" as const, "Allow" as const, "Deny" as const),
  action: fc.record({
    name: fc.constantFrom("Action", "Action", "NotAction"),
    value: oneOrSeveral("*", "s3:*", "s3:Get*", "s3:PutObject"),
  }),
  resource: fc.record({
    name: fc.constantFrom("Resource", "Resource", "NotResource"),
    value: oneOrSeveral("*", BUCKET, `${BUCKET}/*`, `${BUCKET}/AWSLogs/\${aws:SourceAccount}/*`),
  }),
  condition,
});
const principal = fc.oneof(
  fc.constant("*" as const),
  fc.record({
    AWS: oneOrSeveral(
      "*",
      OWNER,
      MEMBER,
      `arn:aws:iam::${OWNER}:user/Bob`,
      `arn:aws:iam::${MEMBER}:role/Reader`,
    ),
  }),
  fc.record({ Service: oneOrSeveral("cloudtrail.amazonaws.com", "config.amazonaws.com") }),
);
const identityStatement = what.map(
  ({ Effect, action, resource, condition: Condition }): Statement => ({
    Effect,
    [action.name]: action.value,
    [resource.name]: resource.value,
    ...(Condition ? { Condition } : {}),
  }),
);
const resourceStatement = fc
  .tuple(identityStatement, principal, fc.boolean())
  .map(([statement, element, not]): Statement => ({
    ...statement,
    [not && statement.Effect === "Deny" ? "NotPrincipal" : "Principal"]: element,
  }));

const context = fc.record(
  {
    "aws:SourceArn": fc.constantFrom(...sourceArns),
    "aws:SourceAccount": fc.constantFrom(...accounts),
    "aws:SecureTransport": fc.constantFrom("true", "false"),
    "aws:TagKeys": fc.subarray(["a", "b", "c"]),
  },
  { requiredKeys: [] },
);
const request: fc.Arbitrary<AccessRequest> = fc.record({
  principal: fc.constantFrom(
    cloudTrail,
    anonymous,
    ...accounts.flatMap((account) => [user(account), session(account), root(account)]),
  ),
  action: fc.constantFrom("s3:GetObject", "s3:PutObject", "s3:GetBucketAcl"),
  resource: fc.constantFrom(BUCKET, ...accounts.map((account) => `${BUCKET}/AWSLogs/${account}/x`)),
  context,
});
interface Case {
  readonly request: AccessRequest;
  readonly resource: readonly Statement[];
  readonly identity: readonly Statement[];
  readonly type: Policies["resourceType"];
}
const cases: fc.Arbitrary<Case> = fc.record({
  request,
  resource: fc.array(resourceStatement, { maxLength: 5 }),
  identity: fc.array(identityStatement, { maxLength: 4 }),
  type: fc.constantFrom("kms-key" as const, "other" as const),
});

const documentOf = (statements: readonly Statement[]): PolicyDocument | undefined =>
  statements.length === 0 ? undefined : policy(...statements);
function run({ request: asked, resource, identity, type }: Case) {
  const identityPolicy = "accountId" in asked.principal ? documentOf(identity) : undefined;
  return evaluate(asked, {
    resourceAccount: OWNER,
    resourceType: type,
    resourcePolicy: documentOf(resource),
    identityPolicies: identityPolicy ? [identityPolicy] : [],
  });
}
const runs = { numRuns: 300 };

test("the cases reach every decision", () => {
  const seen = new Set(fc.sample(cases, { numRuns: 500, seed: 1 }).map((one) => run(one).decision));
  expect([...seen].sort()).toEqual(["allowed", "explicitDeny", "implicitDeny"]);
});

test("a matching Deny wins, wherever it stands", () => {
  const deny: Statement = { Effect: "Deny", Principal: "*", Action: "*", Resource: "*" };
  fc.assert(
    fc.property(cases, fc.nat(), (one, at) => {
      const index = at % (one.resource.length + 1);
      const resource = [...one.resource.slice(0, index), deny, ...one.resource.slice(index)];
      expect(run({ ...one, resource }).decision).toBe("explicitDeny");
    }),
    runs,
  );
});

test("the decision is explicitDeny exactly where a Deny statement matches", () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { decision, explanation } = run(one);
      const denied = explanation.some(({ effect, matched }) => effect === "Deny" && matched);
      expect(decision === "explicitDeny").toBe(denied);
    }),
    runs,
  );
});

test("the order of statements does not change the decision", () => {
  const shuffled = cases.chain((one) =>
    fc.record({
      one: fc.constant(one),
      resource: fc.shuffledSubarray([...one.resource], { minLength: one.resource.length }),
      identity: fc.shuffledSubarray([...one.identity], { minLength: one.identity.length }),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ one, resource, identity }) => {
      expect(run({ ...one, resource, identity }).decision).toBe(run(one).decision);
    }),
    runs,
  );
});

test("one more Allow statement never takes access away", () => {
  const allow = (statement: Statement): Statement => {
    const { NotPrincipal, ...rest } = statement;
    return { ...rest, ...(NotPrincipal ? { Principal: NotPrincipal } : {}), Effect: "Allow" };
  };
  fc.assert(
    fc.property(cases, resourceStatement, identityStatement, (one, more, mine) => {
      const before = run(one).decision;
      const after = run({
        ...one,
        resource: [...one.resource, allow(more)],
        identity: [...one.identity, allow(mine)],
      }).decision;
      if (before !== "implicitDeny") expect(after).toBe(before);
      else expect(after).not.toBe("explicitDeny");
    }),
    runs,
  );
});

test("one more Deny statement never gives access", () => {
  fc.assert(
    fc.property(cases, resourceStatement, (one, more) => {
      if (run(one).decision === "allowed") return;
      expect(
        run({
          ...one,
          resource: [
            ...one.resource,
            { ...more, Effect: more.Effect === "Allow" ? "Deny" : more.Effect },
          ],
        }).decision,
      ).not.toBe("allowed");
    }),
    runs,
  );
});

test("evaluation changes neither request nor documents, and gives the same answer again", () => {
  const freeze = <T>(value: T): T => {
    if (typeof value === "object" && value !== null)
      Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  fc.assert(
    fc.property(cases, (one) => {
      const before = JSON.stringify(one);
      const first = run(freeze(one));
      expect(run(one)).toEqual(first);
      expect(JSON.stringify(one)).toBe(before);
    }),
    runs,
  );
});

test("an allowed request has a statement that allows it, or a root user", () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { decision, decidedBy, explanation } = run(one);
      if (decision !== "allowed") return;
      const decisive = explanation.find(({ statement }) => statement === decidedBy);
      if (decisive) expect([decisive.effect, decisive.matched]).toEqual(["Allow", true]);
      else expect(one.request.principal.kind).toBe("root");
    }),
    runs,
  );
});
