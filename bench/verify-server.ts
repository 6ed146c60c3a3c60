/**
 * S3, CloudTrail and STS for the bench of `verify`, from memory, in a process of its own:
 * `node --import tsx bench/verify-server.ts ENVS_DIR ENVIRONMENT` prints one JSON line, and ends
 * when standard input does. Every answer of S3 comes 30 ms later than it could.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { trailArn } from "../cloudtrail/trails/trail-identity";
import { requireEnvironment } from "../envs/load";
import { environmentTrails } from "../envs/trails";
import { SigningKeys } from "../lab";
import { deliveredFiles } from "./verify-files";

const S3_DELAY_MS = 30;

const [envs = "", name = ""] = process.argv.slice(2);
const environment = requireEnvironment(envs, name);
const { bucket } = environment.destination;
const trails = environmentTrails(environment);
const end = Date.now() - 10 * 60_000;
const keys = new SigningKeys(Date.now);
const objects = deliveredFiles(
  { bucket, trails, hours: 24, filesPerHour: 12, recordsPerFile: 50, end },
  keys,
);
const sortedKeys = [...objects.keys()].sort();

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

const server = createServer((request, response) => {
  const isS3 = request.headers.authorization?.includes("/s3/aws4_request") ?? false;
  const answered = isS3
    ? Promise.resolve(s3(request))
    : readAll(request).then(otherService(request));
  void answered.then(({ status = 200, headers, body }) =>
    setTimeout(() => response.writeHead(status, headers).end(body), isS3 ? S3_DELAY_MS : 0),
  );
});

server.listen(0, "127.0.0.1", () => {
  const bytes = [...objects.values()].reduce((sum, { body }) => sum + gunzipSync(body).length, 0);
  const { port } = server.address() as AddressInfo;
  const arns = trails.map(trailArn);
  console.log(JSON.stringify({ port, bucket, arns, files: objects.size, bytes }));
});
process.stdin.resume().once("end", () => process.exit());

function s3({ method, url = "" }: IncomingMessage): Answer {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const key = decodeURIComponent(pathname.slice(bucket.length + 2));
  if (key === "" && method === "HEAD") return {};
  if (key === "") return searchParams.has("location") ? location() : list(searchParams);
  const object = objects.get(key);
  if (object === undefined)
    return { status: 404, body: "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>" };
  const metadata = Object.entries(object.metadata).map(([name, value]) => [
    `x-amz-meta-${name}`,
    value,
  ]);
  return {
    headers: {
      "content-length": String(object.body.length),
      "x-amz-server-side-encryption": "AES256",
      ...(Object.fromEntries(metadata) as Record<string, string>),
    },
    body: method === "HEAD" ? undefined : object.body,
  };
}

function location(): Answer {
  return { body: "<LocationConstraint/>" };
}

/** ListObjects and ListObjectsV2. No listing here comes to S3's 1,000 keys for one answer. */
function list(parameters: URLSearchParams): Answer {
  const prefix = parameters.get("prefix") ?? "";
  const after = parameters.get("start-after") ?? parameters.get("marker") ?? "";
  const delimiter = parameters.get("delimiter");
  const found = sortedKeys.filter((key) => key.startsWith(prefix) && key > after);
  const folder = (key: string): string => key.slice(0, key.indexOf(delimiter!, prefix.length) + 1);
  const content = delimiter
    ? [...new Set(found.map(folder))].map(
        (one) => `<CommonPrefixes><Prefix>${one}</Prefix></CommonPrefixes>`,
      )
    : found.map((key) => `<Contents><Key>${key}</Key></Contents>`);
  if (content.length > 1000) throw new Error("more than S3 answers at once");
  return {
    body: `<ListBucketResult><IsTruncated>false</IsTruncated>${content.join("")}</ListBucketResult>`,
  };
}

function otherService({ headers }: IncomingMessage): (body: string) => Answer {
  return (body) => {
    const operation = headers["x-amz-target"]?.toString().split(".").at(-1);
    return operation === undefined
      ? assumedRole()
      : {
          headers: { "content-type": "application/x-amz-json-1.1" },
          body: JSON.stringify(cloudTrail(operation, JSON.parse(body) as Record<string, unknown>)),
        };
  };
}

function cloudTrail(operation: string, parameters: Record<string, unknown>): object {
  switch (operation) {
    case "GetTrail":
      return { Trail: { S3BucketName: bucket, LogFileValidationEnabled: true } };
    case "GetTrailStatus":
      return { IsLogging: true, StartLoggingTime: end / 1000 - 86_400 };
    case "ListPublicKeys":
      return keys.listPublicKeys(
        environment.destination.region,
        parameters["StartTime"] as number,
        parameters["EndTime"] as number,
      );
    default:
      throw new Error(`no ${operation} here`);
  }
}

function assumedRole(): Answer {
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  return {
    headers: { "content-type": "text/xml" },
    body: `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>bench</AccessKeyId><SecretAccessKey>bench</SecretAccessKey><SessionToken>bench</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
