import { differences } from "../spec/judge";
import { SUBJECTS } from "../spec/subjects";

describe("every row of the truth table holds", () => {
  test.each(SUBJECTS.map((subject) => [subject.name, subject] as const))("%s", (_, subject) => {
    expect(subject.rows.some(({ allowed }) => allowed)).toBe(true);
    expect(subject.rows.some(({ allowed }) => !allowed)).toBe(true);
    expect(differences(subject)).toEqual([]);
  });
});
