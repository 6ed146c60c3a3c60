import { randomUUID } from "node:crypto";
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { MOTO_ACCOUNT_HEADER } from "./account-clients";
import { type AssumableRole, checkAssumeRole } from "./assumable-roles";
import { answerBucketPolicyCall, isBucketPolicyCall } from "./bucket-policies";
import type { AccessLogging } from "./access-logging";
import type { CallLog } from "./calls";
import type { CloudTrailApi } from "./cloudtrail/api";
import type { LivePolicies } from "./live-policies";
import type { Principals } from "./principals";
import { contextHeader, type ObjectEncryption } from "./object-encryption";
import { errorAnswer, errorCodeOf, type Protocol, ServiceError } from "./service-error";
import { protocolOf, readServiceRequest, signedScope } from "./service-request";
import {
  NOTHING_DELETED,
  objectsToDelete,
  type RefusedDeletion,
  withErrors,
  withoutObjects,
} from "./delete-objects";
import type { UserAccess } from "./user-access";
import type { UserCall } from "./user-call";

/** What the gateway is made of. */
export interface GatewayParts {
  /** moto's endpoint. */
  readonly moto: string;
  readonly roles: readonly AssumableRole[];
  readonly principals: Principals;
  readonly policies: LivePolicies;
  readonly access: UserAccess;
  readonly encryption: ObjectEncryption;
  readonly cloudTrail: CloudTrailApi;
  readonly accessLogging: AccessLogging;
  readonly log: CallLog;
  /** Milliseconds. */
  readonly now: () => number;
}

/** A call on its way: what is known of it before it is answered. */
interface Call extends UserCall {
  /** The body where it was read; S3's bodies pass through unread. */
  readonly body?: Buffer;
}

/** An answer that is ready to go out. */
interface Reply {
  readonly status: number;
  readonly errorCode?: string;
  send(response: ServerResponse): void | Promise<void>;
}

/** Where other processes read the recorded calls, as JSON lines. S3 allows no bucket of that name. */
export const CALLS_PATH = "/_lab/calls";

/**
 * The HTTP server that AWS clients talk to. CloudTrail's calls it answers itself; all others go to
 * moto as they came: those of S3 and KMS if the policies allow them, in the account of their bucket
 * or key, and the rest in the account of their access key. Each call is recorded.
 */
export class Gateway {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: Server;

  constructor(private readonly parts: GatewayParts) {
    this.#server = createServer((incoming, response) => void this.#serve(incoming, response));
  }

