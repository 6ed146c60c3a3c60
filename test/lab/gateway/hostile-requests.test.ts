import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import * as fc from "fast-check";
import { Boto3 } from "../../support/boto3";
import { REPOSITORY } from "../../support/repository";
import { signed } from "../../support/signed-request";
import { requires } from "../../support/requirements";

/** What the local AWS says of itself as it starts. */
interface Started {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const BUCKET = "hostile-requests-bucket";
const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

requires("moto", "boto3")("no request ends the local AWS", () => {
  jest.setTimeout(120_000);
  let child: ChildProcess;
  let started: Started;
  let port: number;
  let boto3: Boto3;
  let faults = "";

  beforeAll(async () => {
    child = spawn(process.execPath, ["bin/central-trail.js", "lab", "--env", "local", "--json"], {
      cwd: REPOSITORY,
      env: { ...process.env, CENTRAL_TRAIL_ENV: undefined, CENTRAL_TRAIL_ENVS_DIR: undefined },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stderr!.on("data", (text) => (faults += String(text)));
    for await (const line of createInterface({ input: child.stdout! })) {
      started = JSON.parse(line) as Started;
      break;
    }
    child.stdout!.resume();
    port = Number(new URL(started.endpoint).port);
    boto3 = new Boto3(started.endpoint);
    await call("s3", "create_bucket", { Bucket: BUCKET });
    faults = "";
  });

  afterAll(async () => {
    await boto3.stop();
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  });

  /** Whatever came before: the process lives, answers, and had no fault of its own. */
  async function lives(): Promise<void> {
    expect({ faults, code: child.exitCode }).toEqual({ faults: "", code: null });
    expect(await call("sts", "get_caller_identity")).toMatchObject({ Account: "999999999999" });
    const calls = await send({ path: "/_lab/calls", method: "GET" });
    expect(calls.status).toBe(200);
  }

  function call(service: string, operation: string, parameters: object = {}): Promise<object> {
    const { accessKeyId, secretAccessKey } = started;
    const credentials = { accessKeyId, secretAccessKey };
    return boto3.call(credentials, "us-east-1", service, operation, parameters);
  }

  interface Sent {
    readonly method?: string;
    readonly path?: string;
    readonly service?: string;
    readonly region?: string;
    readonly key?: string;
    readonly target?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }

  /** Over a socket of its own, letter by letter: no client would send most of it. */
  async function send({ body = "", ...sent }: Sent): Promise<Answer> {
    const { method = "POST", path = "/", service, region, key, headers = {} } = sent;
    const own = {
      host: "localhost",
      ...(sent.target === undefined ? {} : { "x-amz-target": sent.target }),
      ...lowerCased(headers),
    };
    const { accessKeyId, secretAccessKey } = started;
    const credentials = { accessKeyId: key ?? accessKeyId, secretAccessKey };
    // What is not encoding of any path has no signature.
    const target = isEncoded(path) ? path : "/";
    const all =
      service === undefined
        ? own
        : signed({ credentials, service, region, method, target, headers: own, body });
    const lines = [
      `${method} ${path} HTTP/1.1`,
      "Connection: close",
      ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
      ...(headers["Transfer-Encoding"] ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ];
    return raw(`${lines.join("\r\n")}\r\n\r\n${body}`);
  }

  function isEncoded(path: string): boolean {
    try {
      decodeURIComponent(path.split("?", 1)[0]!);
      return true;
    } catch {
      return false;
    }
  }

  function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
  }

  async function raw(bytes: string | Uint8Array): Promise<Answer> {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => undefined);
    socket.setTimeout(60_000, () => socket.destroy());
    socket.write(bytes);
    await closed;
    const text = Buffer.concat(chunks).toString();
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text };
  }

  const policyOf = (condition: string): string =>
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::${BUCKET}/*","Condition":${condition}}]}`;
  const json = (service: string, target: string, body: string): Sent => ({
    service,
    target,
    body,
    headers: { "Content-Type": "application/x-amz-json-1.1" },
  });

  test.each<[string, Sent, number, string]>([
    [
      "a bucket policy of 20,000 lists",
      { method: "PUT", path: `/${BUCKET}?policy`, service: "s3", body: nested(20_000) },
      400,
      "MalformedPolicy",
    ],
    [
      "a small bucket policy of 3,000 levels",
      { method: "PUT", path: `/${BUCKET}?policy`, service: "s3", body: policyOf(nested(3_000)) },
      400,
      "MalformedPolicy",
    ],
    [
      "a bucket policy over S3's limit",
      { method: "PUT", path: `/${BUCKET}?policy`, service: "s3", body: " ".repeat(20_481) },
      400,
      "MalformedPolicy",
    ],
    [
      "a bucket policy of 3 MB",
      { method: "PUT", path: `/${BUCKET}?policy`, service: "s3", body: " ".repeat(3_000_000) },
      400,
      "MaxMessageLengthExceeded",
    ],
    [
      "a deep body of CloudTrail",
      json("cloudtrail", "X.GetTrail", nested(50_000)),
      400,
      "SerializationException",
    ],
    [
      "a deep member of CloudTrail",
      json("cloudtrail", "X.GetTrail", `{"Name":"x","More":${nested(50_000)}}`),
      400,
      "SerializationException",
    ],
    ["no JSON", json("cloudtrail", "X.GetTrail", "{"), 400, "SerializationException"],
    ["a list for an object", json("kms", "X.ListKeys", "[]"), 400, "SerializationException"],
    [
      "a body of 5 MB",
      json("kms", "TrentService.ListKeys", " ".repeat(5_000_000)),
      413,
      "RequestEntityTooLarge",
    ],
    ...["toString", "constructor", "__proto__", "valueOf"].map(
      (name): [string, Sent, number, string] => [
        `CloudTrail's operation ${name}`,
        json("cloudtrail", `X.${name}`, "{}"),
        400,
        "UnknownOperationException",
      ],
    ),
    [
      "events looked up by their constructor",
      json(
        "cloudtrail",
        "X.LookupEvents",
        '{"LookupAttributes":[{"AttributeKey":"constructor","AttributeValue":"x"}]}',
      ),
      400,
      "InvalidLookupAttributesException",
    ],
    [
      "a key that is an object",
      json("kms", "TrentService.Decrypt", '{"KeyId":{"toString":1,"valueOf":1}}'),
      400,
      "SerializationException",
    ],
    [
      "an encryption context that is not a map of texts",
      json("kms", "TrentService.Encrypt", '{"KeyId":"x","EncryptionContext":{"a":{"toString":1}}}'),
      400,
      "SerializationException",
    ],
    [
      "a key policy of many levels",
      json("kms", "TrentService.CreateKey", JSON.stringify({ Policy: policyOf(nested(5_000)) })),
      400,
      "MalformedPolicyDocumentException",
    ],
    [
      "a topic policy of many levels",
      {
        service: "sns",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          Action: "CreateTopic",
          Name: "x",
          "Attributes.entry.1.key": "Policy",
          "Attributes.entry.1.value": policyOf(nested(5_000)),
        }).toString(),
      },
      400,
      "InvalidParameter",
    ],
    [
      "a query parameter of 20,000 levels",
      { service: "sns", body: `Action=CreateTopic&Name=x&${"a.".repeat(20_000)}a=1` },
      400,
      "MalformedQueryString",
    ],
    [
      "a path that is not encoding",
      { method: "GET", path: `/${BUCKET}/%zz%`, service: "s3" },
      400,
      "InvalidURI",
    ],
    [
      "a copy from such a path",
      {
        method: "PUT",
        path: `/${BUCKET}/to`,
        service: "s3",
        headers: { "x-amz-copy-source": `${BUCKET}/%e0%a4%a` },
      },
      400,
      "InvalidURI",
    ],
    ...["bm8ganNvbg==", "W10=", "eyJhIjp7fX0="].map((text): [string, Sent, number, string] => [
      `the encryption context ${text}`,
      {
        method: "PUT",
        path: `/${BUCKET}/key`,
        service: "s3",
        body: "x",
        headers: {
          "x-amz-server-side-encryption": "aws:kms",
          "x-amz-server-side-encryption-context": text,
        },
      },
      400,
      "InvalidArgument",
    ]),
    [
      "1,001 objects to delete",
      {
        method: "POST",
        path: `/${BUCKET}?delete`,
        service: "s3",
        body: `<Delete>${"<Object><Key>a</Key></Object>".repeat(1_001)}</Delete>`,
      },
      400,
      "MalformedXML",
    ],
    [
      "a body whose chunks are none",
      {
        method: "PUT",
        path: `/${BUCKET}?policy`,
        service: "s3",
        body: "no chunks",
        headers: { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" },
      },
      400,
      "IncompleteBody",
    ],
    ["a region that is none", { service: "sts", region: "../../x" }, 403, ""],
    ["a service that is none", { service: "constructor!" }, 403, ""],
    ["a key that is none", { service: "sts", key: "a\u00e9b" }, 403, ""],
  ])("%s", async (_, sent, status, code) => {
    const answer = await send(sent);
    expect(answer).toEqual({ status, text: expect.stringContaining(code) as string });
    await lives();
  });

  test("boto3 reads the answers as the services' own errors", async () => {
    await expect(
      call("s3", "put_bucket_policy", { Bucket: BUCKET, Policy: policyOf(nested(3_000)) }),
    ).rejects.toMatchObject({ code: "MalformedPolicy", status: 400 });
    await expect(
      call("kms", "create_key", { Policy: policyOf(nested(3_000)) }),
    ).rejects.toMatchObject({ code: "MalformedPolicyDocumentException", status: 400 });
    await expect(
      call("sns", "create_topic", { Name: "x", Attributes: { Policy: policyOf(nested(3_000)) } }),
    ).rejects.toMatchObject({ code: "InvalidParameter", status: 400 });
    await call("s3", "put_bucket_policy", { Bucket: BUCKET, Policy: policyOf("{}") });
    expect(await call("s3", "get_bucket_policy", { Bucket: BUCKET })).toMatchObject({
      Policy: policyOf("{}"),
    });
    await lives();
  });

  test("S3's own chunks, with a trailer, are read as what is in them", async () => {
    const policy = policyOf("{}");
    const frame = (size: number): string => `${size.toString(16)};chunk-signature=0\r\n`;
    const { status } = await send({
      method: "PUT",
      path: `/${BUCKET}?policy`,
      service: "s3",
      headers: {
        "Content-Encoding": "aws-chunked",
        "X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "X-Amz-Trailer": "x-amz-checksum-crc32",
      },
      body: `${frame(10)}${policy.slice(0, 10)}\r\n${frame(policy.length - 10)}${policy.slice(10)}\r\n${frame(0)}x-amz-checksum-crc32:AAAAAA==\r\n\r\n`,
    });
    expect(status).toBe(204);
    await lives();
  });

  test("objects to delete that have no end take no time", async () => {
    const body = `<Delete>${"<Object><Key>".repeat(100_000)}`;
    const start = Date.now();
    const { status } = await send({ path: `/${BUCKET}?delete`, service: "s3", body });
    expect(status).toBeGreaterThanOrEqual(200);
    expect(Date.now() - start).toBeLessThan(20_000);
    faults = "";
    await lives();
  });

  test("names of headers and parameters that every object has are only names", async () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      const get = await send({
        method: "GET",
        path: `/${BUCKET}?${name}`,
        service: "s3",
        headers: { [name]: "x" },
      });
      expect(get.status).toBe(200);
      const put = await send({
        method: "PUT",
        path: `/${BUCKET}/${name}`,
        service: "s3",
        headers: { [name]: "x" },
        body: "x",
      });
      expect(put.status).toBe(200);
      const key = json("kms", "TrentService.ListKeys", `{"${name}":{"a":1}}`);
      expect((await send(key)).status).toBe(200);
      await send({ service: "sns", body: `Action=${name}&${name}.member.1=1&${name}=2` });
      await send({ service: name.toLowerCase(), body: `Action=${name}` });
    }
    await lives();
  });

  const head = (path: string, service = "s3"): string => {
    const { accessKeyId, secretAccessKey } = started;
    const headers = signed({
      credentials: { accessKeyId, secretAccessKey },
      service,
      method: "PUT",
      target: path,
      headers: { host: "x", "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    });
    const lines = Object.entries(headers)
      .filter(([name]) => name !== "host")
      .map(([name, value]) => `${name}: ${value}\r\n`);
    return `PUT ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join("")}`;
  };

  test.each<[string, () => string, number]>([
    [
      "chunks that are none",
      () => `${head(`/${BUCKET}/a`)}Transfer-Encoding: chunked\r\n\r\nzz\r\nx`,
      400,
    ],
    ["no host", () => "GET / HTTP/1.1\r\n\r\n", 400],
    ["a host that is none", () => head("/").replace("Host: x", "Host: [::") + "\r\n", 0],
    ["no HTTP", () => "\u0000\u0001\u0002\r\n\r\n", 400],
    ["a header without an end", () => `GET /${"a".repeat(100_000)}`, 431],
    ["two lengths", () => `${head("/")}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`, 400],
    [
      "a trailer without chunks",
      () => `${head(`/${BUCKET}/a`)}Trailer: x\r\nTE: trailers\r\nContent-Length: 1\r\n\r\nx`,
      200,
    ],
    [
      "another protocol asked for",
      () =>
        `${head(`/${BUCKET}/a`).replace("Connection: close", "Connection: upgrade")}Upgrade: websocket\r\nContent-Length: 1\r\n\r\nx`,
      0,
    ],
    ["something else expected", () => `${head(`/${BUCKET}/a`)}Expect: 200-ok\r\n\r\n`, 417],
    ["a tunnel", () => "CONNECT localhost:1 HTTP/1.1\r\nHost: x\r\n\r\n", 0],
  ])("%s", async (name, bytes, status) => {
    if (name === "another protocol asked for") {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(bytes());
      await once(socket, "data");
      socket.destroy();
    } else {
      const answer = await raw(bytes());
      if (status !== 0) expect(answer.status).toBe(status);
    }
    faults = "";
    await lives();
  });

  test.each(["s3", "cloudtrail", "kms", "sns"])(
    "a caller of %s who goes away in the midst of it",
    async (service) => {
      for (const path of [`/${BUCKET}/gone`, `/${BUCKET}?policy`, "/"]) {
        const socket = connect(port, "127.0.0.1");
        socket.on("error", () => undefined);
        socket.write(`${head(path, service)}Content-Length: 1000\r\n\r\nhalf`);
        await new Promise((resolve) => setTimeout(resolve, 100));
        socket.resetAndDestroy();
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      faults = "";
      await lives();
    },
  );

  test("random requests of a seed", async () => {
    const word = fc.constantFrom(
      "a",
      BUCKET,
      "__proto__",
      "constructor",
      "%",
      "%zz",
      "%00",
      "..",
      "",
      "?policy",
      "?delete",
      "?uploads",
      "?versionId=x",
      "?tagging",
      "?acl&id",
      "&prefix=%ff",
      "?logging",
      "_lab",
      "calls",
    );
    const value = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.constantFrom(
        "",
        "{",
        "[]",
        "null",
        nested(100),
        nested(5_000),
        "<a><b>",
        "Action=toString",
      ),
      fc.constantFrom(
        ...["Name", "KeyId", "StartTime", "TrailName", "NextToken", "LookupAttributes"].flatMap(
          (name) =>
            ["{}", "[]", "1e300", '"x"', "null", '{"__proto__":1}'].map((v) => `{"${name}":${v}}`),
        ),
      ),
      fc.string({ maxLength: 200 }),
    );
    const requests = fc.record({
      method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH"),
      path: fc
        .array(word, { maxLength: 4 })
        .map((words) => `/${words.join("/").replace("/?", "?")}`),
      service: fc.constantFrom("s3", "cloudtrail", "kms", "sns", "sts", "athena", "sqs", "iam"),
      target: fc.option(
        fc.constantFrom(
          ...["GetTrail", "LookupEvents", "ListPublicKeys", "CreateTrail", "PutEventSelectors"].map(
            (name) => `X.${name}`,
          ),
          "TrentService.Encrypt",
          "TrentService.ReEncrypt",
          "X.",
          "X.__proto__",
          "AmazonSQS.x",
          "AmazonAthena.CreateNamedQuery",
        ),
        { nil: undefined },
      ),
      headers: fc.dictionary(
        fc.constantFrom(
          "x-amz-copy-source",
          "constructor",
          "Range",
          "Content-Encoding",
          "Content-MD5",
          "x-amz-server-side-encryption",
          "x-amz-server-side-encryption-context",
          "Trailer",
        ),
        fc.constantFrom("", "x", "%", "aws:kms", "e30=", "aws-chunked", "bytes=9-1", "__proto__"),
        { maxKeys: 3 },
      ),
      body: value,
    });
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        // Some answer, whatever it says; and the process is there for the next one.
        const { status } = await send(request);
        expect({ request, status, code: child.exitCode }).toMatchObject({
          status: expect.any(Number) as number,
          code: null,
        });
        expect(status).toBeGreaterThanOrEqual(100);
      }),
      { seed: 21, numRuns: 500 },
    );
    expect(faults).toBe("");
    await lives();
  });

  test("time does not go beyond what can be written", async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++)
      statuses.push((await send({ path: "/_lab/time?advance=999999d" })).status);
    expect(statuses).toEqual([200, 200, 400, 400]);
    await lives();
  });
});
