import { createGzip, gzipSync } from "node:zlib";
import { once } from "node:events";
import {
  AtOnce,
  FAULTS,
  isFault,
  type StoredObject,
  validateLogFiles,
  type ValidationFinding,
  type ValidationRequest,
  ValidationSummary,
} from "../../../cloudtrail/digests/log-validation";
import {
  BUCKET,
  DeliveredTrail,
  FIRST_END,
  HOUR,
  MemorySource,
  REGION,
  sixHours,
  timeText,
} from "../../support/delivered-trail";
import { TAMPERINGS } from "./tampering";

// Making RSA keys can take a second each on a busy machine.
jest.setTimeout(30_000);

async function findingsOf(
  trail: DeliveredTrail,
  changes?: Partial<ValidationRequest>,
): Promise<ValidationFinding[]> {
  const findings: ValidationFinding[] = [];
  for await (const finding of validateLogFiles(trail.request(changes), trail.source))
    findings.push(finding);
  return findings;
}

const kindAndKey = ({ kind, key }: ValidationFinding): [string, string] => [kind, key];

describe("tampering", () => {
  test.each(TAMPERINGS)("$name", async ({ make }) => {
    const { trail, faults, request } = make();
    const findings = await findingsOf(trail, request);
    const found = findings.filter(isFault);
    expect(found.map(kindAndKey).sort()).toEqual(faults.map((fault) => [...fault]).sort());
    for (const fault of found) expect(fault.message).toMatch(/^[A-Z].*\.$/);
  });

  test("every kind of fault that is one of tampering or of loss is among them", () => {
    const tried = new Set(TAMPERINGS.flatMap(({ make }) => make().faults.map(([kind]) => kind)));
    const kinds = Object.entries(FAULTS).filter(([, meaning]) => meaning !== "not-checked");
    expect([...tried].sort()).toEqual(kinds.map(([kind]) => kind).sort());
  });
});

