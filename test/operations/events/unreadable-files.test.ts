import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { accountFolder, logFileKey } from "../../../cloudtrail/files/log-layout";
import type { EventFormat } from "../../../operations/events/event-output";
import type { ReadProblem } from "../../../operations/events/read-problem";
import type { EventsOptions } from "../../../operations/events/events";
import { SEARCHED_BUCKET, type Searched, searchEvents } from "../../support/event-search";
import { type Answer, LoopbackS3, s3Error } from "../../support/loopback-s3";

const ACCOUNT = "111111111111";
const NOW = Date.UTC(2026, 0, 31, 23, 0);
const KMS_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const NO_DECRYPT = `User: arn:aws:sts::${ACCOUNT}:assumed-role/x/y is not authorized to perform: kms:Decrypt on resource: ${KMS_KEY} because no identity-based policy allows the kms:Decrypt action`;

let s3: LoopbackS3;

beforeEach(async () => {
  s3 = await LoopbackS3.start(SEARCHED_BUCKET);
});
afterEach(() => {
  s3.stop();
  jest.restoreAllMocks();
});

const key = (minute: number, account = ACCOUNT): string =>
  logFileKey({
    accountId: account,
    region: "us-east-1",
    deliveredAt: `2026-01-31T22:${String(minute).padStart(2, "0")}Z`,
    uniqueString: "unique",
  });
const file = (eventID: string): Buffer =>
  gzipSync(JSON.stringify({ Records: [{ eventID, eventTime: "2026-01-31T22:00:00Z" }] }));

interface Json {
  readonly records: readonly { readonly eventID: string }[];
  readonly files: number;
  readonly problems: readonly ReadProblem[];
}

function search(output: EventFormat, options: Partial<EventsOptions> = {}): Promise<Searched> {
  return searchEvents(s3, { account: [ACCOUNT], output, now: NOW, ...options });
}

async function searchJson(options: Partial<EventsOptions> = {}): Promise<Json & Searched> {
  const found = await search("json", options);
  return { ...found, ...(JSON.parse(found.stdout) as Json) };
}

const cut: Answer = (response) => {
  const whole = file("cut");
  response.writeHead(200, { "content-length": whole.length });
  response.write(whole.subarray(0, 20), () => setTimeout(() => response.destroy(), 20));
};

/** A proxy's page, which is not XML. */
function page(status: number): Answer {
  return (response) => response.writeHead(status).end("<html><body>Sign in<br></body></html>");
}

test.each<[string, Answer, RegExp, RegExp]>([
  [
    "archived",
    s3Error(403, "InvalidObjectState", "No.", "<StorageClass>GLACIER</StorageClass>"),
    /^It is archived \(GLACIER\)\.$/,
    /^Restore it, which takes hours and the right s3:RestoreObject, and search again:$/,
  ],
  ["key-refused", s3Error(403, "AccessDenied", NO_DECRYPT), /kms:Decrypt on/, new RegExp(KMS_KEY)],
  ["key-refused", s3Error(400, "KMS.DisabledException"), /KMS\.Disabled/, /enabled\.$/],
  ["refused", s3Error(403, "AccessDenied"), /as .*deployer: AccessDenied/, /needs s3:GetObject/],
  ["gone", s3Error(404, "NoSuchKey"), /^It was listed, and is gone\.$/, /lifecycle rule/],
  ["cut", cut, /^It could not be read to its end: .*aborted/, /Search again/],
  [
    "failed",
    s3Error(503, "ServiceUnavailable"),
    /Unavailable: No\. \(HTTP status 503\)/,
    /Search again later/,
  ],
  ["failed", s3Error(500, "InternalError"), /InternalError/, /Search again later/],
  [
    "other-region",
    s3Error(301, "PermanentRedirect"),
    /^The bucket is not in us-east-1/,
    /Correct destination\.region/,
  ],
  ["no-credentials", s3Error(400, "ExpiredToken"), /ExpiredToken: No\./, /Get new credentials/],
  ["no-credentials", s3Error(403, "InvalidAccessKeyId"), /read as/, /Get new credentials/],
  ["no-credentials", s3Error(403, "RequestTimeTooSkewed"), /read as/, /Set the clock/],
  ["failed", page(403), /^It could not be read: an answer of HTTP status 403 that/, /proxy/],
  ["failed", (response) => response.writeHead(403).end(), /status 403, and .* no error/, /later/],
  ["failed", page(418), /^It could not be read: an answer of HTTP status 418 that/, /proxy/],
  ["not-a-log-file", "<html>Sign in</html>", /not part of a log file/, /Pass log files alone/],
  ["empty", "", /^The file is empty/, /Fetch the file again/],
])("a file that is %s does not keep the others from being read", async (kind, how, what, way) => {
  s3.objects.set(key(0), file("before")).set(key(10), how).set(key(20), file("behind"));
  const { records, problems, code, said } = await searchJson();
  expect(records.map(({ eventID }) => eventID)).toEqual(["before", "behind"]);
  expect(problems).toEqual([
    expect.objectContaining({
      kind,
      file: `s3://${SEARCHED_BUCKET}/${key(10)}`,
      what: expect.stringMatching(what) as string,
      how: expect.stringMatching(way) as string,
    }),
  ]);
  expect(said.join("")).toContain(problems[0]!.what);
  expect(code).toBe(1);
});

