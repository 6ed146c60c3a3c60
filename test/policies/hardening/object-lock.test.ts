import { type ObjectLock, objectLockProblems } from "../../../policies/hardening/object-lock";

const lock = { mode: "COMPLIANCE", days: 365 } as const;

test.each<[string, ObjectLock | undefined, boolean]>([
  ["none", undefined, true],
  ["a lock", lock, false],
  ["a throwaway lock that can be bypassed", { ...lock, mode: "GOVERNANCE" }, true],
])("takes %s", (_, objectLock, throwaway) => {
  expect(objectLockProblems(objectLock, throwaway)).toEqual([]);
});

test.each<[string, ObjectLock, boolean, string]>([
  [
    "an unknown mode",
    { ...lock, mode: "LEGAL" as "GOVERNANCE" },
    false,
    "the mode is LEGAL; GOVERNANCE and COMPLIANCE are allowed",
  ],
  ["no days", { ...lock, days: 0 }, false, "the days are 0; whole numbers from 1 to 36,500"],
  ["half days", { ...lock, days: 1.5 }, false, "the days are 1.5"],
  ["too many days", { ...lock, days: 36_501 }, false, "the days are 36501"],
  [
    "a throwaway lock",
    lock,
    true,
    "a throwaway destination could not be destroyed; use GOVERNANCE",
  ],
])("refuses %s", (_, objectLock, throwaway, message) => {
  const found = objectLockProblems(objectLock, throwaway);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});

test("says all at once", () => {
  expect(objectLockProblems({ mode: "COMPLIANCE", days: 0 }, true)).toHaveLength(2);
});
