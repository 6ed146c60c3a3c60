/** The resource policies of the plans, before and after, by what they mean. */
import { LIMITS } from "../cloudtrail/limits";
import { comparePolicies, type PolicyComparison } from "../iam/policy-comparison";
import { type PolicyDocument, sizeInBytes } from "../iam/policy-document";
import { PolicyError } from "../iam/policy-error";
import { isPolicy } from "../iam/policy-normal-form";
import { compareRights, isGain, type Right } from "../iam/policy-rights";
import {
  bucketArn,
  bucketOfArn,
  formatArn,
  isArn,
  parseArn,
  standInKeyArn,
} from "../cloudtrail/arn";
import { type Estate, goesWithItsWhole, type Located, replacementOf } from "./estate";
import { compareTexts } from "./compare-texts";
import { at, parsedJson, type PlanValue, scalar, textOf } from "./plan-value";
import { type Probe, probesOf } from "./probes";
import type { RightId } from "./rights";
import type { CarrierKind, Subject } from "./subjects";

/** Somebody's right that differs. */
export interface RightDifference {
  /** Whose right it is. */
  readonly subject: Subject;
  /** Which right; the words for each are in {@link RIGHT_WORDS}. */
  readonly right: RightId;
  /** Whose logs it is about, sorted; empty for no account's in particular. */
  readonly of: readonly string[];
  /** How far the right goes before. */
  readonly before: Right;
  /** How far the right goes once the plan is applied. */
  readonly after: Right;
  /** Whether `after` goes further than `before`. */
  readonly gain: boolean;
}

/** Bytes of a policy's minified document. */
export interface PolicySize {
  /** Before the change. @default - there was none, or it is not known */
  readonly before?: number;
  /** After the change. @default - there is none, or it is not known */
  readonly after?: number;
  /** As many as AWS takes. */
  readonly limit: number;
}

/** One resource's policy that differs in meaning, or may. */
export interface PolicyDifference extends PolicyComparison {
  /** The stack's name. */
  readonly stack: string;
  /** The address of the resource that carries the policy. */
  readonly address: string;
  /** What the policy is of. */
  readonly resource: CarrierKind;
  /** The resource's name or ID, where it is known. */
  readonly name: string;
  /** Whether the resource has its policy for the first time. */
  readonly created: boolean;
  /** Rights that somebody gains or loses. */
  readonly rights: readonly RightDifference[];
  /**
   * Bytes of the minified documents, and AWS's limit. Undefined for none, and for what is not
   * known.
   */
  readonly size: PolicySize;
  /**
   * Whether it goes with its bucket, key or other resource; nothing is compared then.
   * @default false
   */
  readonly gone?: true;
  /** Why the change cannot be judged. @default - it can */
  readonly unjudged?: "unknown" | "sensitive" | "no policy" | "not evaluated";
  /** What the evaluation of the policy ended with. @default - it was evaluated */
  readonly problem?: string;
}

interface Carrier {
  readonly kind: CarrierKind;
  readonly limit: number;
  /** The attributes that name the resource, the first that is known. */
  readonly names: readonly string[];
}

/** The resource types that bring a policy into force, as their attribute `policy`. */
const CARRIERS: Readonly<Record<string, Carrier>> = {
  aws_s3_bucket_policy: {
    kind: "bucket",
    limit: LIMITS.bucketPolicyBytes,
    names: ["bucket", "id"],
  },
  aws_kms_key: { kind: "key", limit: LIMITS.keyPolicyBytes, names: ["arn"] },
  aws_kms_key_policy: { kind: "key", limit: LIMITS.keyPolicyBytes, names: ["key_id"] },
  aws_sns_topic_policy: { kind: "topic", limit: LIMITS.topicPolicyBytes, names: ["arn"] },
  aws_sqs_queue_policy: { kind: "queue", limit: LIMITS.queuePolicyBytes, names: ["queue_url"] },
};

/** The policies that differ, sorted by stack and address. */
export function policyDifferences(estate: Estate): PolicyDifference[] {
  return estate.resources.flatMap((located) => {
    const carrier = CARRIERS[located.change.type];
    return carrier === undefined ? [] : difference(estate, located, carrier);
  });
}

type Document = {
  readonly document?: PolicyDocument;
  readonly unread?: "unknown" | "sensitive" | "no policy";
};

function documentOf(resource: PlanValue | undefined): Document {
  const value = at(resource, "policy");
  if (value.kind === "unknown" || value.kind === "sensitive") return { unread: value.kind };
  if (scalar(value) === null || scalar(value) === "") return {};
  const document = parsedJson(textOf(value) ?? "");
  return isPolicy(document) ? { document: inListForm(document) } : { unread: "no policy" };
}

/**
 * A bucket's policy as it would be for a bucket of another name: that the bucket is replaced has a
 * guard of its own, and says nothing of who may do what with it.
 */
