import {
  GetObjectCommand,
  ListObjectsV2Command,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ClientOptions,
  cloudTrailClient,
  kmsClient,
  profileProvider,
  roleProvider,
  s3Client,
  snsClient,
  stsClient,
} from "../../aws/clients";
import { REQUEST_LIMITS } from "../../aws/request-limits";
import { temporaryFolder, writeTree } from "../support/temporary-folder";

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const LIST = new ListObjectsV2Command({ Bucket: "logs" });
const GET = new GetObjectCommand({ Bucket: "logs", Key: "one" });
const EMPTY_LIST = `<?xml version="1.0"?><ListBucketResult><Name>logs</Name></ListBucketResult>`;

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => unknown;

const nothing: Answer = () => undefined;
const beginning: Answer = (_, response) => {
  response.writeHead(200, { "content-length": "1000" });
  response.write("<");
};
const reset: Answer = ({ socket }) => socket.destroy();
const error =
  (status: number, code: string): Answer =>
  (_, response) =>
    response.writeHead(status).end(`<Error><Code>${code}</Code><Message>No.</Message></Error>`);

const folder = temporaryFolder();
let server: Server;
let endpoint: string;
let count: number;
let answer: Answer;

beforeEach(async () => {
  count = 0;
  server = createServer((request, response) => void answer(request, response, ++count));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  jest.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

/** Short, so that five attempts are soon over. */
function options(): ClientOptions {
  const limits = { connect: 5000, answer: 300, silence: 300, patience: 60_000 };
  return { region: "us-east-1", endpoint, credentials, limits };
}

async function failure(request: Promise<unknown>): Promise<Error> {
  return request.then(
    () => new Error("it was answered"),
    (thrown: Error) => thrown,
  );
}

test.each<[string, Answer, string, number]>([
  ["takes the connection and is silent", nothing, "no answer from HOST within 0.3 s", 5],
  [
    "begins an answer and is silent",
    beginning,
    "HOST sent the beginning of an answer, and then nothing for 0.3 s",
    5,
  ],
  ["closes connections", reset, "HOST closed the connection before it had answered", 5],
  ["always answers 503", error(503, "ServiceUnavailable"), "No.", 5],
  ["refuses", error(403, "AccessDenied"), "No.", 1],
])("a host that %s", async (_, how, message, attempts) => {
  answer = how;
  const thrown = await failure(s3Client(options()).send(LIST));
  expect([thrown.message, (thrown as S3ServiceException).$metadata.attempts]).toEqual([
    message.replace("HOST", new URL(endpoint).host),
    attempts,
  ]);
  expect(count).toBe(attempts);
});

test("a host that says SlowDown twice", async () => {
  answer = (request, response, nth) =>
    nth <= 2 ? error(503, "SlowDown")(request, response, nth) : response.end(EMPTY_LIST);
  const limits = REQUEST_LIMITS;
  expect(await s3Client({ ...options(), limits }).send(LIST)).toMatchObject({ Name: "logs" });
  expect(count).toBe(3);
});

test("a file whose body stops is an error of its body, and one whose reader waits is not", async () => {
  answer = beginning;
  const stopped = await s3Client(options()).send(GET);
  expect(await failure(buffer(stopped.Body as never))).toMatchObject({
    name: "TimeoutError",
    message: expect.stringContaining("and then nothing for 0.3 s") as string,
  });

  const content = Buffer.alloc(5_000_000, "x");
  answer = (_, response) => response.end(content);
  const { Body } = await s3Client(options()).send(GET);
  await sleep(1000);
  expect((await buffer(Body as never)).equals(content)).toBe(true);
});

test("a file that breaks off before anybody reads it is an error to its reader alone", async () => {
  answer = (_, response) => {
    response.writeHead(200, { "content-length": "1000", "x-amz-checksum-crc32": "AAAAAA==" });
    response.write("<", () => setTimeout(() => response.destroy(), 50));
  };
  const { Body } = await s3Client(options()).send(GET);
  await sleep(300);
  expect((await failure(buffer(Body as never))).message).toMatch(/aborted|Connection lost/);
});

test("a host that has not answered for long is not asked any more, but once in a while", async () => {
  answer = nothing;
  const limits = { ...options().limits!, patience: 1000 };
  const client = s3Client({ ...options(), limits });
  await failure(client.send(LIST));
  const before = count;
  const refused = await Promise.all([1, 2, 3].map(() => failure(client.send(LIST))));
  expect(refused.map(({ message }) => message)).toEqual(
    Array(3).fill(
      expect.stringMatching(
        /^127\.0\.0\.1:\d+ has answered nothing for \d+ s, and is not asked again$/,
      ),
    ),
  );
  expect(count - before).toBeLessThan(5);
  answer = (_, response) => response.end(EMPTY_LIST);
  await sleep(1000);
  expect(await client.send(LIST)).toMatchObject({ Name: "logs" });
  expect(await client.send(LIST)).toMatchObject({ Name: "logs" });
});

test("every client has the limits, and those inside of credentials", async () => {
  answer = nothing;
  const silent = `no answer from ${new URL(endpoint).host} within 0.3 s`;
  const role = { roleArn: "arn:aws:iam::111111111111:role/reader", sessionName: "test" };
  writeTree(
    folder(),
    "config",
    `[profile reader]\nrole_arn = ${role.roleArn}\nsource_profile = base\n` +
      "[profile base]\naws_access_key_id = local\naws_secret_access_key = local\n",
  );
  jest.replaceProperty(process, "env", { AWS_CONFIG_FILE: join(folder(), "config") });
  const clients = [cloudTrailClient, kmsClient, snsClient, stsClient].map((client) =>
    client(options()),
  );
  const unanswered = await Promise.all([
    ...clients.map((client) => failure(client.config.requestHandler.handle(request()))),
    failure(roleProvider(role, options())()),
    failure(profileProvider("reader", options())()),
    failure(s3Client({ ...options(), credentials: roleProvider(role, options()) }).send(LIST)),
  ]);
  expect(unanswered.map(({ message }) => message)).toEqual(Array(7).fill(silent));
});

test("with an endpoint buckets are in the path, also where the environment gives it", async () => {
  const paths: (string | undefined)[] = [];
  answer = ({ url }, response) => {
    paths.push(url);
    response.end(EMPTY_LIST);
  };
  await s3Client(options()).send(LIST);
  jest.replaceProperty(process, "env", { AWS_ENDPOINT_URL: endpoint });
  await s3Client({ region: "us-east-1", credentials }).send(LIST);
  expect(paths).toEqual(["/logs/?list-type=2", "/logs/?list-type=2"]);
});

function request(): never {
  const { hostname, port } = new URL(endpoint);
  const headers = {};
  return { protocol: "http:", method: "POST", path: "/", hostname, port, headers } as never;
}
