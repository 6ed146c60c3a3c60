import fc from "fast-check";
import {
  type Batch,
  type ManifestStack,
  nextBatch,
  type StackVerb,
  waitsFor,
} from "../../operations/stack-batches";

const fourAccounts: ManifestStack[] = [
  { name: "destination", dependencies: [] },
  { name: "m2", dependencies: ["destination"] },
  { name: "m3", dependencies: ["destination"] },
  { name: "m4", dependencies: ["destination"] },
];
const all = (stacks: readonly ManifestStack[]): string[] => stacks.map(({ name }) => name);

function batches(
  verb: StackVerb,
  stacks: readonly ManifestStack[],
  width: number,
  chosen = all(stacks),
  failing: readonly string[] = [],
): Batch[] {
  const order = waitsFor(verb, stacks, chosen);
  const [done, tried, run] = [new Set<string>(), new Set<string>(), [] as Batch[]];
  for (;;) {
    const batch = nextBatch(verb, order, done, tried, width);
    if (!batch) return run;
    run.push(batch);
    for (const name of batch.stacks) {
      tried.add(name);
      const waits = order.get(name) ?? [];
      const possible = waits.every((before) => done.has(before) || !order.has(before));
      if (possible && !failing.includes(name)) done.add(name);
    }
  }
}

test("the destination and its first members share a call of cdktf-cli", () => {
  expect(batches("deploy", fourAccounts, 2)).toEqual([
    { stacks: ["destination", "m2", "m3"], closed: true },
    { stacks: ["m4"], closed: false },
  ]);
  expect(batches("deploy", fourAccounts, 3)).toEqual([
    { stacks: ["destination", "m2", "m3", "m4"], closed: true },
  ]);
});

test("a destroy ends with the destination, alone where its members went before", () => {
  expect(batches("destroy", fourAccounts, 2)).toEqual([
    { stacks: ["m2", "m3"], closed: true },
    { stacks: ["m4"], closed: true },
    { stacks: ["destination"], closed: false },
  ]);
  expect(batches("destroy", fourAccounts, 3)).toEqual([
    { stacks: ["m2", "m3", "m4", "destination"], closed: true },
  ]);
});

test("a failed member holds up no other; a failed destination holds up all", () => {
  expect(
    batches("deploy", fourAccounts, 1, undefined, ["m2"]).flatMap(({ stacks }) => stacks),
  ).toEqual(["destination", "m2", "m3", "m4"]);
  expect(batches("deploy", fourAccounts, 1, undefined, ["destination"])).toEqual([
    { stacks: ["destination", "m2"], closed: true },
  ]);
  expect(
    batches("destroy", fourAccounts, 2, undefined, ["m3"]).flatMap(({ stacks }) => stacks),
  ).toEqual(["m2", "m3", "m4"]);
});

test("members alone, after one failed", () => {
  expect(batches("deploy", fourAccounts, 2, ["m4", "m2"])).toEqual([
    { stacks: ["m4", "m2"], closed: false },
  ]);
});

/** Stacks that depend on earlier ones only. */
const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    rows.map((row, index) => ({
      name: `s${index}`,
      dependencies: index === 0 ? [] : [...new Set(row.map((pick) => `s${pick % index}`))],
    })),
  );

test("whatever the stacks: each runs once, in order, and never more than allowed at once", () => {
  fc.assert(
    fc.property(
      graphs,
      fc.constantFrom<StackVerb>("deploy", "destroy"),
      fc.integer({ min: 1, max: 5 }),
      (stacks, verb, width) => {
        const order = waitsFor(verb, stacks, all(stacks));
        const run = batches(verb, stacks, width);
        expect(run.flatMap((batch) => batch.stacks).sort()).toEqual(all(stacks).sort());
        const before = new Set<string>();
        for (const { stacks: names, closed } of run) {
          const starting = names.filter((name) =>
            order.get(name)?.every((other) => before.has(other)),
          );
          const following = names.filter((name) => !starting.includes(name));
          expect(starting.length).toBeLessThanOrEqual(width);
          expect(following.length).toBeLessThanOrEqual(width);
          for (const name of following) {
            // cdktf-cli keeps the order only within a closed batch.
            expect(closed).toBe(true);
            expect(order.get(name)).toEqual(expect.arrayContaining(starting));
          }
          if (closed)
            expect(names).toEqual(
              expect.arrayContaining(names.flatMap((name) => order.get(name) ?? [])),
            );
          else if (verb === "destroy") expect(names).toHaveLength(1);
          names.forEach((name) => before.add(name));
        }
      },
    ),
  );
});
