/**
 * The requests by which two versions of a resource's policy are distinguished: those that
 * CloudTrail, readers and administrators make, and those that nobody should get through with. Who
 * makes them is taken from the environment and from both documents, so that whoever is named in one
 * of them only is asked about.
 */
import { bucketArn, keyArn, parseArn, topicArn } from "../cloudtrail/arn";
import * as calls from "../cloudtrail/service/calls";
import {
  type ContextValues,
  fileContext,
  s3ContextArn,
  TOPIC_CONTEXT,
} from "../cloudtrail/service/encryption-context";
import { parseTrailArn } from "../cloudtrail/trails/trail-identity";
import { hasBucketKey, logKeyArn } from "../envs/log-key";
import { environmentTrails } from "../envs/trails";
import type { Environment } from "../envs/types";
import type { AccessRequest } from "../iam/request";
import {
  type Compared,
  conditionValues,
  people,
  type Person,
  type Subject,
  type TrailOf,
  type World,
  worldOf,
} from "./subjects";
import type { RightId } from "./rights";

/** One request with its meaning. */
export interface Probe {
  readonly subject: Subject;
  readonly right: RightId;
  /** The account whose logs it is about. @default - no account's in particular */
  readonly of?: string;
  readonly request: AccessRequest;
}

const GETS_IN: readonly RightId[] = ["deliver", "encrypt", "publish"];

/** The requests for one resource. */
export function probesOf(environment: Environment, resource: Compared): Probe[] {
  const world = worldOf(environment, resource);
  const trails = world.trails.flatMap((one) =>
    trailProbes(world, one).filter(
      // Of so many trails that are nowhere named, what matters is whether they get in at all.
      ({ right }) => one.subject.kind !== "same-account-trail" || GETS_IN.includes(right),
    ),
  );
  return [
    ...trails,
    ...world.services.flatMap((name) => serviceProbes(world, name)),
    ...personProbes(world),
  ];
}

/** The key of a log file in an account's folder. */
function fileOf({ environment }: World, account: string): string {
  return calls.exampleKeys(account, environment.destination.prefix).logFile;
}

/**
 * The ARN of the key that files are encrypted with. Where a deploy makes it, the documents may name
 * it.
 */
function fileKeyArn({ environment, resource }: World): string | undefined {
  const { encryption } = environment.destination;
  if (encryption.type === "sse-kms-existing") return encryption.keyArn;
  const named = resource.documents
    .flatMap(conditionValues)
    .find(({ key, value }) => key === calls.ENCRYPTION_KEY && parseArn(value)?.service === "kms");
  return named?.value ?? logKeyArn(environment);
}

/** A call's requests, each with the right that it stands for. */
type Asked = readonly [RightId, calls.ServiceCall];

function trailProbes(world: World, { subject, caller }: TrailOf): Probe[] {
  const { accountId } = caller.trail.identity;
  return callsOn(world, caller)
    .filter(([right]) => subject.kind === "trail" || !FOR_NAMED_TRAILS.includes(right))
    .map(([right, request]) => ({ subject, right, of: accountId, request }));
}

/** AWS's statements for these have no condition that tells trails apart, so any trail may. */
const FOR_NAMED_TRAILS: readonly RightId[] = ["use-bucket-key", "encrypt-messages"];

function callsOn(world: World, caller: calls.ServiceCaller): Asked[] {
  switch (world.resource.kind) {
    case "bucket":
      return callsOnBucket(world, caller);
    case "key":
      return callsOnKey(world, caller);
    case "topic":
      return [["publish", calls.publication(caller, world.resource.arn)]];
    case "queue":
      return [];
  }
}

function callsOnBucket(world: World, caller: calls.ServiceCaller): Asked[] {
  const { environment, resource, elsewhere, nobody } = world;
  const { partition, destination } = environment;
  const { accountId } = caller.trail.identity;
  const other = elsewhere.find((account) => account !== accountId) ?? nobody;
  const encryptedWith = fileKeyArn(world);
  const { logFile, digestFile } = calls.exampleKeys(accountId, destination.prefix);
  const deliver = (key: string, kmsKeyArn = encryptedWith): calls.ServiceCall =>
    calls.delivery(caller, `${resource.arn}/${key}`, kmsKeyArn);
  const otherPlace = { partition, region: destination.region, accountId: nobody };
  return [
    ["look-at-bucket", calls.aclCheck(caller, resource.arn)],
    ["deliver", deliver(logFile)],
    ["deliver-digests", deliver(digestFile)],
    ["deliver-elsewhere", deliver(fileOf(world, other))],
    ["deliver-without-ownership", withoutAcl(deliver(logFile))],
    ["deliver-otherwise-encrypted", deliver(logFile, keyArn(otherPlace, "of-somebody-else"))],
  ];
}

function withoutAcl(call: calls.ServiceCall): calls.ServiceCall {
  const kept = Object.entries(call.context).filter(([key]) => key !== calls.OBJECT_ACL);
  return { ...call, context: Object.fromEntries(kept) };
}

function callsOnKey(world: World, caller: calls.ServiceCaller): Asked[] {
  const { environment, resource } = world;
  const { arn } = resource;
  const s3Arn = s3ArnOf(world, fileOf(world, caller.trail.identity.accountId));
  const bucketKey: Asked[] = hasBucketKey(environment)
    ? [["use-bucket-key", calls.bucketKeyDecryption(caller, arn, s3Arn)]]
    : [];
  const messages = topicOfKey(world).flatMap((topic) =>
    calls.topicKeyCalls(caller, arn, topic).map((call): Asked => ["encrypt-messages", call]),
  );
  return [
    ["encrypt", calls.dataKey(caller, arn, s3Arn)],
    ["look-at-key", calls.keyDescription(caller, arn)],
    ...bucketKey,
    ...messages,
  ];
}

