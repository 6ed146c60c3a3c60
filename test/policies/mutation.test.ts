import { allows, type Subject } from "./spec/judge";
import { mutants, type Mutant } from "./spec/mutants";
import { SUBJECTS } from "./spec/subjects";

/**
 * Mutants that differ from the original in nothing that anyone could do, each with the reason. All
 * else that survives is a part of a document that the specification does not know of.
 */
const EQUIVALENT: readonly { readonly mutant: RegExp; readonly because: string }[] = [
  {
    mutant: /DenyCloudTrailWriteWithOtherAcl: (Action s3:\*|Resource \*)$/,
    because: "a wider Deny takes from CloudTrail what nothing gave it",
  },
  {
    mutant:
      /(readers only|all of it): Reader(Get(Auditor|Siem): Resource \*|(List|Decrypt)(Auditor|Siem): StringLike \S+ (gone|weakened to .*))$/,
    because:
      "the Deny for the reader says the same once more; without that Deny the truth table notices (with readers)",
  },
  {
    mutant: /DenyOther(Logs|Listing)Siem: Principal without arn:aws:iam::999999999999:/,
    because: "a principal of another account has nothing but what the policy gives it",
  },
];

/** Whether some row of the truth table tells the mutant from the original. */
function isNoticed(subject: Subject, { document, concerns }: Mutant): boolean {
  return subject.rows.some(
    (row) => concerns(row.request.action) && allows(subject, row, document) !== row.allowed,
  );
}

describe("no mutant survives its document's truth table", () => {
  const cases = SUBJECTS.map((subject) => {
    const all = mutants(subject.document).filter(
      ({ what }) => !EQUIVALENT.some(({ mutant }) => mutant.test(`${subject.name}: ${what}`)),
    );
    return [subject.name, all.length, subject, all] as const;
  });

  test.each(cases)("%s: %i mutants", (_, count, subject, all) => {
    expect(count).toBeGreaterThan(0);
    const survivors = all.filter((mutant) => !isNoticed(subject, mutant));
    expect(survivors.map(({ what }) => what)).toEqual([]);
  });

  test("what counts as equivalent is there, and survives indeed", () => {
    const excused = SUBJECTS.flatMap((subject) =>
      mutants(subject.document).map((mutant) => ({
        subject,
        mutant,
        name: `${subject.name}: ${mutant.what}`,
      })),
    ).filter(({ name }) => EQUIVALENT.some(({ mutant }) => mutant.test(name)));
    const noticed = excused.filter(({ subject, mutant }) => isNoticed(subject, mutant));
    expect(noticed.map(({ name }) => name)).toEqual([]);
    for (const { mutant } of EQUIVALENT)
      expect(excused.some(({ name }) => mutant.test(name))).toBe(true);
  });
});
