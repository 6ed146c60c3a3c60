import { parseDigestFileKey, parseLogFileKey } from "../../../cloudtrail/files/log-layout";
import { type RecordedCall, s3Actions } from "../../../lab";

/** What one call needs: an action on a resource. */
interface Permission {
  /** `service:Action`, as policies name it. */
  readonly action: string;
  /** The resource's ARN; `*` for an action that knows no resources. */
  readonly resource: string;
}

/** Role or user → action → the resources that it was needed on; all sorted, each once. */
export type RequiredPermissions = Readonly<
  Record<string, Readonly<Record<string, readonly string[]>>>
>;

/** Stands for the ID of the key, which is another one in each deployment. */
export const KEY_ID = "00000000-0000-0000-0000-000000000000";

/** The workgroup of a saved query that a call names by its ID alone. */
export const WORKGROUP = "central-trail-test";

/** What the calls need, of whoever made them. */
export function requiredPermissions(calls: readonly RecordedCall[]): RequiredPermissions {
  const needed = new Map<string, Map<string, Set<string>>>();
  for (const call of calls) {
    const principal = withoutSession(call.principalArn);
    const actions = needed.get(principal) ?? new Map<string, Set<string>>();
    needed.set(principal, actions);
    for (const { action, resource } of permissionsFor(call)) {
      actions.set(action, (actions.get(action) ?? new Set()).add(resource));
    }
  }
  return Object.fromEntries(
    sorted(needed).map(([principal, actions]) => [
      principal,
      Object.fromEntries(
        sorted(actions).map(([action, resources]) => [action, [...resources].sort()]),
      ),
    ]),
  );
}

function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `arn:aws:sts::1…:assumed-role/name/session` as the role's own ARN; a user's ARN as it is. */
function withoutSession(arn: string): string {
  return arn.replace(/^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/.*$/, "arn:aws:iam::$1:role/$2");
}

/**
 * The permissions that AWS asks for before it answers a call.
 *
 * @throws Error for a call that is not known here
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
function permissionsFor(call: RecordedCall): Permission[] {
  switch (call.service) {
    case "s3":
      return s3Permissions(call);
    case "kms":
      return kmsPermissions(call);
    case "sns":
      return snsPermissions(call);
    case "sqs":
      return sqsPermissions(call);
    case "glue":
      return gluePermissions(call);
    case "athena":
      return athenaPermissions(call);
    case "cloudtrail":
      return cloudTrailPermissions(call);
    case "sts":
      // Everyone may ask who they are.
      if (call.action === "GetCallerIdentity") return [];
      return [{ action: `sts:${call.action}`, resource: call.resource! }];
    default:
      throw new Error(`no permissions are known for ${call.service} ${call.action}`);
  }
}

function s3Permissions(call: RecordedCall): Permission[] {
  const { action, request } = call;
  const key = (request["key"] as string | undefined) ?? "";
  const isLog = parseLogFileKey(key) !== undefined;
  // Times and names are others in each deployment, and so are the regions whose files were
  // delivered by then.
  const resource =
    isLog || parseDigestFileKey(key)
      ? call.resource?.replace(/\/[^/]+(\/\d+){3}\/[^/]*$/, "/any")
      : call.resource;
  const on = (object: string, ofVersion = false): Permission[] =>
    s3Actions(action, { ofVersion }).map((name) => ({ action: name, resource: object }));
  // The objects are named in the body; Terraform names each by its version, delete markers too.
  if (action === "DeleteObjects") {
    const object = `${resource}/AWSLogs/any`;
    return [...on(object), ...on(object, true)];
  }
  // Log files are encrypted with the key. What S3 asks of KMS for the caller is not a call of the
  // caller's.
  const decrypted = action === "GetObject" && isLog;
  return [
    // Access points are listed of an account.
    ...on(resource ?? "*"),
    ...(decrypted ? [{ action: "kms:Decrypt", resource: ofLogKey(call) }] : []),
  ];
}

/** The one key of the account, in the ARN that stands for it. */
function ofLogKey({ accountId, region }: Pick<RecordedCall, "accountId" | "region">): string {
  return `arn:aws:kms:${region}:${accountId}:key/${KEY_ID}`;
}

