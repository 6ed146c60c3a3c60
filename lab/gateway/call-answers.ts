import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { LIMITS } from "../../cloudtrail/limits";
import { type AssumableRole, checkAssumeRole } from "../access/assumable-roles";
import type { IssuedCredentials } from "../access/issued-credentials";
import type { BucketHome, LivePolicies } from "../access/live-policies";
import type { AccessKeys } from "../access/principals";
import type { PutPolicies } from "../access/put-policies";
import type { UserAccess } from "../access/user-access";
import type { UserPolicies } from "../access/user-policies";
import { isNamedQueryCall, NamedQueries } from "../athena/named-queries";
import type { CloudTrailApi } from "../cloudtrail/api";
import { withKeyDefaults } from "../kms/key-defaults";
import type { AccessLogging } from "../s3/access-logging";
import { answerBeyondMoto } from "../s3/beyond-moto";
import { answerBucketPolicyCall, isBucketPolicyCall } from "../s3/bucket-policies";
import {
  deleteRequest,
  NOTHING_DELETED,
  readDeleteRequest,
  type RefusedDeletion,
  withErrors,
} from "../s3/delete-objects";
import { checkExpectedOwners } from "../s3/expected-owner";
import { contextHeader, type ObjectEncryption } from "../s3/object-encryption";
import type { HttpRequest } from "./http-request";
import { forwarded, type MotoProxy, readAll } from "./moto-proxy";
import { errorReply, jsonReply, type Reply } from "./reply";
import { readBody, withoutChunkFrames } from "./request-body";
import { errorCodeOf, errorMessageOf, ServiceError } from "./service-error";
import type { UserCall } from "./user-call";

/** What calls are answered with. */
export interface AnswerParts {
  readonly moto: MotoProxy;
  readonly roles: readonly AssumableRole[];
  readonly issued: IssuedCredentials;
  readonly principals: AccessKeys;
  readonly users: UserPolicies;
  readonly policies: LivePolicies;
  readonly putPolicies: PutPolicies;
  readonly access: UserAccess;
  readonly encryption: ObjectEncryption;
  readonly cloudTrail: CloudTrailApi;
  readonly accessLogging: AccessLogging;
}

/** What came of a call. */
export interface Outcome {
  readonly reply: Reply;
  /** The KMS keys that a call of KMS was let use. */
  readonly keys?: readonly string[];
  /** The policy of PutBucketPolicy. */
  readonly document?: string;
}

/**
 * Answers calls: CloudTrail's and some more by itself, all others from moto: those of S3 and KMS if
 * the policies allow them, in the account of their bucket or key, and the rest in the account of
 * their access key.
 */
export class CallAnswers {
  readonly #namedQueries = new NamedQueries();

  constructor(private readonly parts: AnswerParts) {}

  /**
   * @param incoming the body where it was not read: S3's passes through
   * @throws ServiceError as the service answers it
   */
  async answer(call: UserCall, incoming: Readable): Promise<Outcome> {
    const { scope, caller, request } = call;
    const { access, accessLogging, policies, putPolicies, roles } = this.parts;
    if (scope.service === "cloudtrail") return { reply: await this.#askCloudTrail(call) };
    if (scope.service === "s3") {
      checkExpectedOwners(call, policies);
      if (request.action === "CreateBucket") this.#checkNameIsFree(call);
      if (request.action === "DeleteObjects")
        return { reply: await this.#deleteObjects(call, incoming) };
    }
    const { accountId, permissions } = await access.authorize(call);
    if (isNamedQueryCall(scope.service, request.action))
      return { reply: this.#answerNamedQueryCall(call) };
    if (scope.service === "sts" && request.action === "AssumeRole")
      checkAssumeRole(roles, caller, request.parameters);
    await putPolicies.checkParameter(scope.service, request.action, request.parameters);
    if (scope.service === "s3") {
      if (isBucketPolicyCall(request.action))
        return this.#answerBucketPolicyCall(call, await this.#document(call, incoming));
      const home = this.bucketOf(call);
      const beyond = home && answerBeyondMoto(request.action);
      if (beyond !== undefined)
        return {
          reply: { status: 200, headers: { "content-type": "application/xml" }, body: beyond },
        };
      if (request.action === "PutBucketLogging") {
        const text = await this.#document(call, incoming);
        const source = String(request.parameters["bucketName"]);
        const reply = await accessLogging.put(source, text, () =>
          this.#passOn(call, Buffer.from(text), accountId),
        );
        return { reply };
      }
    }
    const keys = permissions
      .filter(({ resource }) => scope.service === "kms" && resource.type === "kms-key")
      .map(({ resource }) => resource.arn);
    const body =
      scope.service === "kms" && request.action === "CreateKey"
        ? Buffer.from(JSON.stringify(withKeyDefaults(request.parameters)))
        : request.forMoto.body;
    return { reply: await this.#passOn(call, body ?? incoming, accountId), keys };
  }

  /** The home of the S3 bucket that a call names. */
  bucketOf({ scope, request }: UserCall): BucketHome | undefined {
    if (scope.service !== "s3") return undefined;
    return this.parts.policies.bucketHome(String(request.parameters["bucketName"]));
  }

  /** A body of S3 that is read here. */
  async #document({ http }: UserCall, incoming: Readable): Promise<string> {
    return withoutChunkFrames(await readBody(incoming, "rest-xml"), http).toString();
  }

  async #answerBucketPolicyCall({ caller, request }: UserCall, text: string): Promise<Outcome> {
    const bucket = String(request.parameters["bucketName"]);
    // What no policy can be is in no record.
    const isPolicy = text !== "" && Buffer.byteLength(text) <= LIMITS.bucketPolicyBytes;
    const document = isPolicy ? text : undefined;
    try {
      const { policies, putPolicies } = this.parts;
      const answer = await answerBucketPolicyCall(
        request.action,
        bucket,
        text,
        caller,
        policies,
        putPolicies,
      );
      return { reply: { ...answer, headers: {} }, document };
    } catch (error) {
      return { reply: errorReply(error, request.protocol), document };
    }
  }

  /** moto would answer AccessDenied for another account's name. */
  #checkNameIsFree(call: UserCall): void {
    const home = this.bucketOf(call);
    if (home !== undefined && home.accountId !== call.caller.accountId)
      throw new ServiceError(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
        409,
      );
  }

  async #askCloudTrail({ scope, caller, request }: UserCall): Promise<Reply> {
    const answer = await this.parts.cloudTrail.call(request.parameters, {
      accountId: caller.accountId,
      callerArn: caller.arn,
      region: scope.region,
      action: request.action,
    });
    return jsonReply(answer);
  }

