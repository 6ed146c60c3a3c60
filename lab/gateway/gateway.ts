import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LIMITS } from "../../cloudtrail/limits";
import { type AssumableRole, checkAssumeRole } from "../access/assumable-roles";
import { answerBucketPolicyCall, isBucketPolicyCall } from "../s3/bucket-policies";
import type { AccessLogging } from "../s3/access-logging";
import type { CallLog } from "./calls";
import type { CloudTrailApi } from "../cloudtrail/api";
import { unknownAccessKey, unsigned } from "./credential-errors";
import { type LabAnswer, answerLabRequest, LAB_PATH, type LabState } from "./lab-requests";
import type { BucketHome, LivePolicies } from "../access/live-policies";
import { forwarded, MotoProxy, readAll } from "./moto-proxy";
import { isNamedQueryCall, NamedQueries } from "../athena/named-queries";
import type { AccessKeys } from "../access/principals";
import { contextHeader, type ObjectEncryption } from "../s3/object-encryption";
import type { EventSink } from "../records/event-sink";
import { Recorder } from "../records/recorder";
import type { Redaction } from "../records/records-of";
import { checkPolicyParameter, readBody } from "./request-body";
import { errorReply, type Reply, sendReply, withDate, withRequestIds } from "./reply";
import { errorCodeOf, errorMessageOf, ServiceError } from "./service-error";
import { protocolOf, readServiceRequest, signedScope } from "./service-request";
import {
  NOTHING_DELETED,
  objectsToDelete,
  type RefusedDeletion,
  withErrors,
  withoutObjects,
} from "../s3/delete-objects";
import type { UserAccess } from "../access/user-access";
import type { UserCall } from "./user-call";

/** What the gateway is made of. */
export interface GatewayParts {
  /** moto's endpoint. */
  readonly moto: string;
  readonly roles: readonly AssumableRole[];
  readonly principals: AccessKeys;
  readonly policies: LivePolicies;
  readonly access: UserAccess;
  readonly encryption: ObjectEncryption;
  readonly cloudTrail: CloudTrailApi;
  readonly accessLogging: AccessLogging;
  /** Takes the records of all calls. */
  readonly events: EventSink;
  /**
   * Whether callers from other accounts are told whose bucket denied them.
   *
   * @default "current": they are not
   */
  readonly redaction?: Redaction;
  /** For requests about the local AWS itself. */
  readonly lab: LabState;
  readonly log: CallLog;
  /** Milliseconds. */
  readonly now: () => number;
  /** Told of what is a fault of the local AWS; the request that met it gets an internal failure. */
  readonly onFault: (error: unknown) => void;
}

/** A call on its way: what is known of it before it is answered. */
interface Call extends UserCall {
  /** The body where it was read; S3's bodies pass through unread. */
  readonly body?: Buffer;
}

/** What came of a call. */
interface Outcome {
  readonly reply: Reply;
  /** The KMS keys that a call of KMS was let use. */
  readonly keys?: readonly string[];
  /** The policy of PutBucketPolicy. */
  readonly document?: string;
}

/**
 * The HTTP server that AWS clients talk to. CloudTrail's calls it answers itself; all others go to
 * moto as they came: those of S3 and KMS if the policies allow them, in the account of their bucket
 * or key, and the rest in the account of their access key. Each call is recorded, once in the log and
 * once as CloudTrail does.
 */
export class Gateway {
  readonly #moto: MotoProxy;
  readonly #recorder: Recorder;
  readonly #namedQueries = new NamedQueries();
  readonly #server: Server;

