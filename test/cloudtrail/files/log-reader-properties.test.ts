import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { Deduplicator } from "../../../cloudtrail/records/deduplicator";
import { havingAll } from "../../../cloudtrail/files/prefilter";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { logFile, logRecord } from "../../support/log-records";
import { cutAt, readLog } from "../../support/read-log";

jest.setTimeout(120_000);

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom('"', "\\", "{", "}", "[", "]", ",", ":", "\\u", "é", "Records"),
  }),
);

/** Records with anything in them, in any nesting. */
const records: fc.Arbitrary<CloudTrailRecord> = fc
  .tuple(
    fc.uuid(),
    fc.dictionary(text, fc.jsonValue(), { maxKeys: 3 }),
    fc.array(fc.record({ type: text, accountId: text }), { maxLength: 3 }),
    text,
  )
  .map(([eventID, requestParameters, resources, userAgent]) => ({
    eventVersion: "1.11",
    userAgent,
    requestParameters,
    resources,
    eventID,
  }))
  // As they are after JSON, which knows neither -0 nor undefined.
  .map((record) => JSON.parse(JSON.stringify(record)) as CloudTrailRecord);

const places = fc.array(fc.nat(100_000), { maxLength: 30 });

test("any cutting into pieces gives the same records, plain or gzipped", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(records),
      places,
      fc.boolean(),
      fc.nat(2),
      async (some, at, zip, indent) => {
        const file = Buffer.from(JSON.stringify({ Records: some }, null, indent));
        const pieces = cutAt(zip ? gzipSync(file) : file, at);
        expect(await readLog(pieces)).toEqual({ records: some, problems: [] });
      },
    ),
    { numRuns: 300 },
  );
});

/** What may stand in a record's place and is none: bytes, or a record that was damaged. */
const broken: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  text.map((value) => Buffer.from(value)),
  fc.nat(9).chain((n) => {
    const whole = Buffer.from(JSON.stringify({ ...logRecord(n), eventID: "broken" }));
    return fc
      .tuple(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 400 }),
        fc.uint8Array({ maxLength: 4 }),
      )
      .map(([at, length, other]) =>
        Buffer.concat([whole.subarray(0, at), Buffer.from(other), whole.subarray(at + length)]),
      );
  }),
);

test("good records before and behind broken bytes are never lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(records, fc.nat(99).map(logRecord)), { maxLength: 6 }),
      broken,
      fc.array(fc.oneof(records, fc.nat(99).map(logRecord)), { maxLength: 6 }),
      fc.constantFrom(",", ", ", ",\r\n\t"),
      places,
      async (before, bytes, after, comma, at) => {
        const pick = (some: readonly CloudTrailRecord[]): Buffer[] =>
          some.map((record) => Buffer.from(JSON.stringify(record)));
        const elements = [...pick(before), bytes, ...pick(after)];
        const file = Buffer.concat([
          Buffer.from('{"Records":['),
          ...elements.flatMap((element, index) =>
            index === 0 ? [element] : [Buffer.from(comma), element],
          ),
          Buffer.from("]}"),
        ]);
        const { records: found } = await readLog(cutAt(file, at));
        const good = [...before, ...after].map(({ eventID }) => eventID);
        const ids = found.map(({ eventID }) => eventID).filter((id) => id !== "broken");
        expect(ids.filter((id) => good.includes(id))).toEqual(good);
      },
    ),
    { numRuns: 3000 },
  );
});

test("any bytes at all are read without an error, and what is not a log file is said", async () => {
  await fc.assert(
    fc.asyncProperty(broken, places, fc.boolean(), async (bytes, at, zip) => {
      const { problems } = await readLog(cutAt(zip ? gzipSync(bytes) : bytes, at));
      expect(problems.length).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});

test("a damaged gzip file never gives a record that was not in it", async () => {
  const some = Array.from({ length: 30 }, (_, n) => logRecord(n));
  const known = new Set(some.map((record) => JSON.stringify(record)));
  const packed = gzipSync(logFile(some));
  await fc.assert(
    fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(255), places, async (place, byte, at) => {
      const bytes = Buffer.from(packed);
      bytes[place] = byte;
      const { records: found, problems } = await readLog(cutAt(bytes, at));
      const strange = found.filter((record) => !known.has(JSON.stringify(record)));
      // Damage may change a letter before the checksum tells.
      expect(strange.length === 0 || problems.length > 0).toBe(true);
    }),
  );
});

test("a prefilter changes what is parsed, not what is found", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(records), text, broken, async (some, value, bytes) => {
      const wanted = (record: CloudTrailRecord): boolean =>
        record.userAgent === value || record.eventID === value;
      const others = some.map((record, n) => (n % 2 ? record : { ...record, userAgent: value }));
      const file = [
        Buffer.concat([
          Buffer.from('{"Records":['),
          bytes,
          ...others.flatMap((record) => [Buffer.from(","), Buffer.from(JSON.stringify(record))]),
          Buffer.from("]}"),
        ]),
      ];
      const all = await readLog(file);
      const some2 = await readLog(file, { prefilter: havingAll([value]) });
      expect(some2.records.filter(wanted)).toEqual(all.records.filter(wanted));
    }),
    { numRuns: 1000 },
  );
});

test("no record hides another one behind its eventID", () => {
  const deduplicator = new Deduplicator();
  const [forged, real] = ["ConsoleLogin", "StopLogging"].map((eventName) => ({
    eventID: "1",
    eventName,
  }));
  expect([forged, real, forged, real].map((one) => deduplicator.isNew(one!))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const texts = ["1712345678901234567", "1712345678901234568"].map(
    (n) => `{"eventID":"2","n":${n}}`,
  );
  const isNew = (text: string): boolean =>
    deduplicator.isNew(JSON.parse(text) as { eventID: string }, text);
  expect([...texts, ...texts].map(isNew)).toEqual([true, true, false, false]);
});

test("a deduplicator lets each eventID through once, within its memory", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), fc.integer({ min: 10, max: 20 }), (ids, remembered) => {
      const deduplicator = new Deduplicator(remembered);
      const kept = ids.filter((id) => deduplicator.isNew({ eventID: String(id) }));
      expect(kept).toEqual([...new Set(ids)]);
    }),
  );
  const forgetful = new Deduplicator(2);
  expect(
    ["a", "b", "c", "a", "d", "e", "b"].map((eventID) => forgetful.isNew({ eventID })),
  ).toEqual([true, true, true, false, true, true, true]);
  expect([{}, {}].map((record) => forgetful.isNew(record))).toEqual([true, true]);
});