  /**
   * @param port 0 for a free one
   * @returns the port
   */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (incoming.method === "GET" && incoming.url === CALLS_PATH) {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.end(this.parts.log.calls.map((call) => `${JSON.stringify(call)}\n`).join(""));
      return;
    }
    const { method = "", url = "/", headers } = incoming;
    const http = { method, target: url, headers };
    const scope = signedScope(http);
    const protocol = protocolOf(http, scope?.service ?? "s3");
    try {
      if (scope === undefined) throw unsigned();
      const caller = await this.parts.principals.find(scope.accessKeyId, scope.region);
      if (caller === undefined) throw unknownAccessKey(protocol);
      const body = protocol === "rest-xml" ? undefined : await readAll(incoming);
      const request = readServiceRequest(http, scope.service, body?.toString() ?? "");
      const call = { scope, caller, request, http, body };
      const arrived = this.parts.now();
      const reply = await this.#answer(call, incoming).catch((error: unknown) =>
        errorReply(error, protocol),
      );
      // Recorded first: whoever has the answer finds the call in the log.
      this.#record(call, arrived, reply);
      await reply.send(response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else await errorReply(error, protocol).send(response);
    }
  }

  async #answer(call: Call, incoming: IncomingMessage): Promise<Reply> {
    const { scope, caller, request } = call;
    if (scope.service === "cloudtrail") return this.#askCloudTrail(call);
    if (scope.service === "sts" && request.action === "AssumeRole")
      checkAssumeRole(this.parts.roles, caller, request.parameters);
    if (scope.service === "s3" && request.action === "CreateBucket") this.#checkNameIsFree(call);
    if (scope.service === "s3" && request.action === "DeleteObjects")
      return this.#deleteObjects(call, (await readAll(incoming)).toString(), incoming);
    const account = await this.parts.access.authorize(call);
    if (scope.service === "s3" && isBucketPolicyCall(request.action))
      return this.#answerBucketPolicyCall(call, (await readAll(incoming)).toString());
    if (scope.service === "s3" && request.action === "PutBucketLogging") {
      const body = await readAll(incoming);
      const source = String(request.parameters["bucketName"]);
      return this.parts.accessLogging.put(source, body.toString(), () =>
        this.#passOn({ ...call, body }, incoming, account),
      );
    }
    return this.#passOn(call, incoming, account);
  }

  #answerBucketPolicyCall({ caller, request }: Call, text: string): Reply {
    const bucket = String(request.parameters["bucketName"]);
    const { policies } = this.parts;
    const { status, body } = answerBucketPolicyCall(request.action, bucket, text, caller, policies);
    return wholeReply(status, { "x-amz-request-id": randomUUID() }, body);
  }

  /** moto would answer AccessDenied for another account's name. */
  #checkNameIsFree({ caller, request }: Call): void {
    const home = this.parts.policies.bucketHome(String(request.parameters["bucketName"]));
    if (home !== undefined && home.accountId !== caller.accountId)
      throw new ServiceError(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
        409,
      );
  }

  async #askCloudTrail({ scope, caller, request }: Call): Promise<Reply> {
    const answer = await this.parts.cloudTrail.call(request.parameters, {
      accountId: caller.accountId,
      callerArn: caller.arn,
      region: scope.region,
      action: request.action,
    });
    const headers = { "content-type": "application/x-amz-json-1.1" };
    return wholeReply(
      200,
      { ...headers, "x-amzn-requestid": randomUUID() },
      JSON.stringify(answer),
    );
  }

  /** Objects that may not be deleted do not reach moto; their errors are put into its answer. */
  async #deleteObjects(call: Call, text: string, incoming: IncomingMessage): Promise<Reply> {
    const home = this.parts.policies.bucketHome(String(call.request.parameters["bucketName"]));
    const account = home?.accountId ?? call.caller.accountId;
    const objects = objectsToDelete(text);
    const errors = objects.map((object) => this.parts.access.refusalOfDeletion(call, object));
    const refused = objects.flatMap((object, index): RefusedDeletion[] => {
      const error = errors[index];
      return error === undefined ? [] : [{ ...object, error }];
    });
    if (refused.length === 0)
      return this.#passOn({ ...call, body: Buffer.from(text) }, incoming, account);
    const headers = { "content-type": "application/xml", "x-amz-request-id": randomUUID() };
    const errorCode = refused[0]?.error.code;
    if (refused.length === objects.length)
      return { ...wholeReply(200, headers, withErrors(NOTHING_DELETED, refused)), errorCode };
    const body = Buffer.from(withoutObjects(text, (index) => errors[index] === undefined));
    const answer = await this.#askMoto({ ...call, body }, incoming, account);
    const answered = (await readAll(answer)).toString();
    const status = answer.statusCode ?? 500;
    return { ...wholeReply(status, headers, withErrors(answered, refused)), errorCode };
  }

  /**
   * moto's answer, once the policies that the call changed are noted.
   *
   * @param account in which moto is asked
   */
  async #passOn(call: Call, incoming: IncomingMessage, account: string): Promise<Reply> {
    const { scope, caller, request } = call;
    const answer = await this.#askMoto(call, incoming, account);
    const status = answer.statusCode ?? 500;
    const headers = forwarded(answer);
    const streamed = request.protocol === "rest-xml" && status < 400;
    const body = streamed ? undefined : await readAll(answer);
    if (status < 300) this.#noteObject(call, answer);
    if (status < 300)
      await this.parts.policies.note({
        accountId: caller.accountId,
        region: scope.region,
        service: scope.service,
        action: request.action,
        parameters: request.parameters,
        answer: body?.toString(),
      });
    if (body === undefined)
      return {
        status,
        send: async (response) => {
          response.writeHead(status, headers);
          await pipeline(answer, response);
        },
      };
    return {
      ...wholeReply(status, headers, body),
      errorCode: status < 400 ? undefined : errorCodeOf(answer.headers, body.toString()),
    };
  }

  #noteObject({ scope, request, http }: Call, answer: IncomingMessage): void {
    if (scope.service !== "s3" || !NEW_OBJECTS.includes(request.action)) return;
    const bucket = String(request.parameters["bucketName"]);
    const home = this.parts.policies.bucketHome(bucket);
    if (home === undefined) return;
    const versionId = answer.headers["x-amz-version-id"]?.toString();
    const place = { home, bucket, key: String(request.parameters["key"]), versionId };
    this.parts.encryption.written(place, contextHeader(http.headers));
  }

  #askMoto(
    { body, http }: Call,
    incoming: IncomingMessage,
    account: string,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        this.parts.moto,
        {
          // As it came: a URL object would take dots and slashes out of S3 keys.
          path: http.target,
          method: http.method,
          headers: {
            ...forwarded(incoming),
            ...(body === undefined ? {} : { "content-length": body.length }),
            [MOTO_ACCOUNT_HEADER]: account,
          },
          agent: this.#agent,
        },
        resolve,
      );
      outgoing.once("error", reject);
      if (body === undefined) pipeline(incoming, outgoing).catch(reject);
      else outgoing.end(body);
    });
  }

  #record({ scope, caller, request }: Call, arrived: number, reply: Reply): void {
    this.parts.log.record({
      time: new Date(arrived).toISOString(),
      endTime: new Date(this.parts.now()).toISOString(),
      accountId: caller.accountId,
      principalArn: caller.arn,
      service: scope.service,
      region: scope.region,
      action: request.action,
      resource: request.resource,
      request: request.parameters,
      status: reply.status,
      errorCode: reply.errorCode,
    });
  }
}