describe("what is found", () => {
  test("is each digest, the newest first, and its log files after it; backfill digests come last", async () => {
    const trail = sixHours();
    const late = trail.backfill(FIRST_END + HOUR, FIRST_END + 9 * HOUR);
    const expected = trail.digests
      .map(({ key }, index) => [
        ["digest-valid", key, false],
        ...trail.logs[index]!.map((log) => ["log-valid", log, false]),
      ])
      .reverse()
      .flat();
    const findings = await findingsOf(trail);
    expect(findings.map(({ kind, key, backfill }) => [kind, key, backfill])).toEqual([
      ...expected,
      ["digest-valid", late.key, true],
      ["log-valid", late.log, true],
    ]);
    expect(findings[0]).toMatchObject({
      bucket: BUCKET,
      startTime: "2026-02-01T01:12:05Z",
      endTime: "2026-02-01T02:12:05Z",
    });
  });

  test("names the time that no digest covers", async () => {
    const trail = sixHours();
    for (const index of [4, 3, 2]) trail.source.delete(trail.keysOfDigests[index]!);
    const [adjacent] = (await findingsOf(trail)).filter(
      ({ kind }) => kind === "adjacent-digests-missing",
    );
    expect(adjacent).toMatchObject({
      uncovered: {
        from: timeText(FIRST_END + HOUR),
        to: timeText(FIRST_END + 3 * HOUR),
      },
    });
  });

  test("names the time of a gap", async () => {
    const trail = new DeliveredTrail();
    trail.deliver(1);
    trail.deliverAt(FIRST_END + 4 * HOUR, 1, { previous: undefined });
    const [gap] = (await findingsOf(trail, { to: timeText(FIRST_END + 4 * HOUR) })).filter(isFault);
    expect(gap).toMatchObject({
      kind: "gap",
      uncovered: { from: timeText(FIRST_END), to: timeText(FIRST_END + 3 * HOUR) },
    });
  });

  test("is each digest once, even if a backfill digest names an ordinary one", async () => {
    const trail = sixHours();
    const late = trail.backfill(FIRST_END + HOUR, FIRST_END + 9 * HOUR, trail.digests[0]);
    const keys = (await findingsOf(trail)).map(({ key }) => key);
    expect(keys.sort()).toEqual(
      [...trail.keysOfDigests, ...trail.logs.flat(), late.key, late.log].sort(),
    );
  });

  test("of another trail in the same folder is whether its digests are valid, and no more", async () => {
    const trail = sixHours();
    const { identity, s3BucketName } = {
      identity: { ...trail.request().trail, name: "example-trail_2" },
      s3BucketName: BUCKET,
    };
    const other = new DeliveredTrail(trail.source);
    other.deliver(0, { target: { identity, s3BucketName } });
    expect((await findingsOf(trail)).filter(isFault)).toEqual([]);
    trail.source.edit(other.keysOfDigests[0]!, (content) => `${content} `);
    expect((await findingsOf(trail)).filter(isFault)).toMatchObject([
      {
        kind: "digest-unvouched",
        key: other.keysOfDigests[0],
        message:
          "It is of another trail, example-trail_2 of us-east-1. The signature in its metadata is not that of this content.",
      },
    ]);
    expect((await findingsOf(trail, { trail: identity })).filter(isFault).map(kindAndKey)).toEqual([
      ["digest-signature-invalid", other.keysOfDigests[0]],
    ]);
  });

  test("asks for public keys in the digests' region, for two hours longer", async () => {
    const trail = sixHours();
    await findingsOf(trail, { from: "2026-01-31T22:00:00Z", to: "2026-01-31T23:00:00Z" });
    expect(trail.source.keyRequests).toEqual([
      { region: REGION, from: "2026-01-31T22:00:00Z", to: "2026-02-01T01:00:00Z" },
    ]);
  });

  test("is the same from fractions of seconds, and an error from what is not a time", async () => {
    const trail = sixHours();
    const all = await findingsOf(trail);
    expect(await findingsOf(trail, { to: "2026-02-01T02:12:05.999Z" })).toEqual(all);
    for (const wrong of ["2026-02-01", "2026-02-31T00:00:00Z", "2026-02-01T00:00:00+01:00", ""])
      await expect(findingsOf(trail, { to: wrong })).rejects.toThrow(RangeError);
    await expect(findingsOf(trail, { from: "2026-02-03T00:00:00Z" })).rejects.toThrow(RangeError);
  });

  test("adds up", async () => {
    const trail = sixHours();
    const request = trail.request();
    trail.source.delete(trail.keysOfDigests[3]!);
    trail.source.delete(trail.keysOfDigests[2]!);
    trail.source.edit(trail.logs[5]![0]!, (content) => `${content} `);
    trail.source.failures.set(`${BUCKET}/${trail.logs[5]![1]!}`, new Error("Access Denied"));
    const summary = new ValidationSummary(request);
    for (const finding of await findingsOf(trail)) summary.add(finding);
    expect(summary).toMatchObject({
      digests: { valid: 4, invalid: 1, notChecked: 0 },
      backfillDigests: { valid: 0, invalid: 0, notChecked: 0 },
      logs: { valid: 6, invalid: 1, notChecked: 1 },
      faults: { tampered: 2, missing: 1, "not-checked": 1 },
      found: { from: request.from, to: request.to },
    });
  });
});

