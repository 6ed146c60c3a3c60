import { Writable } from "node:stream";
import type { ResolvedOwner } from "../../../cloudtrail/records/bucket-owner";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { type EventFormat, EventOutput } from "../../../operations/events/event-output";
import type { FoundEvent } from "../../../operations/events/found-event";

const RECORD = {
  eventTime: "2026-01-31T12:00:00Z",
  recipientAccountId: "111111111111",
  eventName: "Get\u001b[31mObject\n",
};

/** Output to somebody who takes one piece at a time, and slowly. */
async function printed(
  format: EventFormat,
  events: readonly (readonly FoundEvent[])[],
  { resolved = false, isTTY = false } = {},
): Promise<{ readonly text: string; readonly mostWaiting: number }> {
  let text = "";
  let mostWaiting = 0;
  const stream = new Writable({
    highWaterMark: 1,
    decodeStrings: false,
    write(chunk: string | Buffer, _, callback) {
      text += chunk.toString();
      mostWaiting = Math.max(mostWaiting, stream.writableLength - chunk.length);
      setImmediate(callback);
    },
  });
  Object.assign(stream, { isTTY });
  const output = new EventOutput(format, resolved, stream as unknown as NodeJS.WriteStream);
  for (const some of events) await output.print(some);
  await output.end({ files: 1, problems: [], leftOut: [] });
  return { text, mostWaiting };
}

const found = (text: string, owner?: ResolvedOwner): FoundEvent => ({
  record: JSON.parse(text) as CloudTrailRecord,
  bytes: Buffer.from(text),
  owner,
});
const two = [[found(JSON.stringify(RECORD))], [], [found('{"eventID":"2"}')]];

test.each(["table", "json", "ndjson"] as const)("%s waits for who reads", async (format) => {
  expect((await printed(format, two)).mostWaiting).toBe(0);
});

test("a reader that goes away is known, and nobody waits for it", async () => {
  const stream = new Writable({
    highWaterMark: 1,
    write(_chunk, _encoding, callback) {
      callback(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    },
  });
  const output = new EventOutput("ndjson", false, stream as unknown as NodeJS.WriteStream);
  expect(output.readerIsGone).toBe(false);
  await output.print([found(JSON.stringify(RECORD))]);
  expect(output.readerIsGone).toBe(true);
  await output.print([found(JSON.stringify(RECORD))]);
  await output.end({ files: 1, problems: [], leftOut: [] });
});

test("JSON is one document, also without events", async () => {
  expect(JSON.parse((await printed("json", two)).text)).toEqual({
    records: [RECORD, { eventID: "2" }],
    files: 1,
    problems: [],
    leftOut: [],
  });
  expect(JSON.parse((await printed("json", [])).text)).toEqual({
    records: [],
    files: 1,
    problems: [],
    leftOut: [],
  });
});

test("NDJSON has a record on each line", async () => {
  const { text } = await printed("ndjson", two);
  expect(text.split("\n")).toEqual([JSON.stringify(RECORD), '{"eventID":"2"}', ""]);
});

test("a record's characters do not reach the terminal as commands, and what is missing is a dash", async () => {
  const { text } = await printed("table", two);
  expect(text.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["TIME", "ACCOUNT", "REGION", "EVENT", "ERROR", "BUCKET", "PRINCIPAL"],
    ["2026-01-31T12:00:00Z", "111111111111", "-", "-:Get\\u001b[31mObject\\u000a", "-", "-", "-"],
    ["-", "-", "-", "-:-", "-", "-", "-"],
    [""],
  ]);
});

test.each([
  ["-", undefined],
  ["unknown", { how: "unknown", others: [] }],
  [
    "unknown; in conflict: 111111111111 by a, 222222222222 by b",
    {
      how: "unknown",
      others: [
        { ownerAccountId: "111111111111", eventID: "a" },
        { ownerAccountId: "222222222222", eventID: "b" },
      ],
    },
  ],
  [
    "111111111111 by another record of the bucket a",
    {
      how: "another record of the bucket",
      ownerAccountId: "111111111111",
      eventID: "a",
      others: [],
    },
  ],
  ["111111111111", { how: "the record", ownerAccountId: "111111111111", eventID: "a", others: [] }],
] as const)("the owner is shown as %j", async (shown, owner) => {
  const { text } = await printed("table", [[found(JSON.stringify(RECORD), owner)]], {
    resolved: true,
  });
  expect(text.split("\n")[1]!.endsWith(`  ${shown}`)).toBe(true);
});

const BIG = `{"eventID":"1","n":1712345678901234567,"big":1e400,"neg":-0,"exp":1.0,"one":1E2,"n":2,"s":"\\u0041\\ud800\u202e"}`;

test.each(["json", "ndjson"] as const)("a record is the text of its file in %s", async (format) => {
  const { text } = await printed(format, [[found(BIG), found(`{\r\n "eventID": "2"\n}`)]]);
  expect(text).toContain(BIG);
  expect(text).toContain('{   "eventID": "2" }');
  const terminal = await printed(format, [[found(BIG)]], { isTTY: true });
  expect(terminal.text).toContain(BIG.replace("\u202e", "\\u202e"));
});

test("the owner stands behind the record's own text", async () => {
  const owner = { how: "unknown", others: [] } as const;
  const { text } = await printed("ndjson", [[found(BIG, owner)]], { resolved: true });
  expect(text).toBe(`${BIG.slice(0, -1)},"bucketOwner":{"how":"unknown","others":[]}}\n`);
});

test("odd values are shown as JSON", async () => {
  const odd = `{"eventTime":1,"eventID":7,"eventName":{"toString":1},"eventSource":["x"],"userIdentity":"ana","requestParameters":"p","resources":null,"__proto__":{"polluted":true},"constructor":"x"}`;
  const { text } = await printed("table", [[found(odd)]]);
  expect(text.split("\n")[1]!.split(/ {2,}/)).toEqual([
    "1",
    "-",
    "-",
    '["x"]:{"toString":1}',
    "-",
    "-",
    "ana",
  ]);
});

test("no line of a table is a command of a pipeline", async () => {
  const record = `{"eventID":"1","eventTime":"::add-mask::x","eventName":"##[group]\u2028::error::"}`;
  const { text } = await printed("table", [[found(record)]]);
  expect(text.split("\n")[1]).toMatch(/^\\u003a:add-mask::x .*-:\\u0023#\[group\]\\u2028::error::/);
});
