/**
 * Whether the documents fit into AWS's limits, and what to do where one does not. Everything is
 * counted by building the documents, with readers and hardening as they are.
 */
import { LIMITS } from "../../cloudtrail/limits";
import { LONGEST_ORGANIZATION_ID } from "../../cloudtrail/names";
import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { sizeInBytes, type PolicyDocument } from "../../iam/policy-document";
import { BUCKET_SHAPES } from "./bucket-shapes";
import { KEY_SHAPES } from "./key-shapes";
import { logBucketPolicy } from "../documents/log-bucket-policy";
import type {
  LogBucketPolicyInput,
  LogKeyPolicyInput,
  NotificationTopicPolicyInput,
} from "../documents/inputs";
import { logKeyPolicy } from "../documents/log-key-policy";
import { notificationTopicPolicy } from "../documents/notification-topic-policy";
import { LETS_THROUGH, type Shape } from "./shapes";
import { TOPIC_SHAPES } from "./topic-shapes";
import { TrailRegistry } from "../trail-registry";

/** From this part of the limit on there is a warning. */
const WARN_FROM = 0.8;

/** A document against its limit. */
export interface DocumentSize {
  /** The document's name for people, such as "bucket policy". */
  readonly document: string;
  /** Bytes of the minified document in UTF-8. */
  readonly bytes: number;
  /** Bytes that AWS takes. */
  readonly limit: number;
  /** "warning" from 80 % of the limit on, "over" above it. */
  readonly level: "fits" | "warning" | "over";
  /**
   * Each statement's Sid, its bytes, and its share of the document, 0 to 1; in the document's
   * order.
   */
  readonly statements: readonly {
    readonly sid: string;
    readonly bytes: number;
    readonly share: number;
  }[];
}

/** A shape to change to. */
export interface ShapeChoice {
  /** The shape's name in the environment file. */
  readonly shape: string;
  /** Bytes of the document in this shape. */
  readonly bytes: number;
  /**
   * What it lets through that the present shape does not, in the words of LETS_THROUGH; empty where
   * nothing.
   */
  readonly alsoLetsThrough: readonly string[];
  /** What to write in the environment file. */
  readonly line: string;
}

/** A document that has shapes, against its limit. */
export interface ShapedBudget extends DocumentSize {
  /** The shape that it has. */
  readonly shape: string;
  /** Accounts in it. */
  readonly accounts: number;
  /**
   * Accounts that could be added, each with one trail named as the first one.
   * @default - any number: the size does not depend on it
   */
  readonly room?: number;
  /** Where the document is over its limit: the shapes that fit. */
  readonly choices: readonly ShapeChoice[];
  /**
   * What to tell people: a warning or an error, by the level.
   * @default - nothing: it fits
   */
  readonly message?: string;
}

/** Counts a document of any kind. */
export function measure(document: string, policy: PolicyDocument, limit: number): DocumentSize {
  const bytes = sizeInBytes(policy);
  return {
    document,
    bytes,
    limit,
    level: bytes > limit ? "over" : bytes >= limit * WARN_FROM ? "warning" : "fits",
    statements: policy.Statement.map((statement, index) => {
      const size = Buffer.byteLength(JSON.stringify(statement), "utf8");
      return { sid: statement.Sid ?? `statement ${index + 1}`, bytes: size, share: size / bytes };
    }),
  };
}

/** The log bucket's policy against S3's limit. */
export function bucketPolicyBudget(input: LogBucketPolicyInput): ShapedBudget {
  return shapedBudget({
    document: "bucket policy",
    limit: LIMITS.bucketPolicyBytes,
    shapes: BUCKET_SHAPES,
    setting: "bucketPolicyShape",
    noneFits:
      "even the organization's ID leaves no room, so what is too long are readers, hardening and statements of your own: name fewer readers, or more principals for one reader, or shorten statements",
    input,
    build: logBucketPolicy,
    inShape: (shape) =>
      shape === "source-org-id"
        ? { ...input, shape, organizationId: input.organizationId ?? LONGEST_ORGANIZATION_ID }
        : { ...input, shape },
    more: (shape) =>
      shape === "source-org-id" ? `, organizationId: ${input.organizationId ?? "o-…"}` : "",
  });
}

/** The log key's policy against KMS's limit. */
export function keyPolicyBudget(input: LogKeyPolicyInput): ShapedBudget {
  return shapedBudget({
    document: "key policy",
    limit: LIMITS.keyPolicyBytes,
    shapes: KEY_SHAPES,
    setting: "keyPolicyShape",
    noneFits:
      "AWS documents aws:SourceOrgID for none of CloudTrail's calls of KMS, so there is no shape for an organization; spread the accounts over several destinations, each with a key of its own",
    input,
    build: logKeyPolicy,
    inShape: (shape) => ({ ...input, shape }),
  });
}

