import type { Destination } from "../../../envs/types";
import {
  changingPolicies,
  type Deed,
  deleting,
  forging,
  PolicedResources,
  reading,
} from "../../../operations/explain/requests";
import { type AccessAnswer, whoCan } from "../../../operations/explain/who";
import { fourAccounts } from "../../support/environment";
import { trailOf } from "../../support/trails";

const OWNER = "any principal of 111111111111";
const ROOT = "the root user of 111111111111";
const MEMBERS = "any principal of the member accounts 222222222222, 333333333333, 444444444444";
const STRANGERS = "any principal of any other account";
const ANYONE = "anyone without credentials";
const DEPLOYER = "arn:aws:iam::111111111111:role/central-trail-deployer with no more than";
const BREAK_GLASS = "arn:aws:iam::111111111111:role/break-glass";

function resourcesWith(change: Partial<Destination> = {}, throwaway = false): PolicedResources {
  const environment = fourAccounts({ throwaway });
  return new PolicedResources({
    ...environment,
    destination: { ...environment.destination, ...change },
  });
}

function answersOf(resources: PolicedResources, deed: Deed): readonly AccessAnswer[] {
  return whoCan(resources)(deed).answers;
}

function answerOf(resources: PolicedResources, deed: Deed, who: string): AccessAnswer {
  const found = answersOf(resources, deed).filter((answer) => answer.who.startsWith(who));
  expect(found.map((answer) => answer.who)).toHaveLength(1);
  return found[0]!;
}

function deed(deeds: readonly Deed[], action: string): Deed {
  return deeds.find(({ operations }) => operations[0]!.action === action)!;
}

const read = (resources: PolicedResources, account = "222222222222"): Deed =>
  reading(resources, trailOf(account));

test("nobody is left out, and what depends on unseen identity policies says so", () => {
  const resources = resourcesWith();
  const answers = answersOf(resources, read(resources));
  expect(answers.map(({ who, verdict }) => [who.replace(/ with no more.*/, ""), verdict])).toEqual([
    [ROOT, "yes"],
    ["arn:aws:iam::111111111111:role/central-trail-deployer", "no"],
    [OWNER, "with-identity-policy"],
    [MEMBERS, "no"],
    [STRANGERS, "no"],
    [ANYONE, "no"],
  ]);
  const { restsOn, unlessDeniedBy } = answerOf(resources, read(resources), OWNER);
  expect(restsOn).toEqual([
    expect.stringMatching(/^s3:GetObject: given such a policy: /),
    expect.stringMatching(/^kms:Decrypt: given such a policy: /),
  ]);
  expect(unlessDeniedBy).toEqual([
    expect.stringMatching(/^bucket policy, statement 3 \(DenyInsecureTransport\): here .*"true"/),
  ]);
});

test("the deployer's role is judged by the policy that is printed for it", () => {
  const answer = (resources: PolicedResources, one: Deed): string =>
    answerOf(resources, one, DEPLOYER).verdict;
  const lasting = resourcesWith();
  const throwaway = resourcesWith({}, true);
  expect(answer(lasting, deed(changingPolicies(lasting), "s3:PutBucketPolicy"))).toBe("yes");
  expect(answer(lasting, deed(changingPolicies(lasting), "kms:PutKeyPolicy"))).toBe("yes");
  expect(answer(lasting, deed(changingPolicies(lasting), "kms:CreateGrant"))).toBe("no");
  for (const action of ["s3:DeleteObjectVersion", "kms:ScheduleKeyDeletion"]) {
    expect(answer(lasting, deed(deleting(lasting), action))).toBe("no");
    expect(answer(throwaway, deed(deleting(throwaway), action))).toBe("yes");
  }
  expect(answer(lasting, forging(lasting))).toBe("no");
});

test("a reader reads its accounts' logs, in its own account's terms", () => {
  const inside = "arn:aws:iam::111111111111:role/auditor";
  const outside = "arn:aws:iam::222222222222:role/auditor";
  const resources = resourcesWith({
    readers: [{ name: "audit", principals: [inside, outside], accounts: ["222222222222"] }],
  });
  const verdicts = (account: string): string[] =>
    [inside, outside].map((who) => answerOf(resources, read(resources, account), who).verdict);
  expect(verdicts("222222222222")).toEqual(["yes", "with-identity-policy"]);
  // Within the bucket's account an identity policy may give more than the reader's statements do.
  expect(verdicts("333333333333")).toEqual(["with-identity-policy", "no"]);
  expect(answerOf(resources, read(resources), inside).restsOn).toEqual([
    expect.stringContaining("bucket policy, statement"),
    expect.stringContaining("key policy, statement"),
  ]);
});

test("denies bind everyone but those whom they spare, who are named", () => {
  const resources = resourcesWith({
    hardening: {
      denyOtherEncryption: false,
      denyLogDeletion: true,
      denyPolicyChange: true,
      readersOnly: true,
      breakGlassRoleArn: BREAK_GLASS,
    },
  });
  const deletion = deed(deleting(resources), "s3:DeleteObjectVersion");
  const policyChange = deed(changingPolicies(resources), "s3:PutBucketPolicy");
  for (const each of [deletion, policyChange, read(resources)]) {
    expect(answerOf(resources, each, OWNER)).toMatchObject({
      verdict: "no",
      restsOn: expect.arrayContaining([expect.stringContaining("Deny wins")]) as string[],
    });
    expect(answerOf(resources, each, ROOT).verdict).toBe("no");
    const spared = answerOf(resources, each, BREAK_GLASS);
    expect(spared.verdict).toBe("with-identity-policy");
    expect(spared.unlessDeniedBy).toEqual([expect.stringContaining("DenyInsecureTransport")]);
  }
  expect(answerOf(resources, policyChange, DEPLOYER).verdict).toBe("yes");
  expect(answerOf(resources, deletion, DEPLOYER).verdict).toBe("no");
});

test("an existing key's policy is not ours: it is said to decide, where ours do not", () => {
  const keyArn = "arn:aws:kms:us-east-1:111111111111:key/existing";
  const resources = resourcesWith({
    encryption: { type: "sse-kms-existing", keyArn, bucketKey: false },
  });
  const verdict = (who: string): string => answerOf(resources, read(resources), who).verdict;
  expect([ROOT, OWNER].map(verdict)).toEqual(Array(2).fill("up-to-the-key-policy"));
  expect([MEMBERS, STRANGERS, ANYONE].map(verdict)).toEqual(Array(3).fill("no"));
  expect(answerOf(resources, read(resources), OWNER).restsOn).toContain(
    `kms:Decrypt: up to the policy of ${keyArn}, which is not ours`,
  );
});

test("with SSE-S3 there is no key to lose or to ask", () => {
  const resources = resourcesWith({ encryption: { type: "sse-s3" } });
  const actions = [...deleting(resources), ...changingPolicies(resources), read(resources)].flatMap(
    ({ operations }) => operations.map(({ action }) => action),
  );
  expect(actions.filter((action) => action.startsWith("kms:"))).toEqual([]);
  expect(answerOf(resources, read(resources), OWNER).verdict).toBe("with-identity-policy");
});
