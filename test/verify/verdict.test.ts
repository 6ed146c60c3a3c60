import { EXIT_CODES, type Verdict, worst } from "../../verify/verdict";

test("each verdict has the exit code that is documented", () => {
  expect(EXIT_CODES).toEqual({
    proven: 0,
    "not-checked": 1,
    amiss: 2,
    unvouched: 2,
    tampered: 3,
  });
});

test.each<[Verdict[], Verdict]>([
  [[], "proven"],
  [["proven", "proven"], "proven"],
  [["amiss", "proven"], "amiss"],
  // What could not be looked at may hide anything.
  [["amiss", "not-checked", "proven"], "not-checked"],
  [["unvouched", "not-checked"], "not-checked"],
  [["amiss", "unvouched", "proven"], "unvouched"],
  [["tampered", "not-checked", "amiss"], "tampered"],
  [["not-checked", "tampered"], "tampered"],
])("the worst of %j is %s", (verdicts, expected) => {
  expect(worst(verdicts)).toBe(expected);
});