  #answerNamedQueryCall({ scope, caller, request }: UserCall): Reply {
    const { accountId } = caller;
    const answer = this.#namedQueries.answer({ ...request, accountId, region: scope.region });
    return jsonReply(answer);
  }

  /** Objects that may not be deleted do not reach moto; their errors are put into its answer. */
  async #deleteObjects(call: UserCall, incoming: Readable): Promise<Reply> {
    const request = readDeleteRequest(await this.#document(call, incoming));
    const account = this.bucketOf(call)?.accountId ?? call.caller.accountId;
    const refused: RefusedDeletion[] = [];
    const allowed: (typeof request.objects)[number][] = [];
    for (const object of request.objects) {
      const error = await this.parts.access.refusalOfDeletion(call, object);
      if (error === undefined) allowed.push(object);
      else refused.push({ ...object, error });
    }
    const body = Buffer.from(deleteRequest({ ...request, objects: allowed }));
    if (refused.length === 0) {
      const reply = await this.#passOn(call, body, account);
      return reply.errorCode === undefined ? { ...reply, deletedObjects: allowed } : reply;
    }
    const headers = { "content-type": "application/xml" };
    const { code: errorCode, message: errorMessage, deniedBy } = refused[0]!.error;
    const error = { errorCode, errorMessage, deniedBy };
    if (allowed.length === 0)
      return { status: 200, headers, body: withErrors(NOTHING_DELETED, refused), ...error };
    const answer = await this.#askMoto(call, body, account);
    const answered = withErrors((await readAll(answer)).toString(), refused);
    const status = answer.statusCode ?? 500;
    return { status, headers, body: answered, deletedObjects: allowed, ...error };
  }

  #askMoto(
    { scope, caller, request }: UserCall,
    body: Buffer | Readable,
    accountId: string,
  ): Promise<IncomingMessage> {
    const { service, region } = scope;
    const { accessKeyId } = caller;
    const { forMoto } = request;
    const isWrittenAnew = service === "s3" && Buffer.isBuffer(body);
    const headers = isWrittenAnew ? withoutBodyHeaders(forMoto.headers) : forMoto.headers;
    const motoScope = { service, region, accessKeyId, accountId };
    return this.parts.moto.ask({ ...forMoto, headers }, body, motoScope);
  }

  /**
   * moto's answer, once what the call changed is noted.
   *
   * @param account in which moto is asked
   */
  async #passOn(call: UserCall, content: Buffer | Readable, account: string): Promise<Reply> {
    const { scope, caller, request } = call;
    const answer = await this.#askMoto(call, content, account);
    const status = answer.statusCode ?? 500;
    const headers = forwarded(answer);
    const streamed = request.protocol === "rest-xml" && status < 400;
    const body = streamed ? undefined : await readAll(answer);
    if (status < 300) {
      this.#noteObject(call, answer);
      const answered = {
        accountId: caller.accountId,
        region: scope.region,
        service: scope.service,
        action: request.action,
        parameters: request.parameters,
        answer: body?.toString(),
      };
      this.parts.issued.note(answered);
      if (scope.service === "iam" && !/^(Get|List)/.test(request.action)) {
        this.parts.principals.forget();
        this.parts.users.forget();
      }
      await this.parts.policies.note(answered);
    }
    if (body === undefined) return { status, headers, body: answer };
    if (status < 400) return { status, headers, body };
    const errorCode = errorCodeOf(answer.headers, body.toString());
    return { status, headers, body, errorCode, errorMessage: errorMessageOf(body.toString()) };
  }

  #noteObject({ scope, request, http }: UserCall, answer: IncomingMessage): void {
    if (scope.service !== "s3" || !NEW_OBJECTS.includes(request.action)) return;
    const bucket = String(request.parameters["bucketName"]);
    const home = this.parts.policies.bucketHome(bucket);
    if (home === undefined) return;
    const versionId = answer.headers["x-amz-version-id"]?.toString();
    const place = { home, bucket, key: String(request.parameters["key"]), versionId };
    this.parts.encryption.written(place, contextHeader(http.headers));
  }
}

/** What makes an object anew. */
const NEW_OBJECTS = ["PutObject", "CopyObject", "CompleteMultipartUpload"];

/** What a request says of a body that is no longer its own. */
const OF_THE_BODY =
  /^(content-(encoding|md5)|x-amz-(checksum-.*|content-sha256|decoded-content-length|sdk-checksum-algorithm|trailer))$/;

function withoutBodyHeaders(headers: HttpRequest["headers"]): HttpRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_BODY.test(name)));
}
