import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { firstLogFile, uniqueString } from "../../../lab/cloudtrail/delivery-files";

const record = (eventName: string, second = 0): CloudTrailRecord => ({
  eventName,
  eventTime: `2030-01-01T12:00:0${second}Z`,
});

test("a file has its records in their order, and its oldest and newest time", () => {
  const records = [record("a", 2), record("b", 1), record("c", 3)];
  expect(firstLogFile(records)).toEqual({
    text: JSON.stringify({ Records: records }),
    count: 3,
    oldestEventTime: "2030-01-01T12:00:01Z",
    newestEventTime: "2030-01-01T12:00:03Z",
  });
});

test("a file never has more bytes than it may", () => {
  const records = ["ä", "ö", "ü", "ß"].map((name) => record(name));
  const whole = Buffer.byteLength(JSON.stringify({ Records: records }));
  for (let most = whole + 1; most > 150; most--) {
    const { text, count } = firstLogFile(records, most);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
    expect(JSON.parse(text)).toEqual({ Records: records.slice(0, count) });
  }
  expect(firstLogFile(records, whole + 1).count).toBe(4);
  expect(firstLogFile(records, whole - 1).count).toBe(3);
});

test("a record that is too big by itself has a file of its own", () => {
  expect(firstLogFile([record("a".repeat(500)), record("b")], 100).count).toBe(1);
});

test("unique strings are 16 letters and digits, and differ", () => {
  const strings = Array.from({ length: 1000 }, uniqueString);
  expect(new Set(strings).size).toBe(1000);
  for (const one of strings) expect(one).toMatch(/^[A-Za-z0-9]{16}$/);
});
