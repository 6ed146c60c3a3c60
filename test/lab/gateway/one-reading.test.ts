import fc from "fast-check";
import type { AssumableRole } from "../../../lab/access/assumable-roles";
import type { Statement } from "../../../iam/policy-document";
import { requires } from "../../support/requirements";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";
import { fetchSigned, send } from "../../support/signed-request";

const VISITOR = "arn:aws:iam::400000000001:role/visitor";
const ROLES: readonly AssumableRole[] = [{ roleArn: VISITOR }];
const SECRET = "what-nobody-may-read";

const policy = (...Statement: Statement[]) => ({ Version: "2012-10-17", Statement }) as const;
const allow = (Action: string | string[], Resource: string | string[]): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});

requires("moto", "boto3")("moto does what the gateway decided on, and nothing else", () => {
  let lab: Lab;
  let owner: Account;
  let visitor: Account;
  let bucket: string;
  let arn: string;
  beforeAll(async () => {
    lab = await startLab({ roles: ROLES });
    owner = await lab.account();
    visitor = await lab.assume(VISITOR);
    bucket = lab.name("one-reading");
    arn = `arn:aws:s3:::${bucket}`;
    await makeBucket(owner, bucket);
    for (const [Key, Body] of [
      ["open/k", "for all"],
      ["secret/k", SECRET],
      ["k", SECRET],
      ["/secret/k", SECRET],
      ["./k", SECRET],
    ])
      await owner.call("s3", "put_object", { Bucket: bucket, Key, Body });
    const grant = allow("s3:GetObject", `${arn}/open/*`);
    await owner.call("s3", "put_bucket_policy", {
      Bucket: bucket,
      Policy: JSON.stringify(policy({ ...grant, Principal: { AWS: VISITOR } })),
    });
  });
  afterAll(() => lab.stop());

  interface Sent {
    readonly who?: Account;
    readonly service?: string;
    readonly method?: string;
    readonly target?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }
  const ask = async ({ who = visitor, service = "s3", ...sent }: Sent) => {
    const response = await fetchSigned(lab.aws.endpoint, {
      credentials: who.credentials,
      service,
      method: "GET",
      target: "/",
      ...sent,
    });
    return { status: response.status, text: await response.text() };
  };

  test("however bucket and key are spelled", async () => {
    const percent = (text: string, which: readonly boolean[]): string =>
      [...text]
        .map((letter, index) =>
          which[index % which.length] && letter !== "/"
            ? `%${letter.charCodeAt(0).toString(16)}`
            : letter,
        )
        .join("");
    const spelled = fc.record({
      key: fc.constantFrom("open/k", "secret/k", "k", "open/../secret/k", "/secret/k", "./k"),
      host: fc.constantFrom(
        "",
        `${bucket}.localhost`,
        `${bucket}.s3.amazonaws.com`,
        "s3.amazonaws.com",
        `${bucket.toUpperCase()}.LOCALHOST.`,
        "localhost.",
        `${bucket}.s3.localhost:1`,
        `open.localhost`,
        "x",
        "s3.us-east-1.amazonaws.com",
        `${bucket}.example.com`,
      ),
      before: fc.constantFrom("/", "//", "/./", "/../", "/x/../", "/%2e/", "/%2f", "/open/../"),
      between: fc.constantFrom("/", "//", "/./", "%2f", "/%2e%2e/", "/open/../"),
      withBucket: fc.boolean(),
      encoded: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
      query: fc.constantFrom(
        "",
        "?",
        "?x-id=GetObject",
        "?versionId=null",
        "?acl",
        "?torrent",
        "?retention",
        "?prefix=secret",
        "?list-type=2",
        "?tagging&acl",
        "?key=secret/k",
        "?uploadId=1",
        "?analytics",
        "?versions",
        "?requestPayment",
        "?constructor",
        "?policy",
      ),
      method: fc.constantFrom("GET", "GET", "GET", "HEAD", "POST", "OPTIONS"),
      headers: fc.constantFrom<Record<string, string>>(
        {},
        { key: "secret/k" },
        { "x-amz-key": "secret/k" },
        { "x-http-method-override": "GET" },
        { "x-forwarded-host": "secret.localhost" },
        { range: "bytes=0-5" },
      ),
    });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(spelled, async (one) => {
        const path = one.withBucket
          ? one.before + percent(bucket, one.encoded) + one.between + percent(one.key, one.encoded)
          : one.before + percent(one.key, one.encoded);
        const target = path + one.query;
        const headers = one.host === "" ? one.headers : { ...one.headers, host: one.host };
        const sent = { method: one.method, target, headers };
        const { status, text } = await ask(sent);
        // The visitor may read what begins with open/, and nothing else.
        expect({ sent, text }).not.toMatchObject({
          text: expect.stringContaining(SECRET.slice(0, 6)) as unknown,
        });
        if (status < 300 && text !== "" && one.method !== "OPTIONS") {
          expect(["for all", "for al"]).toContain(text);
          // As the log says it, it is the plain spelling of what was allowed.
          expect(lab.aws.calls.at(-1)).toMatchObject({ resource: `${arn}/open/k` });
        }
        seen.add(status < 300 ? "answered" : "refused");
      }),
      { seed: 12, numRuns: 400 },
    );
    expect([...seen].sort()).toEqual(["answered", "refused"]);
  });

  test("a URL in place of a path is refused", async () => {
    const target = `http://${bucket}.localhost/open/k`;
    const { status, text } = await ask({ target });
    expect({ status, text }).toMatchObject({ status: 400 });
    expect(text).toContain("InvalidURI");
  });

  test.each(["s3", "sts", "sns", "kms", "iam"])(
    "moto's own paths are closed to requests that are signed for %s",
    async (service) => {
      for (const target of ["/moto-api/reset", "/%6Doto-api/reset", "//moto-api/reset"])
        for (const method of ["POST", "GET"]) {
          const { status } = await ask({ who: owner, service, method, target });
          expect({ target, status }).toEqual({ target, status: 400 });
        }
      expect((await ask({ who: owner, target: `/${bucket}/k` })).text).toBe(SECRET);
    },
  );

  test("and to requests that are not signed at all", async () => {
    const response = await send(lab.aws.endpoint, {
      method: "POST",
      target: "/moto-api/reset",
      headers: {},
    });
    expect(response.status).toBe(403);
    expect((await ask({ who: owner, target: `/${bucket}/k` })).text).toBe(SECRET);
  });

  test("objects to delete are those that the gateway found", async () => {
    const keys = async () => {
      const { Contents } = await owner.call("s3", "list_objects_v2", { Bucket: bucket });
      return (Contents as { Key: string }[]).map(({ Key }) => Key);
    };
    const before = await keys();
    const grant = allow("s3:DeleteObject", `${arn}/none`);
    const read = allow("s3:GetObject", `${arn}/open/*`);
    await owner.call("s3", "put_bucket_policy", {
      Bucket: bucket,
      Policy: JSON.stringify(
        policy({ ...grant, Principal: { AWS: VISITOR } }, { ...read, Principal: { AWS: VISITOR } }),
      ),
    });
    const allowed = "<Object><Key>none</Key></Object>";
    for (const body of [
      `<Delete>${allowed}<Object ><Key>k</Key></Object></Delete>`,
      `<Delete>${allowed}<x:Object xmlns:x="y"><x:Key>k</x:Key></x:Object></Delete>`,
      `<Delete>${allowed}<Object a="b"><Key>k</Key></Object></Delete>`,
      `<Delete><!-- ${allowed} --><Object\n><Key>k</Key></Object></Delete>`,
      `<Delete><Object><X>${allowed}</X><Key>k</Key></Object></Delete>`,
      `<Delete><Object><Key>none</Key><Key>k</Key></Object></Delete>`,
      `<!DOCTYPE d [<!ENTITY e "k">]><Delete><Object><Key>&e;</Key></Object></Delete>`,
    ])
      await ask({ method: "POST", target: `/${bucket}?delete`, body });
    expect(await keys()).toEqual(before);
  });

  test("a bucket's logs go where the gateway looked", async () => {
    const target = "<LoggingEnabled><TargetBucket>b</TargetBucket></LoggingEnabled>";
    for (const body of [
      `<BucketLoggingStatus><X><TargetBucket>a</TargetBucket></X>${target}</BucketLoggingStatus>`,
      `<BucketLoggingStatus>${target.replace("<TargetBucket>", "<TargetBucket a='b'>")}</BucketLoggingStatus>`,
    ]) {
      const sent = { who: owner, method: "PUT", target: `/${bucket}?logging`, body };
      expect((await ask(sent)).text).toContain("MalformedXML");
    }
  });

  describe("an operation has one name", () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const sts = (body: string, sent: Sent = {}) =>
      ask({ who: owner, service: "sts", method: "POST", headers: form, body, ...sent });
    const assume = `RoleArn=${encodeURIComponent("arn:aws:iam::123456789012:role/any")}&RoleSessionName=x`;

    test.each([
      ["in another case", () => sts(`Action=assumeRole&${assume}`), "InvalidAction"],
      ["in small letters", () => sts(`Action=assume_role&${assume}`), "InvalidAction"],
      [
        "twice",
        () => sts(`Action=AssumeRole&Action=GetCallerIdentity&${assume}`),
        "MalformedQueryString",
      ],
      [
        "in query and body",
        () => sts(`Action=AssumeRole&${assume}`, { target: "/?Action=GetCallerIdentity" }),
        "MalformedQueryString",
      ],
      [
        "as a header",
        () =>
          sts("", {
            headers: {
              action: "AssumeRole",
              rolearn: "arn:aws:iam::123456789012:role/any",
              rolesessionname: "x",
            },
          }),
        "InvalidAction",
      ],
      ["none", () => sts(""), "InvalidAction"],
      [
        "one that takes no trust policy",
        () => sts(`Action=AssumeRoleWithWebIdentity&WebIdentityToken=x&${assume}`),
        "InvalidAction",
      ],
      [
        "with a path",
        () => sts(`Action=GetCallerIdentity`, { target: "/moto-api/reset" }),
        "InvalidAction",
      ],
      ...["constructor", "__proto__", "toString", "hasOwnProperty"].map(
        (name): [string, () => ReturnType<typeof ask>, string] => [
          name,
          () => sts(`Action=${name}`),
          "InvalidAction",
        ],
      ),
    ])("of the query API: %s", async (_, work, code) => {
      const { status, text } = await work();
      expect({ status, text }).toEqual({
        status: 400,
        text: expect.stringContaining(`<Code>${code}</Code>`) as unknown,
      });
      expect(text).not.toContain("SecretAccessKey");
    });

    const kms = (operation: string, body: string, sent: Sent = {}) =>
      ask({
        who: owner,
        service: "kms",
        method: "POST",
        body,
        ...sent,
        headers: { "x-amz-target": `TrentService.${operation}`, ...sent.headers },
      });

    test.each(["createKey", "create_key", "CREATEKEY", "constructor", "__proto__", "toString", ""])(
      "of the JSON API: %j is none",
      async (name) => {
        const { status, text } = await kms(name, "{}");
        expect({ status, text }).toEqual({
          status: 400,
          text: expect.stringContaining("UnknownOperationException") as unknown,
        });
      },
    );

    test.each<[string, string, Sent]>([
      ["in the body", '{"a":"&Action=CreateKey&"}', {}],
      ["in the query", "{}", { target: "/?Action=CreateKey" }],
      ["in a form", "Action=CreateKey", { headers: form }],
      ["in a header", "{}", { headers: { action: "CreateKey" } }],
    ])("a second one %s does nothing", async (_, body, sent) => {
      const count = async () =>
        ((await owner.call("kms", "list_keys")) as { Keys: unknown[] }).Keys.length;
      const before = await count();
      await kms("ListKeys", body, sent);
      expect(await count()).toBe(before);
    });

    test("a service that is not there is none", async () => {
      for (const service of ["lambda", "constructor", "ec2"]) {
        const { status, text } = await sts("Action=ListFunctions", { service });
        expect({ service, status }).toEqual({ service, status: 400 });
        expect(text).toContain(`The local AWS has no service ${service}`);
      }
    });

    test.each([
      ["DELETE", "?analytics&id=x", 501],
      ["DELETE", "?metrics&id=x", 501],
      ["DELETE", "?inventory&id=x", 501],
      ["PUT", "?requestPayment", 501],
      ["GET", "?policyStatus", 501],
      ["GET", "/k?torrent", 501],
      ["GET", "/k?retention", 501],
      ["PUT", "/k?renameObject", 501],
      ["POST", "", 501],
    ])(
      "of S3: %s %s, which moto does not know, is not another one",
      async (method, rest, status) => {
        const answer = await ask({ who: owner, method, target: `/${bucket}${rest}` });
        expect(answer).toEqual({
          status,
          text: expect.stringContaining("NotImplemented") as unknown,
        });
        expect((await ask({ who: owner, target: `/${bucket}/k` })).text).toBe(SECRET);
      },
    );

    test.each([
      ["?analytics", "ListBucketAnalyticsConfigurationsResult"],
      ["?metrics", "ListMetricsConfigurationsResult"],
      ["?requestPayment", "<Payer>BucketOwner</Payer>"],
    ])("of S3: %s lists no objects", async (query, element) => {
      const { status, text } = await ask({ who: owner, target: `/${bucket}${query}` });
      expect(status).toBe(200);
      expect(text).not.toContain("secret/k");
      expect(text).toContain(element);
    });
  });
});
