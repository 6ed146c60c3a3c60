import { decideKeptStates } from "../../../operations/recover/kept-states";
import { parseState } from "../../../operations/recover/state-file";

function state(serial: number, lineage = "ours", ids: Record<string, string> = {}): string {
  const resources = Object.entries(ids).map(([name, id]) => ({
    mode: "managed",
    type: "aws_kms_key",
    name,
    instances: [{ attributes: { id } }],
  }));
  return JSON.stringify({ version: 4, lineage, serial, resources });
}

const kept = (file: string, text: string) => ({ file, text });
const current = (serial: number, ids?: Record<string, string>) =>
  parseState(state(serial, "ours", ids));

test("the newest that fits is pushed; an older one is left aside", () => {
  const { push, notes, isStuck } = decideKeptStates(current(5), [
    kept("six", state(6)),
    kept("seven", state(7)),
  ]);
  expect(push?.file).toBe("seven");
  expect(notes).toEqual([expect.stringContaining("six is not pushed: seven is newer")]);
  expect(isStuck).toBe(false);
});

test("where there is no state, one lineage fits and two do not", () => {
  expect(decideKeptStates(undefined, [kept("one", state(1, "new"))]).push?.file).toBe("one");
  const two = decideKeptStates(undefined, [kept("a", state(1, "a")), kept("b", state(2, "b"))]);
  expect(two.push).toBeUndefined();
  expect(two).toMatchObject({
    isStuck: true,
    notes: [expect.stringContaining("2 lineages: a, b")],
  });
});

test("another lineage is refused, however new", () => {
  const decision = decideKeptStates(current(5), [kept("file", state(99, "theirs"))]);
  expect(decision).toEqual({
    isStuck: true,
    notes: [expect.stringMatching(/its lineage is theirs, the state's is ours/)],
  });
});

test.each([5, 4])("serial %i on a state of 5 is not pushed", (serial) => {
  const ids = { key: "k1" };
  const same = decideKeptStates(current(5, ids), [kept("file", state(serial, "ours", ids))]);
  expect(same).toEqual({ isStuck: false, notes: [expect.stringContaining("it can be deleted")] });
  const more = decideKeptStates(current(5, ids), [
    kept("file", state(serial, "ours", { ...ids, other: "k2" })),
  ]);
  expect(more).toEqual({
    isStuck: true,
    notes: [expect.stringContaining("holds what the state does not: aws_kms_key.other")],
  });
  const another = decideKeptStates(current(5, ids), [
    kept("file", state(serial, "ours", { key: "k2" })),
  ]);
  expect(another.isStuck).toBe(true);
});

test.each(["", "not JSON", "{}", '{"version":3,"lineage":"ours","serial":9}'])(
  "%j is not a state",
  (text) => {
    const { push, isStuck, notes } = decideKeptStates(current(1), [kept("file", text)]);
    expect({ push, isStuck, notes: notes.length }).toEqual({ isStuck: true, notes: 1 });
  },
);
