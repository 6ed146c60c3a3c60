/**
 * The requests by which two versions of a resource's policy are told apart: those that CloudTrail, readers
 * and administrators make, and those that nobody should get through with. Who makes them is taken from the
 * environment and from both documents, so that whoever is named in one of them only is asked about.
 */
import { parseArn } from "../cloudtrail/arn";
import { accountFolder } from "../cloudtrail/files/log-layout";
import { parseTrailArn, trailArn } from "../cloudtrail/trails/trail-identity";
import { environmentTrails } from "../envs/trails";
import type { Environment } from "../envs/types";
import type { PolicyDocument } from "../iam/policy-document";
import type { AccessRequest } from "../iam/request";
import {
  cloudTrail,
  type Compared,
  conditionValues,
  people,
  type Person,
  type Subject,
  type TrailOf,
  type World,
  worldOf,
} from "./subjects";

/** What the right to each request is, in words that follow "may". */
export const RIGHT_WORDS = {
  "look-at-bucket": "look at the bucket's ACL",
  deliver: "write into its account's folder",
  "deliver-elsewhere": "write into another account's folder",
  "deliver-without-ownership": "write files that the bucket's owner has no full control of",
  "deliver-otherwise-encrypted": "write files encrypted with another key",
  encrypt: "encrypt with the key",
  "look-at-key": "look at the key",
  publish: "publish to the topic",
  send: "send to the queue",
  "use-key": "use the key",
  read: "read log files",
  decrypt: "decrypt log files",
  "read-over-http": "read log files over plain HTTP",
  "publish-over-http": "publish over plain HTTP",
  "send-over-http": "send over plain HTTP",
  forge: "write files of its own",
  delete: "delete log files, or make them unreadable",
  "change-policy": "change the policy or the settings that keep logs safe",
  subscribe: "get the topic's messages",
  receive: "get the queue's messages",
} as const;

/** One of {@link RIGHT_WORDS}. */
export type RightId = keyof typeof RIGHT_WORDS;

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

/** A file's key in an account's folder. */
function fileOf({ environment }: World, account: string): string {
  return `${accountFolder(account, environment.destination.prefix)}CloudTrail/us-east-1/2026/01/31/any.json.gz`;
}

const SSE = "s3:x-amz-server-side-encryption";
const SSE_KEY = `${SSE}-aws-kms-key-id`;

/** How CloudTrail says that a file is encrypted. The log key's ARN is taken from the documents. */
function encryptionOf(documents: readonly PolicyDocument[]): Record<string, string> {
  const key = documents
    .flatMap(conditionValues)
    .find((one) => one.key === SSE_KEY && parseArn(one.value)?.service === "kms")?.value;
  return key === undefined ? {} : { [SSE]: "aws:kms", [SSE_KEY]: key };
}

function trailProbes(world: World, { subject, trail, organizationId }: TrailOf): Probe[] {
  const { environment, resource, elsewhere, nobody } = world;
  const source = {
    "aws:SourceArn": trailArn(trail),
    "aws:SourceAccount": trail.accountId,
    ...(organizationId === undefined ? {} : { "aws:SourceOrgID": organizationId }),
  };
  const probe = (
    right: RightId,
    action: string,
    context: Record<string, string> = {},
    arn = resource.arn,
  ): Probe => ({
    ...{ subject, right, of: trail.accountId },
    request: {
      ...{ principal: cloudTrail(environment), action, resource: arn },
      context: { ...source, ...context },
    },
  });
  switch (resource.kind) {
    case "bucket": {
      const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
      const encryption = encryptionOf(resource.documents);
      const own = `${resource.arn}/${fileOf(world, trail.accountId)}`;
      const other = elsewhere.find((account) => account !== trail.accountId) ?? nobody;
      const file = { ...acl, ...encryption };
      return [
        probe("look-at-bucket", "s3:GetBucketAcl"),
        probe("deliver", "s3:PutObject", file, own),
        probe("deliver-elsewhere", "s3:PutObject", file, `${resource.arn}/${fileOf(world, other)}`),
        probe("deliver-without-ownership", "s3:PutObject", encryption, own),
        probe(
          "deliver-otherwise-encrypted",
          "s3:PutObject",
          { ...acl, [SSE]: "aws:kms", [SSE_KEY]: OTHER_KEY(environment, nobody) },
          own,
        ),
      ];
    }
    case "key": {
      const { bucket } = environment.destination;
      const folder = accountFolder(trail.accountId, environment.destination.prefix);
      return [
        probe("encrypt", "kms:GenerateDataKey", {
          "kms:EncryptionContext:aws:cloudtrail:arn": trailArn(trail),
          "kms:EncryptionContext:aws:s3:arn": `arn:${environment.partition}:s3:::${bucket}/${folder}`,
        }),
        probe("look-at-key", "kms:DescribeKey"),
      ];
    }
    case "topic":
      return [probe("publish", "sns:Publish")];
    case "queue":
      return [];
  }
}

const OTHER_KEY = ({ partition, destination }: Environment, account: string): string =>
  `arn:${partition}:kms:${destination.region}:${account}:key/of-somebody-else`;

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
      context: Record<string, string> = {},
      of?: string,
    ): Probe => ({
      ...{ subject: person.subject, right },
      ...(of === undefined ? {} : { of }),
      request: {
        ...{ principal: person.principal, action, resource: arn },
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
    context?: Record<string, string>,
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
          ...["s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutLifecycleConfiguration"],
          ...[
            "s3:PutBucketVersioning",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketObjectLockConfiguration",
          ],
        ]),
      ];
    case "key":
      return [
        ...accounts.map((of) =>
          asked(
            "decrypt",
            "kms:Decrypt",
            arn,
            {
              "kms:EncryptionContext:aws:cloudtrail:arn": trailArn({
                ...environmentTrails(environment)[0]!,
                accountId: of,
              }),
              "kms:EncryptionContext:aws:s3:arn": `arn:${environment.partition}:s3:::${environment.destination.bucket}/${fileOf(world, of)}`,
            },
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