function unsigned(): ServiceError {
  return new ServiceError(
    "AccessDenied",
    "Access Denied: the request is not signed with Signature Version 4.",
    403,
  );
}

/** Each protocol has its own name for it. */
function unknownAccessKey(protocol: Protocol): ServiceError {
  switch (protocol) {
    case "rest-xml":
      return new ServiceError(
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        403,
      );
    case "query":
      return new ServiceError(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
      );
    case "json":
      return new ServiceError(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        400,
      );
  }
}

/** What is not meant for the caller becomes an internal failure that says so. */
function errorReply(error: unknown, protocol: Protocol): Reply {
  const told =
    error instanceof ServiceError
      ? error
      : new ServiceError(
          "InternalFailure",
          `The local AWS failed: ${error instanceof Error ? error.message : String(error)}`,
          500,
        );
  const { status, headers, body } = errorAnswer(told, protocol, randomUUID());
  return { ...wholeReply(status, headers, body), errorCode: told.code };
}

function wholeReply(status: number, headers: OutgoingHttpHeaders, body: string | Buffer): Reply {
  return {
    status,
    send: (response) => {
      response.writeHead(status, headers);
      response.end(body);
    },
  };
}

/** The headers that belong to the message, not to the connection it came by. */
function forwarded({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name));
  return Object.fromEntries(kept);
}

/** What makes an object anew. */
const NEW_OBJECTS = ["PutObject", "CopyObject", "CompleteMultipartUpload"];

const HOP_BY_HOP = ["connection", "keep-alive", "expect", "transfer-encoding"];

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
