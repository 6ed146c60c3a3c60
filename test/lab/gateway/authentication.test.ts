import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { stsClient } from "../../../aws/clients";
import { requires } from "../../support/requirements";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";
import { fetchSigned, send, signed } from "../../support/signed-request";

requires("moto", "boto3")("who signed a request", () => {
  let lab: Lab;
  let account: Account;
  let Bucket: string;
  beforeAll(async () => {
    lab = await startLab();
    account = await lab.account();
    Bucket = lab.name("signed");
    await makeBucket(account, Bucket);
    await account.call("s3", "put_object", { Bucket, Key: "k", Body: "text" });
  });
  afterAll(() => lab.stop());

  type Credentials = Account["credentials"];
  const call = (credentials: Credentials, service: string, operation: string) =>
    lab.boto3.call(credentials, "us-east-1", service, operation, {});
  /** S3, a query API and a JSON API, each with an operation. */
  const CALLS = [
    ["s3", "list_buckets"],
    ["sts", "get_caller_identity"],
    ["sns", "list_topics"],
    ["kms", "list_keys"],
    ["cloudtrail", "list_trails"],
  ] as const;
  const codes: Record<string, Record<string, [string, number]>> = {
    "another secret": {
      s3: ["SignatureDoesNotMatch", 403],
      sts: ["SignatureDoesNotMatch", 403],
      sns: ["SignatureDoesNotMatch", 403],
      kms: ["InvalidSignatureException", 400],
      cloudtrail: ["InvalidSignatureException", 400],
    },
    "another session token": {
      s3: ["InvalidToken", 400],
      sts: ["InvalidClientTokenId", 403],
      sns: ["InvalidClientTokenId", 403],
      kms: ["UnrecognizedClientException", 400],
      cloudtrail: ["UnrecognizedClientException", 400],
    },
    "no session token": {
      s3: ["InvalidAccessKeyId", 403],
      sts: ["InvalidClientTokenId", 403],
      sns: ["InvalidClientTokenId", 403],
      kms: ["UnrecognizedClientException", 400],
      cloudtrail: ["UnrecognizedClientException", 400],
    },
  };
  const wrong: Record<string, (right: Credentials) => Credentials> = {
    "another secret": (right) => ({ ...right, secretAccessKey: `${right.secretAccessKey}x` }),
    "another session token": (right) => ({ ...right, sessionToken: `${right.sessionToken}x` }),
    "no session token": ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey }),
  };

  describe.each(Object.keys(wrong))("%s", (what) => {
    test.each(CALLS)("is refused by %s", async (service, operation) => {
      await call(account.credentials, service, operation);
      const [code, status] = codes[what]![service]!;
      await expect(
        call(wrong[what]!(account.credentials), service, operation),
      ).rejects.toMatchObject({ code, status });
    });
  });

  test("long-term credentials have no token: one that comes with them is refused", async () => {
    const credentials = { ...lab.aws.credentials, sessionToken: "some" };
    await expect(call(credentials, "s3", "list_buckets")).rejects.toMatchObject({
      code: "InvalidToken",
    });
    await expect(call(credentials, "sts", "get_caller_identity")).rejects.toMatchObject({
      code: "InvalidClientTokenId",
    });
  });

  test("the AWS SDK reads its own exceptions from it", async () => {
    const { accessKeyId, sessionToken } = account.credentials;
    const credentials = { accessKeyId, secretAccessKey: "x", sessionToken };
    const sts = stsClient({ endpoint: lab.aws.endpoint, region: "us-east-1", credentials });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
    });
    sts.destroy();
  });

  describe("what is signed cannot be changed", () => {
    const request = (
      change: (headers: Record<string, string>) => Record<string, string>,
      to = {},
    ) => {
      const { host } = new URL(lab.aws.endpoint);
      const target = `/${Bucket}/new`;
      const headers = signed({
        credentials: account.credentials,
        service: "s3",
        method: "PUT",
        target,
        headers: { host, "x-amz-acl": "private" },
        body: "text",
      });
      const sent = { method: "PUT", target, body: "text", ...to };
      return send(lab.aws.endpoint, { ...sent, headers: change(headers) });
    };
    const same = (headers: Record<string, string>) => headers;

    test("unchanged it is answered", async () => {
      expect((await request(same)).status).toBe(200);
    });

    test.each<[string, () => Promise<Response>, string]>([
      ["the method", () => request(same, { method: "DELETE" }), "SignatureDoesNotMatch"],
      ["the key", () => request(same, { target: `/${Bucket}/other` }), "SignatureDoesNotMatch"],
      ["the query", () => request(same, { target: `/${Bucket}/new?acl` }), "SignatureDoesNotMatch"],
      [
        "the host",
        () => request((headers) => ({ ...headers, host: `${Bucket}.localhost` })),
        "SignatureDoesNotMatch",
      ],
      [
        "a signed header",
        () => request((headers) => ({ ...headers, "x-amz-acl": "public-read" })),
        "SignatureDoesNotMatch",
      ],
      [
        "a header that is not signed",
        () => request((headers) => ({ ...headers, "x-amz-tagging": "a=b" })),
        "There were headers present in the request which were not signed: x-amz-tagging",
      ],
      ["the body", () => request(same, { body: "text2" }), "XAmzContentSHA256Mismatch"],
      [
        "the date",
        () => request((headers) => ({ ...headers, "x-amz-date": "20300101T000000Z" })),
        "SignatureDoesNotMatch",
      ],
      [
        "the region",
        () =>
          request((headers) => ({
            ...headers,
            authorization: headers["authorization"]!.replace("us-east-1", "eu-west-1"),
          })),
        "SignatureDoesNotMatch",
      ],
      [
        "the hash, which is missing",
        () =>
          request((headers) =>
            Object.fromEntries(
              Object.entries(headers).filter(([name]) => name !== "x-amz-content-sha256"),
            ),
          ),
        "x-amz-content-sha256",
      ],
    ])("%s", async (_, work, text) => {
      const answer = await work();
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await answer.text()).toContain(text);
      await expect(account.call("s3", "get_object", { Bucket, Key: "other" })).rejects.toThrow();
    });

    test("nor the body of a JSON API's call", async () => {
      const target = { "x-amz-target": "TrentService.ListKeys" };
      const { host } = new URL(lab.aws.endpoint);
      const headers = signed({
        credentials: account.credentials,
        service: "kms",
        method: "POST",
        target: "/",
        headers: { host, ...target },
        body: "{}",
      });
      const sent = { method: "POST", target: "/", headers };
      expect((await send(lab.aws.endpoint, { ...sent, body: "{}" })).status).toBe(200);
      const changed = await send(lab.aws.endpoint, { ...sent, body: '{"Limit":1}' });
      expect(await changed.text()).toContain("InvalidSignatureException");
    });

    test("an object whose body is another one is not there afterwards", async () => {
      const target = `/${Bucket}/large`;
      const { host } = new URL(lab.aws.endpoint);
      const body = "x".repeat(3_000_000);
      const headers = signed({
        credentials: account.credentials,
        service: "s3",
        method: "PUT",
        target,
        headers: { host },
        body,
      });
      const wrongBody = `${body.slice(1)}y`;
      const answer = await send(lab.aws.endpoint, {
        method: "PUT",
        target,
        headers,
        body: wrongBody,
      });
      expect(await answer.text()).toContain("XAmzContentSHA256Mismatch");
      await expect(
        account.call("s3", "head_object", { Bucket, Key: "large" }),
      ).rejects.toMatchObject({ status: 404 });
    });
  });

  describe("presigned URLs", () => {
    const presigned = async (parameters: object = {}): Promise<string> =>
      (await account.call("s3", "generate_presigned_url", {
        ClientMethod: "get_object",
        Params: { Bucket, Key: "k" },
        ...parameters,
      })) as unknown as string;

    test("end when they say", async () => {
      const url = await presigned({ ExpiresIn: 1 });
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      const answer = await fetch(url);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toMatch(
        /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/,
      );
    });

    test("cannot be made to last longer, nor be for another object", async () => {
      const url = await presigned();
      expect(await (await fetch(url)).text()).toBe("text");
      for (const changed of [
        url.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200"),
        url.replace(`/${Bucket}/k`, `/${Bucket}/new`),
        `${url}&versionId=null`,
        url.replace(/X-Amz-Security-Token=[^&]+/, "X-Amz-Security-Token=other"),
      ]) {
        expect(changed).not.toBe(url);
        const answer = await fetch(changed);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(await answer.text()).toMatch(/SignatureDoesNotMatch|InvalidToken/);
      }
    });

    test("last a week at most", async () => {
      const answer = await fetch(await presigned({ ExpiresIn: 604_801 }));
      expect(await answer.text()).toContain("AuthorizationQueryParametersError");
    });
  });

  describe("a bucket's expected owner", () => {
    const owned = (operation: string, ExpectedBucketOwner: string, parameters: object = {}) =>
      account.call("s3", operation, { Bucket, ExpectedBucketOwner, ...parameters });
    const refusal = { code: "AccessDenied", status: 403 };

    test.each<[string, object]>([
      ["get_object", { Key: "k" }],
      ["put_object", { Key: "k", Body: "x" }],
      ["delete_objects", { Delete: { Objects: [{ Key: "k" }] } }],
      ["get_bucket_policy", {}],
      ["list_objects_v2", {}],
    ])("that is another one: %s", async (operation, parameters) => {
      await expect(owned(operation, "100000000060", parameters)).rejects.toMatchObject(refusal);
      expect(await account.call("s3", "get_object", { Bucket, Key: "k" })).toMatchObject({
        Body: "text",
      });
    });

    test("that it is", async () => {
      expect(await owned("get_object", account.id, { Key: "k" })).toMatchObject({ Body: "text" });
    });

    test("of a copy's source", async () => {
      const copy = (ExpectedSourceBucketOwner: string) =>
        account.call("s3", "copy_object", {
          Bucket,
          Key: "copy",
          CopySource: { Bucket, Key: "k" },
          ExpectedSourceBucketOwner,
        });
      await expect(copy("100000000060")).rejects.toMatchObject(refusal);
      await copy(account.id);
    });
  });

  test("a key that was deleted or made inactive signs nothing any more", async () => {
    const UserName = "somebody";
    await account.call("iam", "create_user", { UserName });
    const { AccessKey } = await account.call("iam", "create_access_key", { UserName });
    const { AccessKeyId, SecretAccessKey } = AccessKey as Record<string, string>;
    const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! };
    const who = () => call(credentials, "sts", "get_caller_identity");
    expect(await who()).toMatchObject({ Arn: `arn:aws:iam::${account.id}:user/${UserName}` });
    const set = (Status: string) =>
      account.call("iam", "update_access_key", { UserName, AccessKeyId, Status });
    await set("Inactive");
    await expect(who()).rejects.toMatchObject({ code: "InvalidClientTokenId" });
    await set("Active");
    await who();
    await account.call("iam", "delete_access_key", { UserName, AccessKeyId });
    await expect(who()).rejects.toMatchObject({ code: "InvalidClientTokenId" });
  });

  test("a request that names no time or another day is refused", async () => {
    const { host } = new URL(lab.aws.endpoint);
    const headers = signed({
      credentials: account.credentials,
      service: "s3",
      method: "GET",
      target: "/",
      headers: { host },
    });
    expect((await send(lab.aws.endpoint, { method: "GET", target: "/", headers })).status).toBe(
      200,
    );
    const authorization = headers["authorization"]!.replace(/\/\d{8}\//, "/20300101/");
    const other = { ...headers, authorization };
    expect(
      (await send(lab.aws.endpoint, { method: "GET", target: "/", headers: other })).status,
    ).toBe(403);
  });

  test("S3's calls by another name of the host are signed for that host", async () => {
    const answer = await fetchSigned(lab.aws.endpoint, {
      credentials: account.credentials,
      service: "s3",
      method: "GET",
      target: "/k",
      headers: { host: `${Bucket}.s3.us-east-1.amazonaws.com` },
    });
    expect([answer.status, await answer.text()]).toEqual([200, "text"]);
  });
});
