import { bucketArn, keyArn } from "../../cloudtrail/arn";
import { partitionOfRegion } from "../../cloudtrail/regions";
import { keyResource, type Permission, type Resource } from "../access/access";
import { encryptionContextKeys } from "../kms/kms-needs";
import type { KmsKeys } from "../kms/kms-keys";
import type { LivePolicies } from "../access/live-policies";
import type { KmsUse, ObjectEncryption, ObjectPlace } from "./object-encryption";
import { s3Actions } from "./s3-actions";
import { ServiceError } from "../gateway/service-error";
import { copySource } from "./s3-address";
import type { Needs, UserCall } from "../gateway/user-call";

/** Condition keys that are called after a header of the request. */
const HEADER_KEYS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "acl",
      "content-sha256",
      "copy-source",
      "grant-full-control",
      "grant-read",
      "grant-read-acp",
      "grant-write",
      "grant-write-acp",
      "metadata-directive",
      "object-ownership",
      "server-side-encryption",
      "server-side-encryption-aws-kms-key-id",
      "server-side-encryption-customer-algorithm",
      "storage-class",
      "website-redirect-location",
    ].map((name) => [`x-amz-${name}`, `s3:x-amz-${name}`]),
  ),
  "if-match": "s3:if-match",
  "if-none-match": "s3:if-none-match",
  "x-amz-object-lock-legal-hold": "s3:object-lock-legal-hold",
  "x-amz-object-lock-mode": "s3:object-lock-mode",
  "x-amz-object-lock-retain-until-date": "s3:object-lock-retain-until-date",
};

const QUERY_KEYS: Readonly<Record<string, string>> = {
  delimiter: "s3:delimiter",
  "max-keys": "s3:max-keys",
  prefix: "s3:prefix",
  versionId: "s3:VersionId",
};

const READS = ["GetObject", "GetObjectTorrent", "SelectObjectContent"];
const WRITES = ["PutObject", "CopyObject", "CreateMultipartUpload"];

/** An object to delete, as DeleteObjects names it. */
export interface ObjectToDelete {
  readonly key: string;
  readonly versionId?: string;
}

