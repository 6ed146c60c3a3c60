import { retentionProblems, type RetentionSettings } from "../../../policies/hardening/object-lock";

const problems = (settings: Partial<RetentionSettings>) =>
  retentionProblems({ bucketName: "logs", ...settings });
const lock = { mode: "COMPLIANCE", days: 365 } as const;

test.each<[string, Partial<RetentionSettings>]>([
  ["nothing", {}],
  ["a lock", { objectLock: lock }],
  ["a lock and files that expire when it ends", { objectLock: lock, expireDays: 365 }],
  ["a lock and versions that go at some time", { objectLock: lock, noncurrentExpireDays: 30 }],
  [
    "a throwaway lock that can be bypassed",
    { objectLock: { ...lock, mode: "GOVERNANCE" }, throwaway: true },
  ],
  ["MFA delete", { mfaDelete: true }],
  [
    "access logs",
    { accessLogTarget: { bucketName: "access", encryption: "sse-s3" }, objectLock: lock },
  ],
])("takes %s", (_, settings) => {
  expect(problems(settings)).toEqual([]);
});

test.each<[string, Partial<RetentionSettings>, string]>([
  [
    "an unknown mode",
    { objectLock: { ...lock, mode: "LEGAL" as "GOVERNANCE" } },
    "the mode is LEGAL; GOVERNANCE and COMPLIANCE are allowed",
  ],
  [
    "no days",
    { objectLock: { ...lock, days: 0 } },
    "the days are 0; whole numbers from 1 to 36,500",
  ],
  ["half days", { objectLock: { ...lock, days: 1.5 } }, "the days are 1.5"],
  ["too many days", { objectLock: { ...lock, days: 36_501 } }, "the days are 36501"],
  [
    "a throwaway lock",
    { objectLock: lock, throwaway: true },
    "a throwaway destination could not be destroyed; use GOVERNANCE",
  ],
  [
    "files that expire while locked",
    { objectLock: lock, expireDays: 364 },
    "files would expire after 364 days and are locked for 365",
  ],
  [
    "MFA delete with lifecycle rules",
    { mfaDelete: true, expireDays: 400, transitionToGlacierDays: 30 },
    "no lifecycle rules on a bucket with it, and expireDays, transitionToGlacierDays make one",
  ],
  [
    "MFA delete of a throwaway",
    { mfaDelete: true, throwaway: true },
    "no role can delete a version",
  ],
  [
    "access logs of itself",
    { accessLogTarget: { bucketName: "logs" } },
    "logs is the log bucket itself",
  ],
  [
    "access logs to a locked bucket",
    { accessLogTarget: { bucketName: "access", objectLock: true } },
    "S3 delivers none to a bucket with Object Lock, and access has it",
  ],
  [
    "access logs to an SSE-KMS bucket",
    { accessLogTarget: { bucketName: "access", encryption: "sse-kms" } },
    "whose default encryption is SSE-KMS, as that of access",
  ],
])("refuses %s", (_, settings, message) => {
  const found = problems(settings);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});

test("says all at once", () => {
  expect(
    problems({
      objectLock: { mode: "COMPLIANCE", days: 0 },
      throwaway: true,
      mfaDelete: true,
      accessLogTarget: { bucketName: "logs", objectLock: true, encryption: "sse-kms" },
    }),
  ).toHaveLength(6);
});
