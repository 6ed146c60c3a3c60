import { execFileSync } from "node:child_process";
import { s3Address } from "../../../lab/s3/s3-address";
import { s3Operation } from "../../../lab/s3/s3-operations";
import { requires } from "../../support/requirements";

/** One operation of S3's own API model, as botocore ships it. */
interface ModelledOperation {
  readonly name: string;
  readonly method: string;
  /** `/{Bucket}/{Key+}?acl` */
  readonly uri: string;
  /** Query parameters and headers that the operation cannot do without. */
  readonly query: readonly string[];
  readonly headers: readonly string[];
}

function operationOf(method: string, target: string, isCopy = false): string {
  const address = s3Address({ method, target, headers: { host: "localhost" } });
  return s3Operation(method, address, isCopy);
}

const READ_MODEL = `
import json
from botocore.session import Session
def required(operation, location):
    shape = operation.input_shape
    members = shape.members if shape else {}
    return [m.serialization["name"] for k, m in members.items()
            if k in shape.required_members and m.serialization.get("location") == location]
model = Session().get_service_model("s3")
print(json.dumps([{"name": name, "method": op.http["method"], "uri": op.http["requestUri"],
                   "query": required(op, "querystring"), "headers": required(op, "header")}
                  for name, op in ((name, model.operation_model(name)) for name in model.operation_names)]))
`;

/** Operations whose requests are those of another: older names, and S3's other kinds of buckets. */
const SAME_REQUEST: Readonly<Record<string, string>> = {
  GetBucketLifecycle: "GetBucketLifecycleConfiguration",
  PutBucketLifecycle: "PutBucketLifecycleConfiguration",
  GetBucketNotification: "GetBucketNotificationConfiguration",
  PutBucketNotification: "PutBucketNotificationConfiguration",
  ListDirectoryBuckets: "ListBuckets",
};

requires("boto3")("S3's operations, against AWS's own model", () => {
  test("every one is known by its request", () => {
    const model = JSON.parse(
      execFileSync("python3", ["-c", READ_MODEL], { encoding: "utf8" }),
    ) as ModelledOperation[];
    expect(model.length).toBeGreaterThan(90);
    const wrong = model
      // Goes to an endpoint of Object Lambda, not to S3's.
      .filter(({ name }) => name !== "WriteGetObjectResponse")
      .map(({ name, method, uri, query, headers }) => {
        const path = uri.replace("{Bucket}", "bucket").replace("{Key+}", "folder/key");
        const added = query.map((parameter) => `${parameter}=x`).join("&");
        const target = added === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${added}`;
        const isCopy = headers.includes("x-amz-copy-source");
        const operation = operationOf(method, target, isCopy);
        return { expected: SAME_REQUEST[name] ?? name, operation, request: `${method} ${target}` };
      })
      .filter(({ expected, operation }) => expected !== operation);
    expect(wrong).toEqual([]);
  });
});

test.each([
  ["GET", "/", { operation: "ListBuckets" }],
  ["GET", "/bucket", { operation: "ListObjects", bucket: "bucket" }],
  ["GET", "/bucket/?list-type=2&prefix=a%2F", { operation: "ListObjectsV2", bucket: "bucket" }],
  ["PUT", "/bucket/a%20b/%C3%BC", { operation: "PutObject", bucket: "bucket", key: "a b/ü" }],
  ["GET", "/bucket/key?versionId=1", { operation: "GetObject", bucket: "bucket", key: "key" }],
  ["GET", "/bucket/key?X-Amz-Expires=60", { operation: "GetObject", bucket: "bucket", key: "key" }],
])("%s %s", (method, target, expected) => {
  const { bucket, key } = s3Address({ method, target, headers: { host: "localhost" } });
  expect({ operation: operationOf(method, target), bucket, key }).toEqual(expected);
});

test.each([
  ["PATCH", "/bucket", "Unknown(PATCH bucket)"],
  ["POST", "/bucket?policy", "Unknown(POST bucket policy)"],
  ["DELETE", "/bucket/key?acl", "Unknown(DELETE object acl)"],
  ["PUT", "/", "Unknown(PUT service)"],
])("%s %s is none: it says so", (method, target, operation) => {
  expect(operationOf(method, target)).toBe(operation);
});

test("S3 Control's requests for access points are known, and its others are not taken for a bucket's", () => {
  const operation = (method: string, path: string): string =>
    operationOf(method, `/v20180820/${path}`);
  expect(operation("GET", "accesspoint?bucket=logs")).toBe("ListAccessPoints");
  expect(operation("GET", "accesspoint/one")).toBe("GetAccessPoint");
  expect(operation("PUT", "accesspoint/one")).toBe("CreateAccessPoint");
  expect(operation("DELETE", "accesspoint/one")).toBe("DeleteAccessPoint");
  for (const path of ["accesspoint/one/policy", "accesspointforobjectlambda", "storagelens"])
    expect(operation("GET", path)).toMatch(/^Unknown\(GET control/);
});