/** The notification topic's policy against SNS's limit. */
export function topicPolicyBudget(input: NotificationTopicPolicyInput): ShapedBudget {
  return shapedBudget({
    document: "topic policy",
    limit: LIMITS.topicPolicyBytes,
    shapes: TOPIC_SHAPES,
    setting: "topicPolicyShape",
    noneFits:
      "AWS documents aws:SourceOrgID for none of CloudTrail's calls of SNS, so there is no shape for an organization; spread the accounts over several destinations, or do without notifications",
    input,
    build: notificationTopicPolicy,
    inShape: (shape) => ({ ...input, shape }),
  });
}

interface Subject<
  Word extends string,
  Input extends { readonly trails: TrailRegistry; readonly shape?: Word },
> {
  readonly document: string;
  readonly limit: number;
  readonly shapes: Readonly<Record<Word, Shape<Input>>>;
  /** The entry of `destination` in the environment file. */
  readonly setting: string;
  /** Why no shape fits, and what then. */
  readonly noneFits: string;
  readonly input: Input;
  readonly build: (input: Input) => PolicyDocument;
  readonly inShape: (shape: Word) => Input;
  /** What the shape needs besides. */
  readonly more?: (shape: Word) => string;
}

function shapedBudget<
  Word extends string,
  Input extends { readonly trails: TrailRegistry; readonly shape?: Word },
>(subject: Subject<Word, Input>): ShapedBudget {
  const { document, limit, shapes, input, build, inShape } = subject;
  // The first shape of each table is its default.
  const words = Object.keys(shapes) as [Word, ...Word[]];
  const shape = input.shape ?? words[0];
  const size = measure(document, build(input), limit);
  const present = shapes[shape].letsThrough;
  const choices =
    size.level !== "over"
      ? []
      : words.flatMap((word): ShapeChoice[] => {
          const bytes = sizeInBytes(build(inShape(word)));
          if (bytes > limit) return [];
          return [
            {
              shape: word,
              bytes,
              alsoLetsThrough: shapes[word].letsThrough
                .filter((thing) => !present.includes(thing))
                .map((thing) => LETS_THROUGH[thing]),
              line: `destination: {${subject.setting}: ${word}${subject.more?.(word) ?? ""}}`,
            },
          ];
        });
  const accounts = input.trails.accountIds.length;
  const room = roomInAccounts(size, input.trails, (trails) =>
    sizeInBytes(build({ ...input, trails })),
  );
  const budget = {
    ...size,
    shape,
    accounts,
    ...(room === undefined ? {} : { room }),
    choices,
  };
  const message = messageOf(budget, subject.noneFits);
  return { ...budget, ...(message === undefined ? {} : { message }) };
}

/** Found by building: a first guess from the cost of one more account, fixed until it is exact. */
function roomInAccounts(
  { bytes, limit }: DocumentSize,
  trails: TrailRegistry,
  sizeWith: (trails: TrailRegistry) => number,
): number | undefined {
  const added = (count: number) => sizeWith(withMore(trails, count));
  const cost = added(1) - bytes;
  if (cost === 0) return undefined;
  if (bytes > limit) return 0;
  let room = Math.floor((limit - bytes) / cost);
  while (added(room) > limit) room--;
  while (added(room + 1) <= limit) room++;
  return room;
}

/** The registry with so many accounts more, whose IDs nobody has. */
function withMore({ trails, accountIds }: TrailRegistry, count: number): TrailRegistry {
  const taken = new Set(accountIds);
  const more: TrailIdentity[] = [];
  for (let id = 999_999_999_999; more.length < count; id--) {
    if (!taken.has(String(id))) more.push({ ...trails[0]!, accountId: String(id) });
  }
  return new TrailRegistry([...trails, ...more]);
}

const bytesOf = (bytes: number) => `${bytes.toLocaleString("en")} bytes`;
const percent = (share: number) => `${Math.round(share * 100)} %`;

function messageOf(budget: Omit<ShapedBudget, "message">, noneFits: string): string | undefined {
  const { document, accounts, shape, bytes, limit, level, statements, choices, room } = budget;
  const found = `The ${document} (shape ${shape}, ${accounts} account${accounts === 1 ? "" : "s"}) has ${bytesOf(bytes)}; AWS takes at most ${bytesOf(limit)}.`;
  const shares = `Its statements: ${statements
    .map(({ sid, bytes: size, share }) => `${sid} ${size.toLocaleString("en")} (${percent(share)})`)
    .join(", ")}.`;
  switch (level) {
    case "fits":
      return undefined;
    case "warning":
      return `${found} That is ${percent(bytes / limit)}${room === undefined ? "" : `, with room for ${room} more account${room === 1 ? "" : "s"}`}. ${shares}`;
    case "over":
      return [
        found,
        shares,
        ...(choices.length === 0
          ? [`No shape of it fits: ${noneFits}.`]
          : [
              "Choose a shape that fits, in the environment file:",
              ...choices.map(
                (choice) =>
                  `- ${choice.line}\n  ${bytesOf(choice.bytes)}; lets through, other than ${shape}: ${choice.alsoLetsThrough.join("; ") || "nothing"}.`,
              ),
            ]),
      ].join("\n");
  }
}