function kmsPermissions({ action, accountId, region, request }: RecordedCall): Permission[] {
  const arn = (resource: string) => `arn:aws:kms:${region}:${accountId}:${resource}`;
  const on = (...resources: string[]) =>
    resources.map((resource) => ({ action: `kms:${action}`, resource }));
  const key = ofLogKey({ accountId, region });
  switch (action) {
    case "ListAliases":
    case "ListKeys":
      return on("*");
    case "CreateKey":
      return [
        ...on("*"),
        ...(request["Tags"] ? [{ action: "kms:TagResource", resource: key }] : []),
      ];
    case "CreateAlias":
    case "DeleteAlias":
      return on(arn(String(request["AliasName"])), key);
    default:
      return on(key);
  }
}

function snsPermissions({ action, accountId, region, request }: RecordedCall): Permission[] {
  const text = (name: string) => request[name] as string | undefined;
  const resource =
    text("TopicArn") ??
    text("ResourceArn") ??
    // A subscription's ARN is its topic's with an ID behind it; AWS asks on the topic.
    text("SubscriptionArn")?.replace(/:[^:]*$/, "") ??
    `arn:aws:sns:${region}:${accountId}:${text("Name")}`;
  const tags = action === "CreateTopic" && "Tags.member.1.Key" in request;
  return [
    { action: `sns:${action}`, resource },
    ...(tags ? [{ action: "sns:TagResource", resource }] : []),
  ];
}

function sqsPermissions({ action, accountId, region, request }: RecordedCall): Permission[] {
  // A queue's URL ends with its name.
  const name = String(request["QueueName"] ?? request["QueueUrl"]).replace(/^.*\//, "");
  const resource = `arn:aws:sqs:${region}:${accountId}:${name}`;
  return [
    { action: `sqs:${action}`, resource },
    // The parameter's name begins with a small letter, unlike the others.
    ...(action === "CreateQueue" && request["tags"] ? [{ action: "sqs:TagQueue", resource }] : []),
  ];
}

/** On a table or a database AWS asks for what is above it too; to delete one, for what is in it. */
function gluePermissions({ action, accountId, region, request }: RecordedCall): Permission[] {
  const arn = (resource: string) => `arn:aws:glue:${region}:${accountId}:${resource}`;
  const on = (...resources: string[]) =>
    resources.map((resource) => ({ action: `glue:${action}`, resource }));
  if (typeof request["ResourceArn"] === "string") return on(request["ResourceArn"]);
  const { Name: inputName } = (request["DatabaseInput"] ?? request["TableInput"] ?? {}) as {
    Name?: string;
  };
  const text = (key: string) => request[key] as string | undefined;
  const name = text("Name") ?? text("TableName") ?? inputName;
  const table = text("DatabaseName") !== undefined;
  const database = text("DatabaseName") ?? name;
  const tagged = arn(`database/${name}`);
  return [
    ...on(arn("catalog"), arn(`database/${database}`)),
    ...(table ? on(arn(`table/${database}/${name}`)) : []),
    ...(action === "DeleteDatabase"
      ? on(arn(`table/${name}/any`), arn(`userDefinedFunction/${name}/any`))
      : []),
    ...(request["Tags"] ? [{ action: "glue:TagResource", resource: tagged }] : []),
  ];
}

function athenaPermissions({ action, accountId, region, request }: RecordedCall): Permission[] {
  const name = request["WorkGroup"] ?? (action === "CreateWorkGroup" ? request["Name"] : WORKGROUP);
  const arn = `arn:aws:athena:${region}:${accountId}:workgroup/${String(name)}`;
  const resource = (request["ResourceARN"] as string | undefined) ?? arn;
  return [
    { action: `athena:${action}`, resource },
    ...(request["Tags"] && action === "CreateWorkGroup"
      ? [{ action: "athena:TagResource", resource }]
      : []),
  ];
}

function cloudTrailPermissions({ action, accountId, region, request }: RecordedCall): Permission[] {
  if (action === "DescribeTrails" || action === "ListPublicKeys")
    return [{ action: `cloudtrail:${action}`, resource: "*" }];
  const named =
    request["ResourceId"] ??
    [request["ResourceIdList"]].flat()[0] ??
    request["TrailName"] ??
    request["Name"];
  const name = String(named);
  const resource = name.startsWith("arn:")
    ? name
    : `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`;
  return [
    { action: `cloudtrail:${action}`, resource },
    ...(request["TagsList"] && action === "CreateTrail"
      ? [{ action: "cloudtrail:AddTags", resource }]
      : []),
  ];
}
