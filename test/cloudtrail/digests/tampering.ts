import { gunzipSync, gzipSync } from "node:zlib";
import { DIGEST_METADATA } from "../../../cloudtrail/digests/digest";
import type { FaultKind, ValidationRequest } from "../../../cloudtrail/digests/log-validation";
import { SigningKeys } from "../../../lab";
import {
  AWS_KEYS,
  BUCKET,
  DeliveredTrail,
  FIRST_END,
  HOUR,
  MemorySource,
  sixHours,
  timeText,
  TRAIL,
} from "../../support/delivered-trail";

/** What somebody did to the files, and what each validator makes of it. */
export interface Tampering {
  readonly name: string;
  /** Delivers, tampers, and says what is to be found. */
  readonly make: () => Tampered;
}

export interface Tampered {
  readonly trail: DeliveredTrail;
  /** Ours: each fault and its file, in any order, and no more than these. */
  readonly faults: readonly (readonly [FaultKind, key: string])[];
  /** The CLI's: each reason and its file, and no more than these. */
  readonly cli: readonly (readonly [reason: string, key: string])[];
  /** @default - all of the trail */
  readonly request?: Partial<ValidationRequest>;
}

const NOT_FOUND = "not found";
const BAD_SIGNATURE = "signature verification failed";
const BAD_FORMAT = "invalid format";
const BAD_HASH = "hash value doesn't match";
const MOVED = "has been moved from its original location";
const noKey = (fingerprint: string): string =>
  `public key not found in region ${TRAIL.homeRegion} for fingerprint ${fingerprint}`;

/** What can stand behind a gzip part, so that its content stays as it was. */
const BEHIND: readonly (readonly [what: string, bytes: Buffer])[] = [
  ["a second gzip part", gzipSync('{"Records":[]}')],
  ["an empty gzip part", gzipSync("")],
  ["a NUL", Buffer.alloc(1)],
  ["NULs", Buffer.alloc(100_000)],
  ["NULs and a gzip part", Buffer.concat([Buffer.alloc(8), gzipSync('{"Records":[]}')])],
  ["text", Buffer.from("text")],
];

export const TAMPERINGS: readonly Tampering[] = [
  {
    name: "nothing",
    make: () => ({ trail: sixHours(), faults: [], cli: [] }),
  },
  ...logTamperings(),
  ...digestTamperings(),
  ...chainTamperings(),
  ...signatureTamperings(),
  ...backfillTamperings(),
  ...otherChains(),
  ...unvouchedFiles(),
];

function logTamperings(): Tampering[] {
  const toLog = (
    name: string,
    change: (trail: DeliveredTrail, key: string) => void,
    kind: FaultKind | undefined,
    reason: string | undefined,
  ): Tampering => ({
    name,
    make: () => {
      const trail = sixHours();
      const key = trail.logs[3]![1]!;
      change(trail, key);
      return {
        trail,
        faults: kind === undefined ? [] : [[kind, key]],
        cli: reason === undefined ? [] : [[reason, key]],
      };
    },
  });
  const rewrite = (change: (body: Buffer) => Buffer) => (trail: DeliveredTrail, key: string) => {
    const object = trail.source.get(key);
    object.body = change(object.body);
  };
  return [
    toLog(
      "a log file changed",
      ({ source }, key) => source.edit(key, (content) => content.replace("eventID", "eventId")),
      "log-changed",
      BAD_HASH,
    ),
    toLog("a log file deleted", ({ source }, key) => source.delete(key), "log-missing", NOT_FOUND),
    toLog(
      "a log file zipped anew, its content equal",
      ({ source }, key) => {
        const object = source.get(key);
        const before = object.body;
        source.edit(key, (content) => `${content} `);
        source.edit(key, (content) => content.slice(0, -1));
        object.body = Buffer.concat([
          object.body.subarray(0, 8),
          Buffer.from([4, 255]),
          object.body.subarray(10),
        ]);
        if (object.body.equals(before)) throw new Error("zipped as before");
      },
      undefined,
      undefined,
    ),
    toLog(
      "a log file that is not gzip",
      rewrite(() => Buffer.from("{}")),
      "log-unreadable",
      BAD_FORMAT,
    ),
    toLog(
      "a log file cut short",
      rewrite((body) => body.subarray(0, -12)),
      "log-unreadable",
      BAD_HASH,
    ),
    // The CLI hashes the first part alone, and looks at nothing behind it; gunzip and Athena do.
    ...BEHIND.map(([what, bytes]) =>
      toLog(
        `${what} put behind a log file's own gzip part`,
        rewrite((body) => Buffer.concat([body, bytes])),
        "log-changed",
        undefined,
      ),
    ),
    toLog(
      "a log file zipped in two parts, its content equal",
      rewrite((body) => {
        const content = gunzipSync(body);
        return Buffer.concat(
          [content.subarray(0, 9), content.subarray(9)].map((part) => gzipSync(part)),
        );
      }),
      "log-changed",
      BAD_HASH,
    ),
    toLog(
      "a log file replaced by another",
      ({ source, logs }, key) => {
        source.put(key, source.get(logs[4]![0]!).body);
      },
      "log-changed",
      BAD_HASH,
    ),
  ];
}

