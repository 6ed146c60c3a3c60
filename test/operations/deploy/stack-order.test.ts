import fc from "fast-check";
import { type OrderedStack, runInOrder, waitsFor } from "../../../operations/deploy/stack-order";

const fourAccounts: OrderedStack[] = [
  { name: "destination", dependencies: [] },
  { name: "m2", dependencies: ["destination"] },
  { name: "m3", dependencies: ["destination"] },
  { name: "upkeep", dependencies: ["destination"] },
];
const all = fourAccounts.map(({ name }) => name);

/** Runs stacks whose tasks take a turn each; gives what started and ended, in order. */
async function events(
  order: ReadonlyMap<string, readonly string[]>,
  width: number,
  failing: readonly string[] = [],
): Promise<string[]> {
  const log: string[] = [];
  await runInOrder(order, width, async (name) => {
    log.push(`+${name}`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`-${name}`);
    return !failing.includes(name);
  });
  return log;
}

test("deploy: the destination first, then the others in the manifest's order as places come free", async () => {
  const order = waitsFor("deploy", fourAccounts, all);
  const log = await events(order, 2);
  expect(log.slice(0, 2)).toEqual(["+destination", "-destination"]);
  expect(log.filter((event) => event.startsWith("+"))).toEqual(all.map((name) => `+${name}`));
  expect(log.indexOf("+upkeep")).toBeGreaterThan(log.indexOf("-m2"));
});

test("destroy: the destination last", async () => {
  const order = waitsFor("destroy", fourAccounts, all);
  expect((await events(order, 9)).slice(-2)).toEqual(["+destination", "-destination"]);
});

test("a choice waits only for what is chosen", () => {
  expect(waitsFor("deploy", fourAccounts, ["m2"])).toEqual(new Map([["m2", []]]));
});

test.each(["deploy", "destroy"] as const)(
  "%s: a dependency that no stack has is an error",
  (verb) => {
    const lost = [...fourAccounts, { name: "m4", dependencies: ["Wrapper/destination"] }];
    expect(() => waitsFor(verb, lost, ["m2"])).toThrow(
      "m4 waits for the stack Wrapper/destination, and the app has no stack of that name.",
    );
  },
);

test("what waits for a stack that failed is not run; the rest is", async () => {
  const order = waitsFor("deploy", fourAccounts, all);
  expect(await events(order, 2, ["destination"])).toEqual(["+destination", "-destination"]);
  expect(await events(order, 1, ["m2"])).toContain("-upkeep");
});

test("a task that throws ends the run, after the others under way have ended", async () => {
  const order = new Map(["a", "b", "c"].map((name) => [name, []]));
  const ended: string[] = [];
  const run = runInOrder(order, 2, async (name) => {
    if (name === "a") throw new Error("a threw");
    await new Promise((resolve) => setTimeout(resolve, 10));
    ended.push(name);
    return true;
  });
  await expect(run).rejects.toThrow("a threw");
  expect(ended).toEqual(["b"]);
});

test("any order: each stack once, after all it waits for, never more at once than there are places", async () => {
  const graph = fc.array(fc.array(fc.nat()), { minLength: 1, maxLength: 12 }).map((edges) =>
    // A stack may wait only for earlier ones, so that there is an order.
    edges.map((numbers, index): OrderedStack => ({
      name: `s${index}`,
      dependencies: index === 0 ? [] : [...new Set(numbers.map((n) => `s${n % index}`))],
    })),
  );
  await fc.assert(
    fc.asyncProperty(graph, fc.integer({ min: 1, max: 4 }), async (stacks, width) => {
      const order = waitsFor(
        "deploy",
        stacks,
        stacks.map(({ name }) => name),
      );
      const log = await events(order, width);
      expect(log.filter((event) => event.startsWith("-"))).toHaveLength(stacks.length);
      let atOnce = 0;
      for (const [index, event] of log.entries()) {
        atOnce += event.startsWith("+") ? 1 : -1;
        expect(atOnce).toBeLessThanOrEqual(width);
        if (!event.startsWith("+")) continue;
        const before = log.slice(0, index);
        for (const name of order.get(event.slice(1))!) expect(before).toContain(`-${name}`);
      }
    }),
  );
});
