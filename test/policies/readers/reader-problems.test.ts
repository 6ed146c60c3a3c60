import {
  needsIdentityPolicy,
  readerIdentityPolicy,
  sidOf,
  type LogReader,
} from "../../../policies/readers/readers";
import { readerProblems } from "../../../policies/readers/reader-problems";
import { AUDITOR, KEY, MEMBER, OWNER, READERS, STRANGER, trails } from "../spec/world";

const problems = (...readers: Partial<LogReader>[]) =>
  readerProblems(
    readers.map((reader) => ({
      name: "auditor",
      principals: [AUDITOR],
      accounts: [MEMBER],
      ...reader,
    })),
    { partition: "aws", trails },
  );

test("finds nothing wrong with good readers", () => {
  expect(readerProblems(READERS, { partition: "aws", trails })).toEqual([]);
  expect(
    problems({
      principals: [
        `arn:aws:iam::${STRANGER}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Audit_0123456789abcdef`,
      ],
    }),
  ).toEqual([]);
});

test.each([
  ["auditor", "is not an ARN"],
  [`arn:aws:sts::${OWNER}:assumed-role/auditor/me`, "is a session, which ends"],
  [`arn:aws:iam::${OWNER}:root`, "is a whole account"],
  [`arn:aws:iam::${OWNER}:role/*`, "has a wildcard"],
  [`arn:aws-cn:iam::${OWNER}:role/auditor`, "is of partition aws-cn, where aws is asked for"],
  [`arn:aws:iam::${OWNER}:group/auditors`, "is not an IAM role or user"],
  [`arn:aws:iam:us-east-1:${OWNER}:role/auditor`, "is not an IAM role or user"],
  [
    "arn:aws:iam::12345:role/auditor",
    "has the account ID 12345, which must have exactly 12 digits",
  ],
  [
    `arn:aws:iam::${OWNER}:role/${"x".repeat(65)}`,
    `has the role name ${"x".repeat(65)}, which must have 1 to 64 characters`,
  ],
  [`arn:aws:s3:::${OWNER}`, "is not an IAM role or user"],
])("a principal that AWS would refuse the whole policy for: %s", (arn, message) => {
  const found = problems({ principals: [arn] });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`Reader auditor: ${JSON.stringify(arn)} ${message}`);
});

test("says all that is wrong at once", () => {
  const found = problems(
    { name: "1st", principals: [], accounts: [] },
    { name: "siem-team", accounts: [STRANGER, MEMBER, MEMBER] },
    { name: "siemTeam", accounts: "all" },
  );
  expect(found).toEqual([
    expect.stringContaining("Reader 1st: the name must have 1 to 40 letters"),
    expect.stringContaining("Reader 1st: it names no principal"),
    expect.stringContaining("Reader 1st: it names no account"),
    expect.stringContaining(`Reader siem-team: no trail of account ${STRANGER} is listed`),
    expect.stringContaining(`Reader siem-team: account ${MEMBER} is listed twice`),
    expect.stringContaining("Reader siemTeam: another reader is called siem-team"),
    expect.stringContaining(`Reader siemTeam: ${AUDITOR} is listed under siem-team already`),
  ]);
});

test("names become the ends of Sids", () => {
  expect(
    ["siem", "security-team", "team2-eu"].map((name) => sidOf({ ...READERS[0]!, name })),
  ).toEqual(["Siem", "SecurityTeam", "Team2Eu"]);
});

test("principals of other accounts need a policy there, those of the destination none", () => {
  expect(READERS.map((reader) => needsIdentityPolicy(reader, OWNER))).toEqual([false, true, true]);
});

test("the identity policy has no principals, and no statement for a key where there is none", () => {
  const bucket = { partition: "aws", bucketName: "logs" } as const;
  const withKey = readerIdentityPolicy(READERS[1]!, bucket, KEY).Statement;
  const without = readerIdentityPolicy(READERS[1]!, bucket).Statement;
  expect(withKey.map(({ Sid }) => Sid)).toEqual([
    "GetBucketLocation",
    "ReaderList",
    "ReaderGet",
    "ReaderDecrypt",
  ]);
  expect(without).toEqual(withKey.slice(0, 3));
  expect(withKey.some((statement) => "Principal" in statement)).toBe(false);
});