describe("what could not be read", () => {
  const denied = Object.assign(new Error("not allowed"), { name: "AccessDenied" });

  test("a digest: not checked, its log files neither; the others are", async () => {
    const trail = sixHours();
    const key = trail.keysOfDigests[3]!;
    trail.source.failures.set(`${BUCKET}/${key}`, denied);
    const findings = await findingsOf(trail);
    expect(findings.filter(isFault)).toEqual([
      {
        kind: "digest-not-checked",
        bucket: BUCKET,
        key,
        backfill: false,
        message: "It could not be read: AccessDenied: not allowed.",
        cause: "AccessDenied",
      },
    ]);
    expect(findings.filter(({ kind }) => kind === "digest-valid")).toHaveLength(5);
    expect(findings.filter(({ kind }) => kind === "log-valid")).toHaveLength(8);
  });

  test("a log file: not checked; the others are", async () => {
    const trail = sixHours();
    const key = trail.logs[3]![0]!;
    trail.source.failures.set(`${BUCKET}/${key}`, denied);
    const findings = await findingsOf(trail);
    expect(findings.filter(isFault).map(kindAndKey)).toEqual([["log-not-checked", key]]);
    expect(findings).toHaveLength(6 + 10);
  });

  test("the listing: nothing is checked", async () => {
    const trail = sixHours();
    trail.source.failures.set(`list ${BUCKET}`, denied);
    expect((await findingsOf(trail)).map(({ kind }) => kind)).toEqual(["digests-not-listed"]);
  });

  test("the listing of the trail's former bucket: the digests there are, as far as they name one another", async () => {
    const trail = new DeliveredTrail();
    const target = { identity: trail.request().trail, s3BucketName: "older-logs" };
    trail.deliver(1, { target });
    trail.deliver(1, { target });
    trail.deliver(1);
    trail.source.failures.set("list older-logs", denied);
    const findings = await findingsOf(trail);
    expect(findings.filter(isFault).map(kindAndKey)).toEqual([
      ["digests-not-listed", trail.keysOfDigests[1]],
    ]);
    expect(findings.filter(({ kind }) => kind === "digest-valid")).toHaveLength(3);
  });

  test("the public keys: nothing is checked", async () => {
    const trail = sixHours();
    trail.source.failures.set("keys", denied);
    expect((await findingsOf(trail)).map(({ kind }) => kind)).toEqual(["public-keys-not-read"]);
  });

  test("no public key at all: nothing is checked", async () => {
    const trail = sixHours();
    const empty = Object.assign(Object.create(trail.source) as MemorySource, {
      publicKeys: () => Promise.resolve([]),
    });
    const findings: ValidationFinding[] = [];
    for await (const finding of validateLogFiles(trail.request(), empty)) findings.push(finding);
    expect(findings.map(({ kind }) => kind)).toEqual(["public-keys-not-read"]);
  });

  test("a backfill digest's own public key: it is not checked, all else is", async () => {
    const trail = sixHours();
    const late = trail.backfill(FIRST_END + HOUR, FIRST_END + 900 * HOUR);
    const source = Object.assign(Object.create(trail.source) as MemorySource, {
      publicKeys: async (region: string, from: string, to: string) => {
        if (to > "2026-03") throw denied;
        return trail.source.publicKeys(region, from, to);
      },
    });
    const content = trail.source.get(late.key);
    trail.source.edit(late.key, (text) =>
      text.replace(/"digestPublicKeyFingerprint":"[^"]*"/, '"digestPublicKeyFingerprint":"00"'),
    );
    expect(content.body).not.toEqual(late.body);
    const faults: ValidationFinding[] = [];
    for await (const finding of validateLogFiles(trail.request(), source))
      if (isFault(finding)) faults.push(finding);
    expect(faults.map(kindAndKey)).toEqual([["digest-not-checked", late.key]]);
  });

  test("a log file that breaks off in transfer is not checked, and not taken for cut short", async () => {
    const trail = sixHours();
    const key = trail.logs[3]![0]!;
    const { body } = trail.source.get(key);
    const source = answering(trail.source, key, async function* () {
      yield body.subarray(0, 20);
      await Promise.resolve();
      throw new Error("socket hang up");
    });
    const faults: ValidationFinding[] = [];
    for await (const finding of validateLogFiles(trail.request(), source))
      if (isFault(finding)) faults.push(finding);
    expect(faults).toMatchObject([
      {
        kind: "log-not-checked",
        key,
        message: expect.stringContaining("socket hang up") as string,
      },
    ]);
  });
});