/**
 * What calls of S3 need: on the bucket or object, on a copy's source, and on the key of objects
 * that are encrypted with KMS.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export class S3Needs {
  constructor(
    private readonly policies: LivePolicies,
    private readonly keys: KmsKeys,
    private readonly encryption: ObjectEncryption,
  ) {}

  /** Nothing is needed where there is no such bucket: moto says so. */
  async of(call: UserCall): Promise<Needs> {
    const { scope, caller, request, http } = call;
    const { action } = request;
    if (action.startsWith("Unknown("))
      throw new ServiceError("NotImplemented", `The local AWS does not know it: ${action}`, 501);
    const { accountId } = caller;
    const headers = Object.keys(http.headers);
    if (request.parameters["bucketName"] === undefined || action === "CreateBucket") {
      const arn = bucketArn({
        partition: partitionOfRegion(scope.region),
        bucketName: String(request.parameters["bucketName"]),
      });
      const on = (name: string): Permission => ({
        action: name,
        resource: { arn: action === "CreateBucket" ? arn : "*", accountId, type: "other" },
        context: requestKeys(call),
      });
      return { permissions: s3Actions(action, { headers }).map(on), accountId };
    }
    const place = this.#place(call);
    if (place === undefined) return { permissions: [], accountId };
    const use = { ofVersion: place.versionId !== undefined, headers };
    const own = s3Actions(action, use).map((name) => onPlace(name, place, requestKeys(call)));
    const permissions = [...own, ...(await this.#copying(call, place))];
    // Metadata are not encrypted, but for the checksum.
    const isAskedForChecksum = http.headers["x-amz-checksum-mode"] !== undefined;
    if (READS.includes(action) || (action === "HeadObject" && isAskedForChecksum))
      permissions.push(...(await this.#decrypting(place)));
    if (WRITES.includes(action)) {
      const used = await this.encryption.ofWrite(place, http.headers);
      permissions.push(...(await this.#using("kms:GenerateDataKey", used, place)));
    }
    return { permissions, accountId: place.home.accountId };
  }

  /** What deleting one of the objects of a DeleteObjects call needs. */
  ofDeletion(call: UserCall, { key, versionId }: ObjectToDelete): readonly Permission[] {
    const place = this.#place(call);
    if (place === undefined) return [];
    const context = { ...requestKeys(call), ...(versionId ? { "s3:VersionId": versionId } : {}) };
    const headers = Object.keys(call.http.headers);
    return s3Actions("DeleteObject", { ofVersion: versionId !== undefined, headers }).map((name) =>
      onPlace(name, { ...place, key }, context),
    );
  }

  /** Undefined where there is no such bucket. The key is empty for the bucket itself. */
  #place({ request }: UserCall): ObjectPlace | undefined {
    const { bucketName, key = "" } = request.parameters;
    const bucket = String(bucketName);
    const home = this.policies.bucketHome(bucket);
    const versionId = request.query.get("versionId") ?? undefined;
    return home && { home, bucket, key: String(key), versionId };
  }

  async #copying({ http }: UserCall, to: ObjectPlace): Promise<readonly Permission[]> {
    const source = copySource(http);
    if (source === undefined) return [];
    const { bucket, key, versionId } = source;
    const home = this.policies.bucketHome(bucket);
    if (home === undefined) return [];
    const place = { home, bucket, key, versionId };
    if (home.accountId !== to.home.accountId)
      throw new ServiceError(
        "NotImplemented",
        `The local AWS cannot copy from a bucket of one account to one of another: ${bucket}`,
        501,
      );
    const [action] = s3Actions("GetObject", { ofVersion: versionId !== undefined });
    return [onPlace(action!, place, {}), ...(await this.#decrypting(place))];
  }

  async #decrypting(place: ObjectPlace): Promise<readonly Permission[]> {
    return this.#using("kms:Decrypt", await this.encryption.ofObject(place), place);
  }

  /** AWS's own key of S3 is for the bucket's account: its policy has nobody else. */
  async #using(
    action: string,
    use: KmsUse | undefined,
    { home }: ObjectPlace,
  ): Promise<readonly Permission[]> {
    if (use === undefined) return [];
    const arn = use.keyId === undefined ? undefined : await this.keys.find(use.keyId, home);
    const { accountId, region } = home;
    const managed = keyArn({ partition: partitionOfRegion(region), region, accountId }, "*");
    return [
      {
        action,
        resource: arn ? keyResource(arn) : { arn: managed, accountId, type: "other" },
        context: {
          ...encryptionContextKeys(use.encryptionContext),
          "kms:ViaService": `s3.${region}.amazonaws.com`,
        },
      },
    ];
  }
}

function onPlace(action: string, place: ObjectPlace, context: Permission["context"]): Permission {
  const { home, key } = place;
  const resource: Resource = {
    arn: key === "" ? home.arn : `${home.arn}/${key}`,
    policyOf: home.arn,
    accountId: home.accountId,
    type: "other",
  };
  return { action, resource, context: { "s3:ResourceAccount": home.accountId, ...context } };
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys */
function requestKeys({ scope, request, http }: UserCall): Permission["context"] {
  const { query } = request;
  const keys = [
    ...Object.entries(HEADER_KEYS).map(([name, key]) => [key, http.headers[name]?.toString()]),
    ...Object.entries(QUERY_KEYS).map(([name, key]) => [key, query.get(name) ?? undefined]),
    ["s3:authType", scope.form === "query" ? "REST-QUERY-STRING" : "REST-HEADER"],
    ["s3:signatureversion", "AWS4-HMAC-SHA256"],
  ];
  return Object.fromEntries(keys.filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}
