/**
 * Requests and answers of the JSON and query protocols in CloudTrail's spelling: members begin in
 * lower case (`s3BucketName`, `aWSAccountId`), the keys of maps stay as they are.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
type Members = Readonly<Record<string, unknown>>;

/** Left out: keys, secrets, and what was encrypted with them. */
const WITHHELD = [
  "CiphertextBlob",
  "EncryptedKeyMaterial",
  "ImportToken",
  "Mac",
  "NewPassword",
  "OldPassword",
  "Password",
  "Plaintext",
  "PrivateKeyCiphertextBlob",
  "PrivateKeyPlaintext",
  "SAMLAssertion",
  "SecretAccessKey",
  "Signature",
  "TokenCode",
  "WebIdentityToken",
];

/** Named, but without the value. */
const HIDDEN = ["Message", "MessageBody"];
const HIDDEN_VALUE = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** Members whose value may be a map. */
const MAPS = [
  "Attributes",
  "DestinationEncryptionContext",
  "EncryptionContext",
  "SourceEncryptionContext",
  "Tags",
];

/** Members that are numbers, which the query protocol writes as text. */
const NUMBERS = ["DurationSeconds", "MaxItems"];

/** The members of an answer in JSON; none where it is not an object. */
export function jsonMembers(body: string | undefined): Members {
  try {
    const value: unknown = JSON.parse(body ?? "");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Members in CloudTrail's spelling; null where there are none. */
export function recordedMembers(members: Members): Members | null {
  const recorded = Object.entries(members)
    .filter(([name, value]) => !WITHHELD.includes(name) && value !== undefined && value !== null)
    .map(([name, value]) => [lowerFirst(name), recordedValue(name, value)] as const);
  return recorded.length === 0 ? null : Object.fromEntries(recorded);
}

function recordedValue(name: string, value: unknown): unknown {
  if (HIDDEN.includes(name)) return HIDDEN_VALUE;
  if (Array.isArray(value)) return value.map((item) => recordedValue("", item));
  if (typeof value === "number" && /(Date|Time)$/.test(name) && Math.abs(value) < LAST_SECOND)
    return responseTime(value * 1000);
  if (typeof value === "string" && NUMBERS.includes(name)) return Number(value);
  if (typeof value !== "object" || value === null || MAPS.includes(name)) return value;
  return recordedMembers(value as Members) ?? {};
}

/** A Date ends there. */
const LAST_SECOND = 8.64e12;

const RESPONSE_TIME = new Intl.DateTimeFormat("en-US", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** `Jan 31, 2026, 11:12:05 PM`: how responseElements have times. */
export function responseTime(milliseconds: number): string {
  // Newer Unicode data set a narrow space before AM and PM.
  return RESPONSE_TIME.format(milliseconds).replaceAll("\u202f", " ");
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

/**
 * Parameters of the query protocol, put together again: `Tags.member.1.Key` is a member of the
 * first item of a list, `Attributes.entry.1.key` a key of a map.
 */
export function nestedParameters(flat: Members): Members {
  const root = branch();
  for (const [name, value] of Object.entries(flat)) {
    const steps = name.split(".");
    const last = steps.pop()!;
    let node = root;
    for (const step of steps) {
      const next = node[step];
      node = isBranch(next) ? next : (node[step] = branch());
    }
    node[last] = value;
  }
  return gathered(root) as Members;
}

type Branch = Record<string, unknown>;

/** Without a prototype, so that any name is just a name. */
const branch = (): Branch => Object.create(null) as Branch;

const isBranch = (value: unknown): value is Branch => typeof value === "object" && value !== null;

function gathered(node: unknown): unknown {
  if (!isBranch(node)) return node;
  const { member, entry } = node;
  // Keys that are whole numbers come in their order.
  if (isBranch(member)) return Object.values(member).map(gathered);
  if (isBranch(entry))
    return Object.fromEntries(
      Object.values(entry)
        .filter(isBranch)
        .flatMap(({ key, value }) => (typeof key === "string" ? [[key, value]] : [])),
    );
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, gathered(value)]));
}