test("an archived file's command is ready for a shell, whatever its key", async () => {
  const odd = key(10).replace("unique", "u'; touch x; '");
  s3.objects.set(
    odd,
    s3Error(403, "InvalidObjectState", "", "<StorageClass>GLACIER</StorageClass>"),
  );
  const { problems, said } = await searchJson();
  const { command = "" } = problems[0]!;
  const words = execFileSync("sh", ["-c", `set -- ${command}; printf '%s\\n' "$@"`], {
    encoding: "utf8",
  });
  expect(words.trimEnd().split("\n")).toEqual([
    "aws",
    "s3api",
    "restore-object",
    "--region",
    "us-east-1",
    "--bucket",
    SEARCHED_BUCKET,
    "--key",
    odd,
    "--restore-request",
    '{"Days":7,"GlacierJobParameters":{"Tier":"Standard"}}',
  ]);
  expect(said.join("")).toContain(`search again: ${command}\n`);
});

test("names and words of others are text, on a terminal and in the log of a pipeline", async () => {
  const odd = key(0).replace("unique", "u\n::error::\u001b[31m\u202e\u2028");
  s3.objects.set(odd, s3Error(403, "AccessDenied", "No.&#10;::add-mask::a&#27;]0;x&#7; ##[group]"));
  s3.objects.set(key(1), s3Error(400, "Odd", "&#10;  ::error::y"));
  const { said, problems, stdout } = await searchJson();
  expect(new Set(problems.map((problem) => problem.file))).toEqual(
    new Set([odd, key(1)].map((one) => `s3://${SEARCHED_BUCKET}/${one}`)),
  );
  const lines = [...said.join("").split("\n"), ...stdout.split("\n")];
  for (const line of lines) {
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(line).not.toMatch(/^\s*::|##\[/);
  }
  expect(said.join("")).toContain(
    "\\u000a::error::\\u001b[31m\\u202e\\u2028.json.gz: It could not",
  );
});

test("an odd record ends no search, and comes out as it went in", async () => {
  const records = [
    `{"eventVersion":"1.08","eventID":"1","__proto__":{"polluted":true},"constructor":"x","eventName":"a"}`,
    `{"eventVersion":"1.08","eventID":7,"eventName":{"toString":1},"eventTime":1712345678901234567}`,
    `{"eventVersion":1.08,"eventID":3,"eventSource":{"toString":"x"},"n":[1e400,-0,1.0,1E2],"n":2}`,
  ];
  s3.objects.set(key(0), `{"Records":[${records.join()}]}`);
  const { stdout, code } = await search("ndjson");
  expect([stdout, code]).toEqual([`${records.join("\n")}\n`, 0]);
  const table = (await search("table")).stdout.split("\n");
  expect(table).toHaveLength(5);
  expect(table[2]).toMatch(/^1712345678901234\d+ .* -:\{"toString":1\} /);
});

test("many files of one cause are one sentence, and each is in the JSON", async () => {
  const archived = s3Error(403, "InvalidObjectState", "", "<StorageClass>GLACIER</StorageClass>");
  for (let minute = 0; minute < 40; minute++) s3.objects.set(key(minute), archived);
  s3.objects.set(key(50), file("one"));
  const { records, problems, said } = await searchJson();
  expect(records).toHaveLength(1);
  expect(problems.map(({ file: one }) => one).sort()).toEqual(
    Array.from({ length: 40 }, (_, minute) => `s3://${SEARCHED_BUCKET}/${key(minute)}`),
  );
  expect(said.filter((text) => text.includes("archived"))).toHaveLength(2);
  expect(said.join("")).toMatch(
    /39 more of the kind "archived", as of s3:.*unique\.json\.gz; --json has each\./,
  );
});

const MORE = "<IsTruncated>true</IsTruncated>";
test.each<[string, Answer, RegExp]>([
  ["refused", s3Error(403, "AccessDenied"), /needs s3:ListBucket on the bucket with the prefix/],
  ["no-bucket", s3Error(404, "NoSuchBucket"), /Correct destination\.bucket/],
  ["other-region", s3Error(301, "PermanentRedirect"), /Correct destination\.region/],
  ["no-listing", "<html><body>Sign in</body></html>", /proxy or a portal/],
  ["no-listing", "Sign in", /proxy or a portal/],
  ["no-listing", "", /proxy or a portal/],
  ["no-listing", `<ListBucketResult>${MORE}</ListBucketResult>`, /proxy or a portal/],
  ["failed", s3Error(503, "ServiceUnavailable"), /Search again later/],
  ["failed", page(403), /proxy or a portal/],
  ["no-credentials", s3Error(400, "ExpiredToken"), /Get new credentials/],
])(
  "a folder of which the listing is %s is reported, and others are read",
  async (kind, how, way) => {
    const other = "222222222222";
    s3.objects.set(key(0), file("not listed")).set(key(1, other), file("one"));
    const folder = `${accountFolder(ACCOUNT)}CloudTrail/`;
    for (const one of [folder, `${folder}us-east-1/`]) {
      s3.lists.clear();
      s3.lists.set(one, how);
      const { records, problems, code } = await searchJson({ account: [ACCOUNT, other] });
      expect(records.map(({ eventID }) => eventID)).toEqual(["one"]);
      expect(problems).toEqual([
        expect.objectContaining({
          kind,
          file: `s3://${SEARCHED_BUCKET}/${one}`,
          how: expect.stringMatching(way) as string,
        }),
      ]);
      expect(code).toBe(1);
    }
  },
);

test("a list that breaks off after a page: what it had is read, and the rest is reported", async () => {
  s3.objects.set(key(0), file("one"));
  const folder = `${accountFolder(ACCOUNT)}CloudTrail/us-east-1/`;
  s3.lists.set(
    folder,
    `<ListBucketResult><Contents><Key>${key(0)}</Key></Contents><NextContinuationToken>2</NextContinuationToken>${MORE}</ListBucketResult>`,
  );
  const { records, problems } = await searchJson();
  expect(records.map(({ eventID }) => eventID)).toEqual(["one"]);
  expect(problems).toEqual([expect.objectContaining({ kind: "no-listing" })]);
});

test("where no role can be assumed, that is said once, with who reads", async () => {
  s3.objects.set(key(0), file("one"));
  s3.assumed = (response) =>
    response
      .writeHead(403)
      .end(
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>No.</Message></Error></ErrorResponse>",
      );
  const { problems, code, said } = await searchJson({ account: undefined });
  expect(problems.map(({ kind }) => kind)).toEqual(Array(4).fill("no-credentials"));
  expect(said.join("")).toMatch(
    /could not be listed as .*role\/central-trail-deployer: AccessDenied: No\./,
  );
  expect(code).toBe(1);
});

test("a file in the folder of another day than its name's keeps no later file from being read", async () => {
  const day = (key: string): string => key.replace("/2026/01/31/", "/2026/01/30/");
  s3.objects
    .set(day(key(10)).replace("20260131T2210Z", "20991231T2359Z"), file("forged"))
    .set(key(20), file("behind"));
  const { records, code } = await searchJson();
  expect(records.map(({ eventID }) => eventID)).toContain("behind");
  expect(code).toBe(0);
});