function ofBucket(given: Document, oldName: string | undefined, newName: string): Document {
  if (given.document === undefined || oldName === undefined || oldName === newName) return given;
  const renamed = (text: string): string => {
    const arn = parseArn(text);
    if (arn === undefined || bucketOfArn(arn) !== oldName) return text;
    return formatArn({ ...arn, resource: newName + arn.resource.slice(oldName.length) });
  };
  const document: unknown = JSON.parse(JSON.stringify(given.document), (_, value: unknown) =>
    typeof value === "string" ? renamed(value) : value,
  );
  return { document: document as PolicyDocument };
}

/** Statement may be one object in JSON; everything of ours takes a list. */
function inListForm(document: Record<string, unknown>): PolicyDocument {
  return { ...document, Statement: [document.Statement].flat() } as unknown as PolicyDocument;
}

function difference(
  estate: Estate,
  located: Located,
  { kind, limit, names }: Carrier,
): PolicyDifference[] {
  const { environment } = estate;
  const { stack, change } = located;
  if (change.action === "no-op" || change.action === "forget") return [];
  const nameIn = (side: PlanValue | undefined): string | undefined =>
    names.map((attribute) => textOf(at(side, attribute))).find((text) => text !== undefined);
  const oldName = nameIn(change.before);
  const replacement =
    kind === "bucket" && oldName !== undefined ? replacementOf(estate, oldName) : undefined;
  const newName = nameIn(change.after) ?? replacement;
  const [given, after] = [documentOf(change.before), documentOf(change.after)];
  const before =
    kind === "bucket" && newName !== undefined ? ofBucket(given, oldName, newName) : given;
  const name = newName ?? oldName ?? "";
  const bytes = (document?: PolicyDocument): number | undefined =>
    document === undefined ? undefined : sizeInBytes(document);
  const [sizeBefore, sizeAfter] = [bytes(given.document), bytes(after.document)];
  const base = {
    stack: stack.stack,
    address: change.address,
    resource: kind,
    name,
    created: change.before === undefined,
    size: {
      ...(sizeBefore === undefined ? {} : { before: sizeBefore }),
      ...(sizeAfter === undefined ? {} : { after: sizeAfter }),
      limit,
    },
  };
  if (goesWithItsWhole(estate, located))
    return [{ ...base, statements: [], rights: [], gone: true }];
  const unread = after.unread ?? before.unread;
  if (unread !== undefined) return [{ ...base, statements: [], rights: [], unjudged: unread }];
  const comparison = comparePolicies(before.document, after.document);
  if (comparison.statements.length === 0 && comparison.version === undefined) return [];
  const { partition, destination } = environment;
  const account = stack.account ?? destination.account;
  const documents = [before.document, after.document].filter((one) => one !== undefined);
  // A resource that is yet to be made has no ARN in the plan; its policy mostly says it. So for
  // queues, which are known by their URLs.
  const said = documents
    .flatMap(({ Statement }) => Statement.flatMap(({ Resource }) => Resource ?? []))
    .find((one) => isArn(one));
  const arns = {
    bucket:
      name === ""
        ? (said?.split("/")[0] ?? bucketArn({ partition, bucketName: destination.bucket }))
        : bucketArn({ partition, bucketName: name }),
    key: isArn(name)
      ? name
      : standInKeyArn({ partition, region: destination.region, accountId: account }),
    topic: name === "" ? (said ?? "*") : name,
    queue: said ?? "*",
  };
  const resource = { kind, arn: arns[kind], account, documents };
  try {
    const changes = compareRights(
      probesOf(environment, resource),
      before.document,
      after.document,
      {
        account,
        ...(kind === "key" ? { type: "kms-key" } : {}),
      },
    );
    return [{ ...base, ...comparison, rights: grouped(changes) }];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const problem = error.message;
    return [{ ...base, ...comparison, rights: [], unjudged: "not evaluated", problem }];
  }
}

/** One entry for a right, with all accounts that it is about. */
function grouped(
  changes: readonly { readonly probe: Probe; readonly before: Right; readonly after: Right }[],
): RightDifference[] {
  const byMeaning = new Map<string, RightDifference & { readonly of: string[] }>();
  for (const { probe, before, after } of changes) {
    const { subject, right, of } = probe;
    const key = JSON.stringify([subject.kind, subject.id, right, before, after]);
    const known = byMeaning.get(key) ?? {
      subject,
      right,
      of: [],
      before,
      after,
      gain: isGain({ before, after }),
    };
    if (of !== undefined && !known.of.includes(of)) known.of.push(of);
    byMeaning.set(key, known);
  }
  return [...byMeaning.keys()].sort(compareTexts).map((key) => {
    const known = byMeaning.get(key)!;
    return { ...known, of: [...known.of].sort(compareTexts) };
  });
}