  constructor(private readonly parts: GatewayParts) {
    this.#moto = new MotoProxy(parts.moto);
    this.#recorder = new Recorder(parts.events, parts.redaction);
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming, response).catch((error: unknown) => {
        parts.onFault(error);
        response.destroy();
      });
    });
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
    // Too many open files, for instance: the connections that are there go on.
    this.#server.removeAllListeners("error").on("error", this.parts.onFault);
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.#moto.destroy();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "/", headers } = incoming;
    if (url.startsWith(LAB_PATH)) {
      const answer = await this.#answerLab(method, url);
      response.writeHead(answer.status, { "content-type": answer.contentType });
      response.end(answer.body);
      return;
    }
    const http = { method, target: url, headers };
    const scope = signedScope(http);
    const protocol = protocolOf(http, scope?.service ?? "s3");
    try {
      if (scope === undefined) throw unsigned();
      const caller = await this.parts.principals.find(scope.accessKeyId, scope.region);
      if (caller === undefined) throw unknownAccessKey(protocol);
      const body = protocol === "rest-xml" ? undefined : await readBody(incoming, protocol);
      const request = readServiceRequest(http, scope.service, body?.toString() ?? "");
      const call = { scope, caller, request, http, body };
      const arrived = this.parts.now();
      const bucket = this.#bucketOf(call);
      const outcome = await this.#answer(call, incoming).catch((error: unknown): Outcome => {
        this.#tell(error);
        return { reply: errorReply(error, protocol) };
      });
      const reply = withDate(withRequestIds(outcome.reply, protocol), this.parts.now());
      // Recorded first: whoever has the answer finds the call in the log.
      this.#log(call, arrived, reply);
      this.#recorder.record({
        ...{ ...call, ...outcome, reply, time: arrived },
        sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
        // CreateBucket makes it, DeleteBucket takes it away.
        bucket: this.#bucketOf(call) ?? bucket,
      });
      await sendReply(reply, response);
    } catch (error) {
      // Whoever has gone away gets no answer, and that is no fault.
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      this.#tell(error);
      await sendReply(withRequestIds(errorReply(error, protocol), protocol), response);
    }
  }

  async #answerLab(method: string, url: string): Promise<LabAnswer> {
    try {
      return await answerLabRequest(method, url, this.parts.lab);
    } catch (error) {
      this.#tell(error);
      const body = JSON.stringify({ error: `The local AWS failed: ${String(error)}` });
      return { status: 500, contentType: "application/json", body: `${body}\n` };
    }
  }

  /** What is not meant for the caller is a fault of the local AWS. */
  #tell(error: unknown): void {
    if (!(error instanceof ServiceError)) this.parts.onFault(error);
  }

  async #answer(call: Call, incoming: IncomingMessage): Promise<Outcome> {
    const { scope, caller, request } = call;
    if (scope.service === "cloudtrail") return { reply: await this.#askCloudTrail(call) };
    if (isNamedQueryCall(scope.service, request.action))
      return { reply: this.#answerNamedQueryCall(call) };
    if (scope.service === "sts" && request.action === "AssumeRole")
      checkAssumeRole(this.parts.roles, caller, request.parameters);
    if (scope.service === "s3" && request.action === "CreateBucket") this.#checkNameIsFree(call);
    if (scope.service === "s3" && request.action === "DeleteObjects")
      return { reply: await this.#deleteObjects(call, incoming) };
    const { accountId, permissions } = await this.parts.access.authorize(call);
    checkPolicyParameter(scope.service, request.action, request.parameters);
    if (scope.service === "s3" && isBucketPolicyCall(request.action))
      return this.#answerBucketPolicyCall(call, (await this.#document(incoming)).toString());
    if (scope.service === "s3" && request.action === "PutBucketLogging") {
      const body = await this.#document(incoming);
      const source = String(request.parameters["bucketName"]);
      const reply = await this.parts.accessLogging.put(source, body.toString(), () =>
        this.#passOn({ ...call, body }, incoming, accountId),
      );
      return { reply };
    }
    const keys = permissions
      .filter(({ resource }) => scope.service === "kms" && resource.type === "kms-key")
      .map(({ resource }) => resource.arn);
    return { reply: await this.#passOn(call, incoming, accountId), keys };
  }

  /** A body of S3 that is read here. */
  #document(incoming: IncomingMessage): Promise<Buffer> {
    return readBody(incoming, "rest-xml");
  }

  #bucketOf({ scope, request }: Call): BucketHome | undefined {
    if (scope.service !== "s3") return undefined;
    return this.parts.policies.bucketHome(String(request.parameters["bucketName"]));
  }

  #answerBucketPolicyCall({ caller, request }: Call, text: string): Outcome {
    const bucket = String(request.parameters["bucketName"]);
    // What no policy can be is in no record.
    const isPolicy = text !== "" && Buffer.byteLength(text) <= LIMITS.bucketPolicyBytes;
    const document = isPolicy ? text : undefined;
    try {
      const { policies } = this.parts;
      const answer = answerBucketPolicyCall(request.action, bucket, text, caller, policies);
      return { reply: { ...answer, headers: {} }, document };
    } catch (error) {
      return { reply: errorReply(error, request.protocol), document };
    }
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
    return { status: 200, headers, body: JSON.stringify(answer) };
  }

  #answerNamedQueryCall({ scope, caller, request }: Call): Reply {
    const { accountId } = caller;
    const answer = this.#namedQueries.answer({ ...request, accountId, region: scope.region });
    const headers = { "content-type": "application/x-amz-json-1.1" };
    return { status: 200, headers, body: JSON.stringify(answer) };
  }

  /** Objects that may not be deleted do not reach moto; their errors are put into its answer. */
  async #deleteObjects(call: Call, incoming: IncomingMessage): Promise<Reply> {
    const text = (await this.#document(incoming)).toString();
    const account = this.#bucketOf(call)?.accountId ?? call.caller.accountId;
    const objects = objectsToDelete(text);
    const errors = objects.map((object) => this.parts.access.refusalOfDeletion(call, object));
    const refused = objects.flatMap((object, index): RefusedDeletion[] => {
      const error = errors[index];
      return error === undefined ? [] : [{ ...object, error }];
    });
    const deletedObjects = objects.filter((_, index) => errors[index] === undefined);
    if (refused.length === 0) {
      const reply = await this.#passOn({ ...call, body: Buffer.from(text) }, incoming, account);
      return reply.errorCode === undefined ? { ...reply, deletedObjects } : reply;
    }
    const headers = { "content-type": "application/xml" };
    const { code: errorCode, message: errorMessage, deniedBy } = refused[0]!.error;
    const error = { errorCode, errorMessage, deniedBy };
    if (refused.length === objects.length)
      return { status: 200, headers, body: withErrors(NOTHING_DELETED, refused), ...error };
    const body = Buffer.from(withoutObjects(text, (index) => errors[index] === undefined));
    const answer = await this.#moto.ask({ ...call, body }, incoming, account);
    const answered = withErrors((await readAll(answer)).toString(), refused);
    const status = answer.statusCode ?? 500;
    return { status, headers, body: answered, deletedObjects, ...error };
  }

  /**
   * moto's answer, once the policies that the call changed are noted.
   *
   * @param account in which moto is asked
   */
  async #passOn(call: Call, incoming: IncomingMessage, account: string): Promise<Reply> {
    const { scope, caller, request } = call;
    const answer = await this.#moto.ask(call, incoming, account);
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
    if (body === undefined) return { status, headers, body: answer };
    if (status < 400) return { status, headers, body };
    const errorCode = errorCodeOf(answer.headers, body.toString());
    return { status, headers, body, errorCode, errorMessage: errorMessageOf(body.toString()) };
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

  #log({ scope, caller, request }: Call, arrived: number, reply: Reply): void {
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

/** What makes an object anew. */
const NEW_OBJECTS = ["PutObject", "CopyObject", "CompleteMultipartUpload"];
