import type { Hardening } from "../../../policies/hardening/hardening-options";
import {
  hardeningProblems,
  type HardeningCheck,
} from "../../../policies/hardening/hardening-problems";
import { logBucketPolicy } from "../../../policies/documents/log-bucket-policy";
import type { LogReader } from "../../../policies/readers/readers";
import {
  BREAK_GLASS,
  DEPLOYER,
  HARDENING,
  KEY,
  MEMBER,
  OWNER,
  READERS,
  trails,
} from "../spec/world";

function problems(
  hardening: Hardening,
  more: Partial<HardeningCheck> & { readonly readers?: readonly LogReader[] } = {},
): string[] {
  const { readers = [], ...rest } = more;
  return hardeningProblems({
    bucket: { partition: "aws", bucketName: "logs", trails, kmsKeyArn: KEY, readers, hardening },
    key: { partition: "aws", accountId: OWNER, trails, readers, hardening },
    accountId: OWNER,
    ...rest,
  });
}

test("all denies together let the deployer do all that a deploy takes", () => {
  expect(problems(HARDENING, { readers: READERS })).toEqual([]);
  expect(problems({})).toEqual([]);
  expect(problems({ denyOtherEncryption: true })).toEqual([]);
});

test("a deny without the role that it spares is refused, and so is its document", () => {
  const bare = { ...HARDENING, breakGlassRoleArn: undefined, deployerRoleArn: undefined };
  expect(problems(bare)).toEqual([
    "Hardening: denyLogDeletion and denyPolicyChange and readersOnly need breakGlassRoleArn, the role that they spare; give its ARN.",
    "Hardening: denyPolicyChange and readersOnly need deployerRoleArn, the role that they spare; give its ARN.",
  ]);
  expect(problems({ denyLogDeletion: true })).toEqual([
    "Hardening: denyLogDeletion needs breakGlassRoleArn, the role that it spares; give its ARN.",
  ]);
  expect(() =>
    logBucketPolicy({
      partition: "aws",
      bucketName: "logs",
      trails,
      hardening: { denyPolicyChange: true, breakGlassRoleArn: BREAK_GLASS },
    }),
  ).toThrow("The hardening spares a role whose ARN is missing: give deployerRoleArn.");
});

test("roles have to be roles of the destination", () => {
  const found = problems({
    ...HARDENING,
    breakGlassRoleArn: `arn:aws:iam::${MEMBER}:role/break-glass`,
    deployerRoleArn: "deployer",
  });
  expect(found).toHaveLength(2);
  expect(found[0]).toContain(
    `breakGlassRoleArn arn:aws:iam::${MEMBER}:role/break-glass is of another account than the destination ${OWNER}`,
  );
  expect(found[1]).toContain('deployerRoleArn "deployer" is not an ARN');
});

test("the deployer is never spared from the deny of deletion", () => {
  expect(problems({ ...HARDENING, breakGlassRoleArn: DEPLOYER })).toEqual([
    expect.stringContaining("is both the break-glass role and the deployer"),
  ]);
});

test("a reader that is the deployer or the break-glass role would be held to its accounts", () => {
  const found = problems(HARDENING, {
    readers: [{ name: "ops", principals: [DEPLOYER, BREAK_GLASS], accounts: [MEMBER] }],
  });
  expect(found).toEqual([
    expect.stringContaining(
      `breakGlassRoleArn ${BREAK_GLASS} is a principal of the reader ops too`,
    ),
    expect.stringContaining(`deployerRoleArn ${DEPLOYER} is a principal of the reader ops too`),
  ]);
});

test("the role for plans may be a reader of all logs, and of no less", () => {
  const planRoleArn = `arn:aws:iam::${OWNER}:role/planner`;
  const reading = (accounts: LogReader["accounts"]): string[] =>
    problems(
      { ...HARDENING, planRoleArn },
      { readers: [{ name: "ops", principals: [planRoleArn], accounts }] },
    );
  expect(reading("all")).toEqual([]);
  expect(reading([MEMBER])).toEqual([
    expect.stringContaining(`planRoleArn ${planRoleArn} is a principal of the reader ops too`),
  ]);
  expect(problems({ ...HARDENING, planRoleArn: "planner" })).toEqual([
    expect.stringContaining('planRoleArn "planner" is not an ARN'),
  ]);
});

test("a throwaway destination could not be destroyed: found by evaluation, call by call", () => {
  const found = problems(
    { denyLogDeletion: true, breakGlassRoleArn: BREAK_GLASS, deployerRoleArn: DEPLOYER },
    { throwaway: true },
  );
  expect(
    found.map((text) =>
      / of the (.* policy) would stop the deployer \S+ at (\S+):/.exec(text)?.slice(1),
    ),
  ).toEqual([
    ["bucket policy", "s3:DeleteObject"],
    ["bucket policy", "s3:DeleteObjectVersion"],
    ["key policy", "kms:ScheduleKeyDeletion"],
  ]);
  expect(
    problems(
      { denyPolicyChange: true, breakGlassRoleArn: BREAK_GLASS, deployerRoleArn: DEPLOYER },
      { throwaway: true },
    ),
  ).toEqual([]);
});

test("a deny that does not spare the role which deploys is found by evaluation", () => {
  const other = `arn:aws:iam::${OWNER}:role/not-the-deployer`;
  // The bucket's documents are built for another role than the key's: one of them stops the
  // deployer.
  const found = hardeningProblems({
    bucket: { partition: "aws", bucketName: "logs", trails, hardening: HARDENING },
    key: {
      partition: "aws",
      accountId: OWNER,
      trails,
      hardening: { ...HARDENING, deployerRoleArn: other },
    },
    accountId: OWNER,
  });
  expect(found).toEqual([
    `Hardening: DenyPolicyChange of the key policy would stop the deployer ${DEPLOYER} at kms:PutKeyPolicy: leave out the deny.`,
  ]);
});