describe("one bad read is not tampering", () => {
  type Answer = (object: StoredObject) => StoredObject | undefined;
  const other =
    (body: Buffer): Answer =>
    ({ metadata }) => ({
      metadata,
      body: (async function* () {
        yield await Promise.resolve(body);
      })(),
    });
  const BAD: [string, Answer][] = [
    ["not there", () => undefined],
    ["another content", other(gzipSync("{}"))],
    ["no gzip", other(Buffer.from("<html>"))],
    ["other metadata", ({ body }) => ({ body, metadata: { signature: "00" } })],
  ];

  /** A source that answers badly so many times for one key, and how often it was asked for that. */
  function badly(
    trail: DeliveredTrail,
    key: string,
    times: number,
    answer: Answer,
  ): { source: MemorySource; asked: () => number } {
    let asked = 0;
    const source = Object.assign(Object.create(trail.source) as MemorySource, {
      getObject: async (bucket: string, name: string): Promise<StoredObject | undefined> => {
        const object = await trail.source.getObject(bucket, name);
        return name === key && asked++ < times ? answer(object!) : object;
      },
    });
    return { source, asked: () => asked };
  }

  async function faultsOf(trail: DeliveredTrail, source: MemorySource): Promise<unknown[]> {
    const found: unknown[] = [];
    for await (const finding of validateLogFiles(trail.request(), source))
      if (isFault(finding)) found.push([FAULTS[finding.kind], finding.key]);
    return found;
  }

  const trail = sixHours();
  const files: [string, string][] = [
    ["a log file", trail.logs[3]![0]!],
    ["the newest digest", trail.keysOfDigests[5]!],
    ["an older digest", trail.keysOfDigests[3]!],
  ];
  const cases = files.flatMap(([file, key]) =>
    BAD.filter(([how]) => file !== "a log file" || how !== "other metadata").map(
      ([how, answer]) => [file, how, key, answer] as const,
    ),
  );

  test.each(cases)("%s, once %s", async (_file, _how, key, answer) => {
    const { source, asked } = badly(trail, key, 1, answer);
    expect(await faultsOf(trail, source)).toEqual([]);
    expect(asked()).toBe(2);
  });

  test.each(cases)("%s, always %s, is", async (_file, _how, key, answer) => {
    const { source, asked } = badly(trail, key, Infinity, answer);
    expect(await faultsOf(trail, source)).toContainEqual(["tampered", key]);
    expect(asked()).toBe(2);
  });

  test.each(files)("%s that is another each time could not be checked", async (_file, key) => {
    let count = 0;
    const { source } = badly(trail, key, Infinity, (object) =>
      other(gzipSync(`{"digest":"${"x".repeat(count++)}"}`))(object),
    );
    const found = await faultsOf(trail, source);
    // A digest that is none each time is the same each time.
    expect(found).toContainEqual([key === trail.logs[3]![0] ? "not-checked" : "tampered", key]);
  });

  test("a list of public keys that lacks one is asked for again", async () => {
    let asked = 0;
    const lacking = Object.assign(Object.create(trail.source) as MemorySource, {
      publicKeys: async (...args: [string, string, string]) => {
        const keys = await trail.source.publicKeys(...args);
        return asked++ === 0 ? keys.map((key) => ({ ...key, fingerprint: "0" })) : keys;
      },
    });
    expect(await faultsOf(trail, lacking)).toEqual([]);
    expect(asked).toBe(2);
  });
});

