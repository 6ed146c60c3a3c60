import fc from "fast-check";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { OwnerIndex } from "../../../cloudtrail/records/bucket-owner";
import { Deduplicator } from "../../../cloudtrail/records/deduplicator";
import { readRecords } from "../../../cloudtrail/files/log-reader";
import { recordFilter } from "../../../cloudtrail/records/record-filter";
import { redacted } from "../../../cloudtrail/records/redaction";
import { type EventFormat, EventOutput } from "../../../operations/events/event-output";
import type { FoundEvent } from "../../../operations/events/found-event";

/** JSON values as text, among them those that parsing changes and those that a terminal obeys. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.json({ maxDepth: 3 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "1e400",
      "-0",
      "1.0",
      "1712345678901234567",
      "-9007199254740993",
      "0.1234567890123456789",
      '"\\ud800"',
      '"\\u0041\\/"',
      '"::error::x"',
      '"##[group]"',
      '"\u202e\u2028\ufeff\u{e0041}"',
      '{"a":1,"a":2}',
      '{"__proto__":{"x":1}}',
      '{"toString":1,"toJSON":2}',
      '"\u009b31m"',
      "[[]]",
    ),
  },
);
const object = (...fields: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 6 })
    .map((entries) => `{${entries.map(([key, one]) => `"${key}":${one}`).join(", ")}}`);

/** Every field that is read anywhere, each with anything. */
const field = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      "eventVersion",
      "eventID",
      "eventName",
      "eventSource",
      "eventTime",
      "awsRegion",
      "errorCode",
      "recipientAccountId",
      "sharedEventID",
      "userIdentity",
      "resources",
      "requestParameters",
      "bucketOwner",
      "__proto__",
      "constructor",
      "hasOwnProperty",
    ),
    value,
  ),
  fc.tuple(
    fc.constant("userIdentity"),
    object("arn", "invokedBy", "principalId", "sessionContext", "accountId"),
  ),
  fc.tuple(
    fc.constant("userIdentity"),
    object("sessionIssuer", "arn").map((context) => `{"sessionContext":${context}}`),
  ),
  fc.tuple(
    fc.constant("resources"),
    fc.array(object("type", "ARN", "accountId")).map((all) => `[${all.join(",")}]`),
  ),
  fc.tuple(fc.constant("requestParameters"), object("bucketName", "__proto__")),
);

/** With a field that makes it a record. */
const record = fc
  .tuple(fc.constantFrom("eventVersion", "eventID", "eventName"), value, fc.array(field))
  .map(([key, one, fields]) =>
    [[key, one], ...fields].map(([name, content]) => `"${name}":${content}`).join(","),
  )
  .map((fields) => `{${fields}}`);

async function read(json: string): Promise<{ found: FoundEvent[]; problems: number }> {
  const found: FoundEvent[] = [];
  let problems = 0;
  for await (const batch of readRecords(Readable.from([Buffer.from(json)]))) {
    problems += batch.problems.length;
    batch.records.forEach((one, index) => found.push({ record: one, bytes: batch.bytes[index]! }));
  }
  return { found, problems };
}

async function printed(format: EventFormat, events: readonly FoundEvent[], isTTY = false) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const whole = text(stream);
  const output = new EventOutput(format, true, stream as unknown as NodeJS.WriteStream);
  await output.print(events);
  await output.end({ files: 1, problems: [], leftOut: [] });
  stream.end();
  return whole;
}

const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

test("whatever is in a record's fields, it is printed: as its own text, or as a row", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 5 }), async (records) => {
      const { found, problems } = await read(`{"Records":[${records.join(",")}]}`);
      expect(problems).toBe(0);
      expect((await printed("ndjson", found)).split("\n")).toEqual([...records, ""]);
      const json = await printed("json", found);
      for (const one of records) expect(json).toContain(one);
      expect((JSON.parse(json) as { records: unknown }).records).toEqual(
        records.map((one) => JSON.parse(one) as unknown),
      );
      const terminal = (await printed("ndjson", found, true)).split("\n").slice(0, -1);
      expect(terminal.map((one) => JSON.parse(one) as unknown)).toEqual(
        records.map((one) => JSON.parse(one) as unknown),
      );
      const rows = (await printed("table", found)).split("\n").slice(1, -1);
      expect(rows).toHaveLength(records.length);
      for (const line of [...terminal, ...rows]) {
        expect(line).not.toMatch(OBEYED);
        expect(line).not.toMatch(/^\s*::|##\[/);
      }
    }),
  );
});

test("whatever is in a record's fields, filters and owners are asked for", async () => {
  const asked = fc.constantFrom("ana", "[]", "", "111111111111", "x");
  const criteria = fc.record(
    {
      from: fc.nat(),
      to: fc.nat(),
      eventName: asked,
      eventSource: asked,
      errorCode: asked,
      principal: asked,
      bucket: asked,
      redacted: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(record), criteria, async (records, wanted) => {
      const { found } = await read(`{"Records":[${records.join(",")}]}`);
      const owners = new OwnerIndex();
      const deduplicator = new Deduplicator();
      for (const { record: one } of found) owners.add(one);
      for (const { record: one } of found) {
        expect(typeof recordFilter(wanted).matches(one)).toBe("boolean");
        expect(typeof deduplicator.isNew(one)).toBe("boolean");
        expect(["object", "undefined"]).toContain(typeof owners.resolve(one));
        expect(redacted(one)).toBeInstanceOf(Object);
      }
    }),
  );
});

test.each(["{}", "1", '"text"', "null", '{"Records":1}', "[1,null]"])(
  "Records of %s are a problem, and no error",
  async (content) => {
    const { found, problems } = await read(`{"Records":${content}}`);
    expect(found).toEqual([]);
    expect(problems).toBeGreaterThan(0);
  },
);
