import fc from "fast-check";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Fault, isFault, validateLogFiles } from "../../../cloudtrail/digests/log-validation";
import { type DeliveredTrail, sixHours } from "../../support/delivered-trail";

/** Signing takes time: once is enough. */
const DELIVERED = sixHours();

async function faultsOf(trail: DeliveredTrail): Promise<Fault[]> {
  const faults: Fault[] = [];
  for await (const finding of validateLogFiles(trail.request(), trail.source))
    if (isFault(finding)) faults.push(finding);
  return faults;
}

test("any one byte changed in any file's content is noticed, and in no other file", async () => {
  const byte = fc.record({
    file: fc.nat(15),
    place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    flip: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(byte, async ({ file, place, flip }) => {
      const trail = DELIVERED.copy();
      const files = [...trail.keysOfDigests, ...trail.logs.flat()];
      expect(files).toHaveLength(16);
      const object = trail.source.get(files[file]!);
      const content = gunzipSync(object.body);
      const at = Math.floor(place * content.length);
      content[at] = content[at]! ^ flip;
      object.body = gzipSync(content);
      const faults = await faultsOf(trail);
      expect(faults.map(({ key }) => key)).toEqual([files[file]]);
    }),
    { numRuns: 200 },
  );
}, 30_000);

test("any digit changed in any signature is noticed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(5),
      fc.nat(511),
      fc.integer({ min: 1, max: 15 }),
      async (digest, place, flip) => {
        const trail = DELIVERED.copy();
        const key = trail.keysOfDigests[digest]!;
        const { metadata } = trail.source.get(key);
        const digit = parseInt(metadata.signature![place]!, 16) ^ flip;
        metadata.signature =
          metadata.signature!.slice(0, place) +
          digit.toString(16) +
          metadata.signature!.slice(place + 1);
        const faults = await faultsOf(trail);
        expect(faults.map((fault) => [fault.kind, fault.key])).toEqual([
          ["digest-signature-invalid", key],
        ]);
      },
    ),
    { numRuns: 100 },
  );
}, 30_000);

/**
 * What no validation can notice: the newest digests, which nothing names yet, and log files that
 * only they name.
 */
test("any deleted file is noticed, but for the newest digests and what only they name", async () => {
  const some = fc.uniqueArray(fc.nat(15), { minLength: 1, maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(some, async (deleted) => {
      const trail = DELIVERED.copy();
      const files = [...trail.keysOfDigests, ...trail.logs.flat()];
      for (const index of deleted) trail.source.delete(files[index]!);
      const faults = await faultsOf(trail);
      const gone = new Set(deleted.map((index) => files[index]!));

      const left = trail.keysOfDigests.filter((key) => !gone.has(key));
      const newest = left.at(-1);
      if (newest === undefined) {
        expect(faults.map(({ kind }) => kind)).toEqual(["no-digests"]);
        return;
      }
      const missing = (kind: string): string[] =>
        faults.filter((fault) => fault.kind === kind).map(({ key }) => key);
      trail.keysOfDigests.forEach((key, index) => {
        if (key >= newest || !gone.has(key)) return;
        const named = !gone.has(trail.keysOfDigests[index + 1]!);
        if (named) expect(missing("digest-missing")).toContain(key);
        else {
          const hour = Date.parse(trail.request().from) + index * 3_600_000;
          const covering = faults.filter(
            ({ kind, uncovered }) =>
              kind === "adjacent-digests-missing" &&
              Date.parse(uncovered!.from) <= hour &&
              hour + 3_600_000 <= Date.parse(uncovered!.to),
          );
          expect(covering).toHaveLength(1);
        }
      });
      const vouchedFor = trail.logs.flatMap((logs, index) =>
        gone.has(trail.keysOfDigests[index]!) ? [] : logs,
      );
      expect(missing("log-missing").sort()).toEqual(
        vouchedFor.filter((log) => gone.has(log)).sort(),
      );
      expect(faults.every(({ kind }) => kind.endsWith("missing"))).toBe(true);
      expect(missing("digest-missing").every((key) => gone.has(key))).toBe(true);
    }),
    { numRuns: 200 },
  );
}, 30_000);
