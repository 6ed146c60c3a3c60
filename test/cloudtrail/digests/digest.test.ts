import {
  buildDigest,
  type DigestParts,
  parseDigest,
  stringToSign,
} from "../../../cloudtrail/digests/digest";

const parts: DigestParts = {
  accountId: "111122223333",
  startTime: "2015-08-17T14:01:31Z",
  endTime: "2015-08-17T15:01:31Z",
  s3Bucket: "amzn-s3-demo-bucket",
  s3Object: "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2015/08/17/digest.json.gz",
  publicKeyFingerprint: "31e8b5433410dfb61a9dc45cc65b22ff",
  logFiles: [
    {
      s3Bucket: "amzn-s3-demo-bucket",
      s3Object: "one.json.gz",
      hashValue: "aa",
      newestEventTime: "2015-08-17T14:52:27Z",
      oldestEventTime: "2015-08-17T14:42:27Z",
    },
    {
      s3Bucket: "amzn-s3-demo-bucket",
      s3Object: "two.json.gz",
      hashValue: "bb",
      newestEventTime: "2015-08-17T14:50:00Z",
      oldestEventTime: "2015-08-17T14:40:00Z",
    },
  ],
  previous: {
    s3Bucket: "amzn-s3-demo-bucket",
    s3Object: "previous.json.gz",
    hashValue: "97fb",
    signature: "5088",
  },
};

/** The fields of AWS's sample digest, in its order. */
const FIELDS = [
  "awsAccountId",
  "digestStartTime",
  "digestEndTime",
  "digestS3Bucket",
  "digestS3Object",
  "digestPublicKeyFingerprint",
  "digestSignatureAlgorithm",
  "newestEventTime",
  "oldestEventTime",
  "previousDigestS3Bucket",
  "previousDigestS3Object",
  "previousDigestHashValue",
  "previousDigestHashAlgorithm",
  "previousDigestSignature",
  "logFiles",
];

describe("a digest", () => {
  test("has AWS's fields, and the times of its first and last event", () => {
    const digest = buildDigest(parts);
    expect(Object.keys(digest)).toEqual(FIELDS);
    expect(digest).toMatchObject({
      digestSignatureAlgorithm: "SHA256withRSA",
      newestEventTime: "2015-08-17T14:52:27Z",
      oldestEventTime: "2015-08-17T14:40:00Z",
      previousDigestHashAlgorithm: "SHA-256",
    });
    expect(digest.logFiles[0]).toEqual({ ...parts.logFiles[0], hashAlgorithm: "SHA-256" });
  });

  test("without a previous one has five nulls, and without log files two", () => {
    const { previous, ...starting } = parts;
    expect(previous).toBeDefined();
    const digest = buildDigest({ ...starting, logFiles: [] });
    const nulls = Object.entries(digest).flatMap(([field, value]) => (value === null ? field : []));
    expect(nulls).toEqual([
      "newestEventTime",
      "oldestEventTime",
      "previousDigestS3Bucket",
      "previousDigestS3Object",
      "previousDigestHashValue",
      "previousDigestHashAlgorithm",
      "previousDigestSignature",
    ]);
    expect(digest.logFiles).toEqual([]);
    expect(stringToSign(digest, "ff").split("\n").at(-1)).toBe("null");
  });

  test("is signed by its end, its place, its hash and the previous signature", () => {
    expect(stringToSign(buildDigest(parts), "ff")).toBe(
      `2015-08-17T15:01:31Z\namzn-s3-demo-bucket/${parts.s3Object}\nff\n5088`,
    );
  });
});

describe("reading a digest", () => {
  const read = (
    change: (digest: Record<string, unknown>) => void,
  ): ReturnType<typeof parseDigest> => {
    const digest: Record<string, unknown> = { ...buildDigest(parts) };
    change(digest);
    return parseDigest(JSON.stringify(digest));
  };

  test("gives back what was written", () => {
    expect(read(() => undefined)).toEqual({ digest: buildDigest(parts) });
  });

  test.each<[string, (digest: Record<string, unknown>) => void, string[]]>([
    ["a field missing", (digest) => delete digest.digestEndTime, ["digestEndTime must be text"]],
    [
      "a time that is none",
      (digest) => (digest.digestStartTime = "yesterday"),
      ["digestStartTime must be a time like 2026-01-31T23:12:05Z"],
    ],
    [
      "half of a previous digest",
      (digest) => (digest.previousDigestSignature = null),
      [
        "previousDigestS3Bucket, previousDigestS3Object, previousDigestHashValue, previousDigestSignature must all be text or all be null",
      ],
    ],
    ["no list of log files", (digest) => (digest.logFiles = {}), ["logFiles must be a list"]],
    [
      "log files of the wrong shape, and a number",
      (digest) => {
        digest.digestS3Object = 1;
        digest.logFiles = [null, { ...parts.logFiles[0], hashAlgorithm: "MD5", hashValue: 2 }];
      },
      [
        "digestS3Object must be text",
        "logFiles[0] must be an object",
        "logFiles[1].hashValue must be text",
        "logFiles[1].hashAlgorithm must be SHA-256",
      ],
    ],
  ])("names all problems: %s", (_, change, problems) => {
    expect(read(change)).toEqual({ problems });
  });

  test.each([
    ["{", "it is not JSON"],
    ["[]", "it is not a JSON object"],
    ["null", "it is not a JSON object"],
  ])("names what is not a digest at all: %s", (text, problem) => {
    expect(parseDigest(text)).toEqual({ problems: [problem] });
  });
});
