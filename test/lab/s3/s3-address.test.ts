import fc from "fast-check";
import { addressForMoto, copySource, s3Address } from "../../../lab/s3/s3-address";
import { ServiceError } from "../../../lab/gateway/service-error";

const read = (target: string, host = "localhost:4566", headers = {}) =>
  s3Address({ method: "GET", target, headers: { host, ...headers } });
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
  return "";
};

test.each([
  ["127.0.0.1:4566", "/logs/a/b", { bucket: "logs", key: "a/b" }],
  ["[::1]:4566", "/logs/a/b", { bucket: "logs", key: "a/b" }],
  ["LOCALHOST", "/logs/a/b", { bucket: "logs", key: "a/b" }],
  ["localhost.", "/logs/a/b", { bucket: "logs", key: "a/b" }],
  ["localhost", "/logs", { bucket: "logs" }],
  ["localhost", "/logs/", { bucket: "logs" }],
  ["localhost", "/", {}],
  ["localhost", "/%6cogs/a%2fb", { bucket: "logs", key: "a/b" }],
  ["localhost", "/logs//a//b", { bucket: "logs", key: "/a//b" }],
  ["localhost", "/logs/./a/../b", { bucket: "logs", key: "./a/../b" }],
  ["localhost", "/logs/%2e%2e/b", { bucket: "logs", key: "../b" }],
  ["localhost", "/logs/a+b%20c", { bucket: "logs", key: "a+b c" }],
  ["logs.localhost:4566", "/a/b", { bucket: "logs", key: "a/b" }],
  ["Logs.LocalHost.:4566", "/a/b", { bucket: "logs", key: "a/b" }],
  ["logs.s3.localhost:4566", "/a/b", { bucket: "logs", key: "a/b" }],
  ["s3.localhost:4566", "/logs/a", { bucket: "logs", key: "a" }],
  ["my.logs.localhost", "//a", { bucket: "my.logs", key: "/a" }],
  ["s3.amazonaws.com", "/logs/a", { bucket: "logs", key: "a" }],
  ["s3.eu-west-1.amazonaws.com", "/logs/a", { bucket: "logs", key: "a" }],
  ["s3-eu-west-1.amazonaws.com", "/logs/a", { bucket: "logs", key: "a" }],
  ["logs.s3.amazonaws.com", "/a", { bucket: "logs", key: "a" }],
  ["logs.s3.eu-west-1.amazonaws.com", "/a", { bucket: "logs", key: "a" }],
  ["logs.s3.dualstack.eu-west-1.amazonaws.com:443", "/a", { bucket: "logs", key: "a" }],
  ["my.logs.s3.cn-north-1.amazonaws.com.cn", "/a", { bucket: "my.logs", key: "a" }],
])("host %s, %s", (host, target, expected) => {
  const { bucket, key, control } = read(target, host);
  expect({ bucket, key, control }).toEqual({ ...expected, control: undefined });
});

test.each([
  ["localhost", "//logs/a", "InvalidBucketName"],
  ["localhost", "/./logs/a", "InvalidBucketName"],
  ["localhost", "/../logs/a", "InvalidBucketName"],
  ["localhost", "/%2flogs/a", "InvalidBucketName"],
  ["localhost", "/logs%2fa", "InvalidBucketName"],
  ["localhost", "/LOGS/a", "InvalidBucketName"],
  ["localhost", "/lo..gs/a", "InvalidBucketName"],
  ["localhost", "/_lab/calls", "InvalidBucketName"],
  ["localhost", "/arn:aws:s3:us-east-1:111111111111:accesspoint%2Fx/a", "InvalidBucketName"],
  ["localhost", "/moto-api/reset", "InvalidBucketName"],
  ["localhost", "/%6doto-api/reset", "InvalidBucketName"],
  ["localhost", "/latest/meta-data/", "InvalidBucketName"],
  ["moto-api.localhost", "/reset", "InvalidBucketName"],
  ["localhost", "/logs/%zz", "InvalidURI"],
  ["localhost", "/%ff/a", "InvalidURI"],
  ["logs.example.com", "/a", "InvalidRequest"],
  ["logs.localhost.example.com", "/a", "InvalidRequest"],
  ["logs.s3.amazonaws.com.example.com", "/a", "InvalidRequest"],
  ["ap-111111111111.s3-accesspoint.us-east-1.amazonaws.com", "/a", "InvalidRequest"],
  ["logs.10.0.0.1", "/a", "InvalidRequest"],
  ["localhost", "/logs?acl&policy", "InvalidArgument"],
  ["localhost", "/logs?policy&policy", "InvalidArgument"],
  ["localhost", "/logs/a?versionId=1&versionId=2", "InvalidArgument"],
])("host %s, %s is refused", (host, target, code) => {
  expect(codeOf(() => read(target, host))).toBe(code);
});

test("parameters that S3 has no use for do not reach moto, nor does the signature", () => {
  const address = read("/logs/a%20b?constructor=1&versionId=x%20y&X-Amz-Signature=0&__proto__=2");
  expect(addressForMoto(address)).toBe("/logs/a%20b?versionId=x+y");
});

test("what moto gets is read as the same bucket and key again", () => {
  const key = fc.string({ unit: "grapheme", minLength: 1 });
  fc.assert(
    fc.property(fc.constantFrom("logs", "my.logs"), key, (bucket, name) => {
      const target = addressForMoto({ bucket, key: name, query: new URLSearchParams() });
      const again = read(target);
      expect([again.bucket, again.key]).toEqual([bucket, name]);
    }),
  );
});

test.each([
  ["logs/a/b", { bucket: "logs", key: "a/b" }],
  ["/logs/a%2Fb?versionId=v", { bucket: "logs", key: "a/b", versionId: "v" }],
  ["/%6cogs//a", { bucket: "logs", key: "/a" }],
])("a copy from %s", (header, expected) => {
  const source = copySource({
    method: "PUT",
    target: "/",
    headers: { "x-amz-copy-source": header },
  });
  expect(source).toEqual({ versionId: undefined, ...expected });
});

test.each([
  ["//logs/a", "InvalidBucketName"],
  ["/./logs/a", "InvalidBucketName"],
  ["/logs", "InvalidArgument"],
  ["/logs/%zz", "InvalidURI"],
])("a copy from %s is refused", (header, code) => {
  const headers = { "x-amz-copy-source": header };
  expect(codeOf(() => copySource({ method: "PUT", target: "/", headers }))).toBe(code);
});