describe("reading", () => {
  test("as many objects at a time as allowed, over several validations, and never more", async () => {
    const trails = [new MemorySource(undefined, 5), new MemorySource(undefined, 5)].map((source) =>
      sixHours(new DeliveredTrail(source)),
    );
    const atOnce = new AtOnce(4);
    let open = 0;
    let mostOpen = 0;
    for (const { source } of trails) {
      const getObject = source.getObject.bind(source);
      source.getObject = async (...name) => {
        mostOpen = Math.max(mostOpen, ++open);
        return getObject(...name).finally(() => open--);
      };
    }
    const all = await Promise.all(trails.map((trail) => findingsOf(trail, { atOnce })));
    expect(all.map((findings) => findings.filter((finding) => !isFault(finding)).length)).toEqual([
      16, 16,
    ]);
    expect(mostOpen).toBe(4);
  });

  test("32 objects at a time by default, in the chain's order all the same", async () => {
    const source = new MemorySource(undefined, 10);
    const trail = new DeliveredTrail(source);
    for (let hour = 0; hour < 12; hour++) trail.deliver(10);
    const findings = await findingsOf(trail);
    expect(findings.map(({ key }) => key)).toEqual(
      trail.digests
        .map(({ key }, index) => [key, ...trail.logs[index]!])
        .reverse()
        .flat(),
    );
    expect(source.mostOpen).toBe(32);
  });

  test("stops when nobody wants more", async () => {
    const source = new MemorySource(undefined, 1);
    const trail = new DeliveredTrail(source);
    for (let hour = 0; hour < 60; hour++) trail.deliver(4);
    let read = 0;
    const getObject = source.getObject.bind(source);
    source.getObject = (...name) => {
      read++;
      return getObject(...name);
    };
    for await (const finding of validateLogFiles(
      trail.request({ atOnce: new AtOnce(2) }),
      source,
    )) {
      expect(finding.kind).toBe("digest-valid");
      break;
    }
    expect(read).toBeLessThan(30);
  });

  test("a log file far larger than memory would like, piece by piece", async () => {
    const trail = sixHours();
    const key = trail.logs[3]![0]!;
    const SIZE = 96 * 1024 * 1024;
    let most = 0;
    const source = answering(trail.source, key, async function* () {
      const gzip = createGzip({ level: 1 });
      const piece = Buffer.alloc(1024 * 1024);
      void (async () => {
        for (let written = 0; written < SIZE; written += piece.length)
          if (!gzip.write(piece)) await once(gzip, "drain");
        gzip.end();
      })();
      for await (const chunk of gzip) {
        most = Math.max(most, process.memoryUsage().arrayBuffers);
        yield chunk as Buffer;
      }
    });
    const before = process.memoryUsage().arrayBuffers;
    const faults: ValidationFinding[] = [];
    for await (const finding of validateLogFiles(trail.request(), source))
      if (isFault(finding)) faults.push(finding);
    expect(faults.map(kindAndKey)).toEqual([["log-changed", key]]);
    expect(most - before).toBeLessThan(SIZE / 3);
  });

  test("no more of a log file that can't be unzipped", async () => {
    const trail = sixHours();
    const key = trail.logs[3]![0]!;
    let pieces = 0;
    const source = answering(trail.source, key, async function* () {
      for (; pieces < 1000; pieces++) {
        await Promise.resolve();
        yield Buffer.alloc(64 * 1024, "x");
      }
    });
    const faults: ValidationFinding[] = [];
    for await (const finding of validateLogFiles(trail.request(), source))
      if (isFault(finding)) faults.push(finding);
    expect(faults.map(kindAndKey)).toEqual([["log-unreadable", key]]);
    expect(pieces).toBeLessThan(20);
  });
});

/** The source, but with another body for one key. */
function answering(
  source: MemorySource,
  key: string,
  body: () => AsyncIterable<Uint8Array>,
): MemorySource {
  return Object.assign(Object.create(source) as MemorySource, {
    getObject: (bucket: string, asked: string): Promise<StoredObject | undefined> =>
      asked === key
        ? Promise.resolve({ body: body(), metadata: {} })
        : source.getObject(bucket, asked),
  });
}