function digestTamperings(): Tampering[] {
  const toDigest = (
    name: string,
    index: number,
    change: (trail: DeliveredTrail, key: string) => void,
    kind: FaultKind,
    reason: string,
  ): Tampering => ({
    name,
    make: () => {
      const trail = sixHours();
      const key = trail.keysOfDigests[index]!;
      change(trail, key);
      return { trail, faults: [[kind, key]], cli: [[reason, key]] };
    },
  });
  const edit =
    (from: string | RegExp, to: string) =>
    ({ source }: DeliveredTrail, key: string) =>
      source.edit(key, (content) => content.replace(from, to));
  const otherHash = edit(/"hashValue":"[0-9a-f]{4}/, '"hashValue":"0000');
  const metadata =
    (change: (metadata: Record<string, string>) => void) =>
    ({ source }: DeliveredTrail, key: string) =>
      change(source.get(key).metadata);
  const copyOver =
    (from: number) =>
    ({ source, keysOfDigests }: DeliveredTrail, key: string): void => {
      const other = source.get(keysOfDigests[from]!);
      source.put(key, other.body, other.metadata);
    };
  return [
    toDigest("a digest changed", 3, otherHash, "digest-changed", BAD_SIGNATURE),
    toDigest("the oldest digest changed", 0, otherHash, "digest-changed", BAD_SIGNATURE),
    toDigest("the newest digest changed", 5, otherHash, "digest-signature-invalid", BAD_SIGNATURE),
    toDigest(
      "a log file taken out of a digest",
      3,
      edit(/"logFiles":\[\{.*?\},/, '"logFiles":['),
      "digest-changed",
      BAD_SIGNATURE,
    ),
    toDigest(
      "a digest deleted",
      3,
      ({ source }, key) => source.delete(key),
      "digest-missing",
      NOT_FOUND,
    ),
    toDigest(
      "the oldest digest deleted",
      0,
      ({ source }, key) => source.delete(key),
      "digest-missing",
      NOT_FOUND,
    ),
    toDigest("a digest overwritten by another", 2, copyOver(4), "digest-moved", MOVED),
    toDigest("the newest digest overwritten by another", 5, copyOver(4), "digest-moved", MOVED),
    ...BEHIND.flatMap(([what, bytes]) =>
      [3, 5].map((index) => ({
        name: `${what} put behind the gzip part of digest ${index} of 0 to 5`,
        make: () => {
          const trail = sixHours();
          const key = trail.keysOfDigests[index]!;
          const object = trail.source.get(key);
          object.body = Buffer.concat([object.body, bytes]);
          return { trail, faults: [["digest-changed", key] as const], cli: [] };
        },
      })),
    ),
    toDigest(
      "a digest that is not gzip",
      3,
      ({ source }, key) => (source.get(key).body = Buffer.from("{}")),
      "digest-unreadable",
      BAD_FORMAT,
    ),
    toDigest("a digest that is not JSON", 3, edit("{", "["), "digest-unreadable", BAD_FORMAT),
    toDigest(
      "a digest without a field",
      3,
      edit("digestEndTime", "digestEnd"),
      "digest-unreadable",
      BAD_FORMAT,
    ),
    toDigest(
      "a digest without its signature",
      3,
      metadata((values) => delete values[DIGEST_METADATA.signature]),
      "digest-signature-invalid",
      BAD_SIGNATURE,
    ),
    toDigest(
      "the newest digest without metadata",
      5,
      metadata((values) => {
        for (const name of Object.keys(values)) delete values[name];
      }),
      "digest-signature-invalid",
      BAD_SIGNATURE,
    ),
    toDigest(
      "a signature that is not hexadecimal",
      3,
      metadata((values) => (values[DIGEST_METADATA.signature] = "none")),
      "digest-signature-invalid",
      "Non-hexadecimal digit found",
    ),
    {
      name: "the signatures of two digests swapped",
      make: () => {
        const trail = sixHours();
        const [one, other] = [trail.keysOfDigests[2]!, trail.keysOfDigests[3]!];
        const [first, second] = [trail.source.get(one), trail.source.get(other)];
        [first.metadata, second.metadata] = [second.metadata, first.metadata];
        return {
          trail,
          faults: [
            ["digest-signature-invalid", other],
            ["digest-signature-invalid", one],
          ],
          cli: [
            [BAD_SIGNATURE, other],
            [BAD_SIGNATURE, one],
          ],
        };
      },
    },
    {
      name: "a signature swapped, and a log file of that digest changed",
      make: () => {
        const trail = sixHours();
        const key = trail.keysOfDigests[3]!;
        const log = trail.logs[3]![0]!;
        const other = trail.source.get(trail.keysOfDigests[4]!).metadata;
        trail.source.get(key).metadata = { ...other };
        trail.source.edit(log, (content) => `${content} `);
        return {
          trail,
          faults: [
            ["digest-signature-invalid", key],
            ["log-changed", log],
          ],
          // It looks at no log files of a digest that it finds invalid.
          cli: [[BAD_SIGNATURE, key]],
        };
      },
    },
    {
      name: "all of it copied to another bucket, under the same keys",
      make: () => {
        const trail = sixHours();
        const keys = trail.keysOfDigests;
        for (const key of [...keys, ...trail.logs.flat()]) {
          const { body, metadata: signature } = trail.source.get(key);
          trail.source.put(key, body, signature, "copied-logs");
        }
        return {
          trail,
          faults: keys.map((key) => ["digest-moved", key]),
          cli: keys.map((key) => [MOVED, key]),
          request: { s3BucketName: "copied-logs" },
        };
      },
    },
    {
      name: "a digest copied to a later hour, as if it were the newest",
      make: () => {
        const trail = sixHours();
        const newest = trail.keysOfDigests[5]!;
        const copy = newest.replace("T021205Z", "T031205Z");
        const { body, metadata: signature } = trail.source.get(newest);
        trail.source.put(copy, body, signature);
        return { trail, faults: [["digest-moved", copy]], cli: [[MOVED, copy]] };
      },
    },
    {
      name: "a made-up digest put between two real ones",
      make: () => {
        const trail = sixHours();
        const key = trail.keysOfDigests[3]!.replace("T001205Z", "T004205Z");
        const { body, metadata: signature } = trail.source.get(trail.keysOfDigests[3]!);
        trail.source.put(key, body, signature);
        return { trail, faults: [["digest-moved", key]], cli: [] };
      },
    },
  ];
}

function chainTamperings(): Tampering[] {
  const deleting = (
    name: string,
    indexes: readonly number[],
    faults: readonly (readonly [FaultKind, index: number])[],
    cli: readonly number[],
  ): Tampering => ({
    name,
    make: () => {
      const trail = sixHours();
      const keys = trail.keysOfDigests;
      for (const index of indexes) trail.source.delete(keys[index]!);
      return {
        trail,
        faults: faults.map(([kind, index]) => [kind, keys[index]!]),
        cli: cli.map((index) => [NOT_FOUND, keys[index]!]),
      };
    },
  });
  return [
    deleting(
      "two digests deleted, an hour apart",
      [4, 2],
      [
        ["digest-missing", 4],
        ["digest-missing", 2],
      ],
      [4, 2],
    ),
    deleting(
      "two adjacent digests deleted",
      [3, 2],
      [
        ["digest-missing", 3],
        ["adjacent-digests-missing", 3],
      ],
      [3],
    ),
    deleting(
      "three adjacent digests deleted",
      [4, 3, 2],
      [
        ["digest-missing", 4],
        ["adjacent-digests-missing", 4],
      ],
      [4],
    ),
    deleting(
      "the two oldest digests deleted",
      [1, 0],
      [
        ["digest-missing", 1],
        ["adjacent-digests-missing", 1],
      ],
      [1],
    ),
    deleting("the newest digest deleted: nothing names it", [5], [], []),
    {
      name: "every digest deleted",
      make: () => {
        const trail = sixHours();
        for (const key of trail.keysOfDigests) trail.source.delete(key);
        const folder = trail.keysOfDigests[0]!.replace(/2026.*/, "");
        return { trail, faults: [["no-digests", folder]], cli: [] };
      },
    },
    {
      name: "a digest changed and the one before it deleted",
      make: () => {
        const trail = sixHours();
        const [deleted, changed] = [trail.keysOfDigests[2]!, trail.keysOfDigests[3]!];
        trail.source.delete(deleted);
        trail.source.edit(changed, (content) =>
          content.replace(/"hashValue":"[0-9a-f]{4}/, '"hashValue":"0000'),
        );
        return {
          trail,
          faults: [
            ["digest-changed", changed],
            ["adjacent-digests-missing", changed],
          ],
          cli: [[BAD_SIGNATURE, changed]],
        };
      },
    },
    {
      name: "validation off for two hours: a starting digest with older ones before it",
      make: () => {
        const trail = new DeliveredTrail();
        trail.deliver(1);
        trail.deliver(1);
        const start = trail.deliverAt(FIRST_END + 4 * HOUR, 1, { previous: undefined });
        trail.deliverAt(FIRST_END + 5 * HOUR, 1);
        return {
          trail,
          faults: [["gap", start.key]],
          cli: [],
          request: { to: "2026-02-01T02:12:05Z" },
        };
      },
    },
  ];
}

function signatureTamperings(): Tampering[] {
  /** The whole chain, written by somebody. */
  const chainBy = (
    name: string,
    keys: Pick<SigningKeys, "keyAt">,
    kind: FaultKind,
    reason: string,
  ): Tampering => ({
    name,
    make: () => {
      const trail = sixHours(new DeliveredTrail(new MemorySource(), keys));
      return {
        trail,
        faults: trail.keysOfDigests.map((key) => [kind, key]),
        cli: trail.keysOfDigests.map((key) => [reason, key]),
      };
    },
  });
  const stranger = new SigningKeys(() => FIRST_END);
  const otherRegion = "us-east-1";
  return [
    chainBy(
      "every digest signed anew with a stranger's key",
      stranger,
      "public-key-missing",
      noKey(stranger.keyAt("eu-west-1", FIRST_END).fingerprint),
    ),
    chainBy(
      "every digest signed anew with a stranger's key under the true fingerprint",
      {
        keyAt: (region, time) => ({
          ...stranger.keyAt(region, time),
          fingerprint: AWS_KEYS.keyAt(region, time).fingerprint,
        }),
      },
      "digest-signature-invalid",
      BAD_SIGNATURE,
    ),
    chainBy(
      "every digest signed with another region's key",
      { keyAt: (_, time) => AWS_KEYS.keyAt(otherRegion, time) },
      "public-key-missing",
      noKey(AWS_KEYS.keyAt(otherRegion, FIRST_END).fingerprint),
    ),
    {
      name: "one digest signed anew, with the region's own key: the next one knows better",
      make: () => {
        const trail = sixHours();
        const key = trail.keysOfDigests[3]!;
        const forged = new DeliveredTrail(new MemorySource());
        forged.digests.push(...trail.digests.slice(0, 3));
        const digest = forged.deliver(0);
        if (digest.key !== key) throw new Error(`${digest.key} is not ${key}`);
        trail.source.put(key, digest.body, digest.metadata);
        return { trail, faults: [["digest-changed", key]], cli: [] };
      },
    },
    {
      name: "a digest whose signature the next one does not name",
      make: () => {
        const trail = new DeliveredTrail();
        const first = trail.deliver(1);
        const other = trail.deliver(1);
        trail.deliver(1, {
          previous: { ...other.asPrevious, signature: first.asPrevious.signature },
        });
        return { trail, faults: [["digest-signature-invalid", other.key]], cli: [] };
      },
    },
  ];
}

function backfillTamperings(): Tampering[] {
  const LATER = 20 * 24 * HOUR;
  // The backfill digests are signed with a key that is not yet in use in the hours asked for.
  const keys = new SigningKeys(() => FIRST_END, [FIRST_END + LATER / 2]);
  type Backfill = ReturnType<DeliveredTrail["backfill"]>;
  const withBackfills = (
    name: string,
    tamper: (trail: DeliveredTrail, backfills: readonly Backfill[]) => Partial<Tampered>,
  ): Tampering => ({
    name,
    make: () => {
      const trail = sixHours(new DeliveredTrail(new MemorySource(keys)));
      const first = trail.backfill(FIRST_END + HOUR, FIRST_END + LATER);
      const second = trail.backfill(FIRST_END + 4 * HOUR, FIRST_END + LATER, first);
      const third = trail.backfill(FIRST_END + 5 * HOUR, FIRST_END + LATER);
      return { trail, faults: [], cli: [], ...tamper(trail, [first, second, third]) };
    },
  });
  return [
    withBackfills("nothing, with backfill digests", () => ({})),
    withBackfills("a log file of a backfill digest changed", ({ source }, [first]) => {
      source.edit(first!.log, (content) => `${content} `);
      return { faults: [["log-changed", first!.log]], cli: [[BAD_HASH, first!.log]] };
    }),
    withBackfills("a backfill digest deleted that another names", ({ source }, [first]) => {
      source.delete(first!.key);
      return { faults: [["digest-missing", first!.key]], cli: [[NOT_FOUND, first!.key]] };
    }),
    withBackfills("a backfill digest without its time", ({ source }, [, second]) => {
      delete source.get(second!.key).metadata[DIGEST_METADATA.backfillGeneratedAt];
      return { faults: [["digest-unreadable", second!.key]], cli: [[BAD_FORMAT, second!.key]] };
    }),
  ];
}

function otherChains(): Tampering[] {
  /** A trail whose first four digests are elsewhere. */
  const moved = (
    name: string,
    s3BucketName: string,
    s3KeyPrefix: string | undefined,
    tamper: (trail: DeliveredTrail, keys: readonly string[]) => Partial<Tampered>,
  ): Tampering => ({
    name,
    make: () => {
      const trail = new DeliveredTrail();
      const target = { identity: TRAIL, s3BucketName, s3KeyPrefix };
      for (let hour = 0; hour < 4; hour++) trail.deliver(1, { target });
      trail.deliver(1);
      trail.deliver(1);
      return { trail, faults: [], cli: [], ...tamper(trail, trail.keysOfDigests) };
    },
  });
  const deleteTwo =
    (bucket: string) =>
    ({ source }: DeliveredTrail, keys: readonly string[]): Partial<Tampered> => {
      for (const key of [keys[1]!, keys[2]!]) source.objects.delete(`${bucket}/${key}`);
      return {
        faults: [
          ["digest-missing", keys[2]!],
          ["adjacent-digests-missing", keys[2]!],
        ],
        cli: [[NOT_FOUND, keys[2]!]],
      };
    };
  return [
    moved("nothing, after the trail went to another bucket", "older-logs", undefined, () => ({})),
    moved("nothing, after the trail got another prefix", BUCKET, "older", () => ({})),
    moved(
      "two digests deleted in the trail's former bucket",
      "older-logs",
      undefined,
      deleteTwo("older-logs"),
    ),
    moved(
      "two digests deleted below the trail's former prefix",
      BUCKET,
      "older",
      deleteTwo(BUCKET),
    ),
    moved(
      "a log file changed of a digest that ends with one below the former prefix",
      BUCKET,
      "older",
      (trail) => {
        const unnamed = new DeliveredTrail(trail.source);
        unnamed.deliverAt(FIRST_END + 2 * HOUR, 1, { previous: undefined });
        const log = unnamed.logs[0]![0]!;
        // The digest of the former prefix names the same log file.
        trail.source.edit(log, (content) => `${content} `);
        return {
          faults: [
            ["log-changed", log],
            ["log-changed", log],
          ],
          cli: [[BAD_HASH, log]],
        };
      },
    ),
    {
      name: "a log file changed of a digest that no other names",
      make: () => {
        const trail = new DeliveredTrail();
        const first = trail.deliver(1);
        trail.deliver(1);
        trail.deliver(1, { previous: first.asPrevious });
        const log = trail.logs[1]![0]!;
        trail.source.edit(log, (content) => `${content} `);
        return { trail, faults: [["log-changed", log]], cli: [] };
      },
    },
    {
      name: "a log file changed of a digest that no other names, where the time asked for begins",
      make: () => {
        const trail = new DeliveredTrail();
        const first = trail.deliver(1);
        trail.deliverAt(FIRST_END + HOUR / 2, 1);
        trail.deliverAt(FIRST_END + HOUR, 1, { previous: first.asPrevious });
        const log = trail.logs[1]![0]!;
        trail.source.edit(log, (content) => `${content} `);
        const request = { from: timeText(FIRST_END + HOUR / 4) };
        return { trail, faults: [["log-changed", log]], cli: [], request };
      },
    },
    {
      name: "nothing, while the region went over to its next key",
      make: () => {
        const keys = new SigningKeys(() => FIRST_END, [FIRST_END + 2.5 * HOUR]);
        return {
          trail: sixHours(new DeliveredTrail(new MemorySource(keys))),
          faults: [],
          cli: [],
        };
      },
    },
  ];
}

/** What somebody else put beside the files. No digest names it, and the CLI lists no log files. */
function unvouchedFiles(): Tampering[] {
  const DAY = "AWSLogs/111111111111/CloudTrail/eu-west-1/2026/01/31/";
  const FORGED = gzipSync('{"Records":[{"eventID":"forged"}]}');
  const added = (
    name: string,
    keys: readonly string[] | ((trail: DeliveredTrail) => readonly string[]),
    isFault: boolean,
  ): Tampering => ({
    name,
    make: () => {
      const trail = sixHours();
      const put = typeof keys === "function" ? keys(trail) : keys;
      for (const key of put) trail.source.put(key, FORGED);
      return { trail, faults: isFault ? put.map((key) => ["log-unvouched", key]) : [], cli: [] };
    },
  });
  /** The keys of log files that are delivered in the minute before a time. */
  const keysAt = (time: number) => (trail: DeliveredTrail) =>
    trail.deliverLogs(time, 1, BUCKET, "forged").map(({ s3Object }) => s3Object);
  const NAME = "111111111111_CloudTrail_eu-west-1_20260131T2230Z_forgedforgedforg.json.gz";
  /** The hours of another trail of the account, into the same folder. */
  const another = (trail: DeliveredTrail, keys?: SigningKeys): DeliveredTrail => {
    const other = new DeliveredTrail(trail.source, keys);
    const target = {
      identity: { ...TRAIL, name: "another-trail" },
      s3BucketName: BUCKET,
    };
    for (let hour = 0; hour < 6; hour++) {
      const end = FIRST_END + hour * HOUR;
      const logFiles = other.deliverLogs(end - 10 * 60_000, 1, BUCKET, "another");
      other.logs.push(logFiles.map(({ s3Object }) => s3Object));
      other.deliver(0, { target, logFiles });
    }
    return other;
  };
  return [
    added("a well-named log file put in a covered hour", keysAt(FIRST_END + 2 * HOUR), true),
    added("a well-named log file put in an hour without any", keysAt(FIRST_END + 1.5 * HOUR), true),
    added("a log file put in the first minute covered", keysAt(FIRST_END - HOUR + 115_000), true),
    added("a log file put in the newest digest's hour", keysAt(FIRST_END + 4.95 * HOUR), true),
    added("a log file of the newest one's minute, on its way", keysAt(FIRST_END + 5 * HOUR), false),
    added("a log file from before the first digest", keysAt(FIRST_END - HOUR), false),
    added("a log file that the next digest will name", keysAt(FIRST_END + 5.5 * HOUR), false),
    added("a log file in another day's folder", [`${DAY.replace("31/", "30/")}${NAME}`], false),
    added("a log file in a later day's folder", [DAY.replace("01/31", "02/01") + NAME], true),
    added(
      "files with names that CloudTrail gives none",
      [
        `${DAY}notes.txt`,
        `${DAY}sub/${NAME}`,
        DAY + NAME.replace("_eu-west-1_", "_us-east-1_"),
        DAY + NAME.replace("111111111111_", "222222222222_"),
        DAY + NAME.replace(".gz", ""),
        "AWSLogs/111111111111/CloudTrail/eu-west-1/loose.json.gz",
      ],
      true,
    ),
    added("the objects that S3's console makes of folders", [DAY, `${DAY}new folder/`], false),
    {
      name: "a file in the digests' folder that is not a digest by its name",
      make: () => {
        const trail = sixHours();
        const key = `${DAY.replace("CloudTrail/", "CloudTrail-Digest/")}notes.txt`;
        trail.source.put(key, FORGED);
        return { trail, faults: [["digest-unvouched", key]], cli: [] };
      },
    },
    {
      name: "nothing, with log files of another trail in the same folder",
      make: () => {
        const trail = sixHours();
        another(trail);
        return { trail, faults: [], cli: [] };
      },
    },
    {
      name: "nothing, with log files that another trail's next digest will name",
      make: () => {
        const trail = sixHours();
        const other = new DeliveredTrail(trail.source);
        const identity = { ...TRAIL, name: "another-trail" };
        // Its hours end 32 minutes before the trail's.
        const end = (hour: number): number => FIRST_END + (hour - 32 / 60) * HOUR;
        for (let hour = 0; hour < 6; hour++)
          other.deliverAt(end(hour), 2, { target: { identity, s3BucketName: BUCKET } });
        other.deliverLogs(end(5) + 20 * 60_000, 12, BUCKET, "next");
        return { trail, faults: [], cli: [] };
      },
    },
    {
      name: "log files vouched for by digests that somebody wrote in another trail's name",
      make: () => {
        const trail = sixHours();
        const other = another(trail, new SigningKeys(() => FIRST_END));
        return {
          trail,
          faults: [
            ...other.keysOfDigests.map((key) => ["digest-unvouched", key] as const),
            ...other.logs
              .flat()
              .filter((key) => !trail.logs.flat().includes(key) && key.includes("_er"))
              .map((key) => ["log-unvouched", key] as const),
          ],
          cli: [],
        };
      },
    },
    {
      name: "another trail's digest deleted: its log files can't be judged",
      make: () => {
        const trail = sixHours();
        const other = another(trail);
        trail.source.delete(other.keysOfDigests[2]!);
        return { trail, faults: [["digest-unvouched", other.keysOfDigests[2]!]], cli: [] };
      },
    },
    {
      name: "nothing, with a log file that came an hour late",
      make: () => {
        const trail = new DeliveredTrail();
        trail.deliver(2);
        const late = trail.deliverLogs(FIRST_END, 1, BUCKET, "late");
        trail.deliver(2);
        trail.deliver(0, { logFiles: late });
        trail.deliver(2);
        return { trail, faults: [], cli: [] };
      },
    },
  ];
}