/** What the encryption context of an object in the environment's bucket says of S3. */
function s3ArnOf({ environment }: World, key: string): string {
  const { partition, destination } = environment;
  const bucket = bucketArn({ partition, bucketName: destination.bucket });
  return s3ContextArn(bucket, key, hasBucketKey(environment));
}

/** The topic whose messages the key encrypts, as far as the key's policies name one. */
function topicOfKey({ environment, resource }: World): string[] {
  const { partition, destination } = environment;
  const { account: accountId, region, notifications } = destination;
  const isOfTopic = resource.documents
    .flatMap(conditionValues)
    .some(({ key }) => key === TOPIC_CONTEXT.toLowerCase());
  if (!isOfTopic || notifications === undefined) return [];
  return [topicArn({ partition, region, accountId, topicName: notifications.topicName })];
}

/** A service other than CloudTrail: on behalf of what the documents name, and of a stranger. */
function serviceProbes(world: World, service: string): Probe[] {
  const { resource, nobody } = world;
  const action = {
    bucket: "s3:PutObject",
    key: "kms:GenerateDataKey",
    topic: "sns:Publish",
    queue: "sqs:SendMessage",
  };
  const right = { bucket: "forge", key: "use-key", topic: "publish", queue: "send" } as const;
  const sources = [
    ...new Set(
      resource.documents
        .flatMap(conditionValues)
        .filter(({ key }) => key === "aws:sourcearn")
        .map(({ value }) => value)
        .filter((value) => !parseTrailArn(value)),
    ),
  ].sort();
  const ask = (id: string, context: Record<string, string>): Probe => ({
    subject: { kind: "service", id },
    right: right[resource.kind],
    request: {
      principal: { kind: "service", service },
      action: action[resource.kind],
      resource:
        resource.kind === "bucket" ? `${resource.arn}/${fileOf(world, nobody)}` : resource.arn,
      context,
    },
  });
  return [
    ...sources.map((source) =>
      ask(`${service} for ${source}`, {
        "aws:SourceArn": source,
        "aws:SourceAccount": parseArn(source)?.account ?? "",
      }),
    ),
    ask(`${service} for anybody`, { "aws:SourceAccount": nobody }),
  ];
}

function personProbes(world: World): Probe[] {
  return people(world).flatMap((person) => {
    const asked = (
      right: RightId,
      action: string,
      arn: string,
      context: ContextValues = {},
      of?: string,
    ): Probe => ({
      subject: person.subject,
      right,
      ...(of === undefined ? {} : { of }),
      request: {
        principal: person.principal,
        action,
        resource: arn,
        context: { "aws:SecureTransport": "true", ...context },
      },
    });
    return requestsOfPerson(world, person, asked);
  });
}

function requestsOfPerson(
  world: World,
  { everyAccount }: Person,
  asked: (
    right: RightId,
    action: string,
    arn: string,
    context?: ContextValues,
    of?: string,
  ) => Probe,
): Probe[] {
  const { resource, environment } = world;
  const { kind, arn } = resource;
  const accounts = everyAccount ? world.accounts : world.accounts.slice(0, 1);
  const HTTP = { "aws:SecureTransport": "false" };
  const file = `${arn}/${fileOf(world, environment.destination.account)}`;
  const each = (right: RightId, actions: readonly string[], on = arn): Probe[] =>
    actions.map((action) => asked(right, action, on));
  switch (kind) {
    case "bucket":
      return [
        ...accounts.map((of) =>
          asked("read", "s3:GetObject", `${arn}/${fileOf(world, of)}`, {}, of),
        ),
        asked("read-over-http", "s3:GetObject", file, HTTP),
        ...each("forge", ["s3:PutObject"], file),
        ...each(
          "delete",
          ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
          file,
        ),
        ...each("change-policy", [
          "s3:PutBucketPolicy",
          "s3:DeleteBucketPolicy",
          "s3:PutLifecycleConfiguration",
          "s3:PutBucketVersioning",
          "s3:PutBucketPublicAccessBlock",
          "s3:PutBucketObjectLockConfiguration",
        ]),
      ];
    case "key":
      return [
        ...accounts.map((of) =>
          asked(
            "decrypt",
            "kms:Decrypt",
            arn,
            fileContext(
              { ...environmentTrails(environment)[0]!, accountId: of },
              s3ArnOf(world, fileOf(world, of)),
            ),
            of,
          ),
        ),
        ...each("use-key", ["kms:Encrypt", "kms:GenerateDataKey"]),
        ...each("delete", ["kms:ScheduleKeyDeletion", "kms:DisableKey"]),
        ...each("change-policy", ["kms:PutKeyPolicy", "kms:CreateGrant"]),
      ];
    case "topic":
      return [
        ...each("publish", ["sns:Publish"]),
        asked("publish-over-http", "sns:Publish", arn, HTTP),
        ...each("subscribe", ["sns:Subscribe"]),
        ...each("change-policy", ["sns:SetTopicAttributes", "sns:AddPermission"]),
      ];
    case "queue":
      return [
        ...each("send", ["sqs:SendMessage"]),
        asked("send-over-http", "sqs:SendMessage", arn, HTTP),
        ...each("receive", ["sqs:ReceiveMessage"]),
        ...each("change-policy", ["sqs:SetQueueAttributes", "sqs:AddPermission"]),
      ];
  }
}
