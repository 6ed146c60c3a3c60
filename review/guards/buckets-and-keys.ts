import { goesWithItsWhole, type Located } from "../plans/estate";
import {
  at,
  describeValue,
  items,
  numberOf,
  type PlanValue,
  scalar,
  textOf,
} from "../plans/plan-value";
import { type GuardFinding, place, type Scene } from "./finding";

type Check = (located: Located, scene: Scene) => Omit<GuardFinding, "stack" | "address">[];

/** What happens to buckets, what keeps them safe, and keys, by resource type. */
const CHECKS: Readonly<Record<string, Check>> = {
  aws_s3_bucket: bucket,
  aws_kms_key: key,
  aws_s3_bucket_lifecycle_configuration: retention,
  aws_s3_bucket_object_lock_configuration: objectLock,
  aws_s3_bucket_ownership_controls: ownership,
  aws_s3_bucket_public_access_block: publicAccess,
  aws_s3_bucket_server_side_encryption_configuration: encryption,
  aws_s3_bucket_versioning: versioning,
};

/** Buckets, their settings, and keys. */
export function bucketAndKeyGuards(scene: Scene): GuardFinding[] {
  return scene.estate.resources.flatMap((located) => {
    const { change } = located;
    const check = CHECKS[change.type];
    if (check === undefined || ["no-op", "forget"].includes(change.action)) return [];
    if (change.type !== "aws_kms_key" && goesWithItsWhole(scene.estate, located)) return [];
    return check(located, scene).map((found) => ({ ...found, ...place(located) }));
  });
}

function nameOf({ change }: Located, attribute: string): string {
  return (
    textOf(at(change.before, attribute)) ?? textOf(at(change.after, attribute)) ?? change.address
  );
}

function bucket(located: Located): ReturnType<Check> {
  const { action, before, after } = located.change;
  const subject = nameOf(located, "bucket");
  if (action === "destroy")
    return [{ guard: "bucket-destroyed", subject, what: "the bucket is destroyed" }];
  if (action === "replace")
    return [{ guard: "bucket-replaced", subject, what: "the bucket is replaced by an empty one" }];
  const turnedOn =
    scalar(at(after, "force_destroy")) === true && scalar(at(before, "force_destroy")) !== true;
  return action === "update" && turnedOn
    ? [
        {
          guard: "force-destroy-turned-on",
          subject,
          what: "Terraform may destroy the bucket with all files in it",
        },
      ]
    : [];
}

function key(located: Located): ReturnType<Check> {
  const { action, before, after } = located.change;
  const subject = nameOf(located, "arn");
  const days = numberOf(at(before, "deletion_window_in_days"));
  const waiting = days === undefined ? "" : `, ${days} days from then on`;
  if (action === "destroy")
    return [
      {
        guard: "key-deletion-scheduled",
        subject,
        what: `the key's deletion is scheduled${waiting}`,
      },
    ];
  if (action === "replace")
    return [
      {
        guard: "key-replaced",
        subject,
        what: `the key is replaced, and the deletion of the old one scheduled${waiting}`,
      },
    ];
  return scalar(at(before, "is_enabled")) === true && scalar(at(after, "is_enabled")) !== true
    ? [{ guard: "key-disabled", subject, what: "the key is turned off" }]
    : [];
}

/** How many days files stay at least, under all enabled rules; Infinity for ever. */
function daysKept(configuration: PlanValue | undefined, block: string, attribute: string): number {
  const days = items(at(configuration, "rule"))
    .filter((rule) => textOf(at(rule, "status")) !== "Disabled")
    .flatMap((rule) => items(at(rule, block)))
    .flatMap((one) => {
      const value = at(one, attribute);
      if (value.kind === "unknown" || value.kind === "sensitive") return [0];
      return numberOf(value) || [];
    });
  return Math.min(Infinity, ...days);
}

/** A date on which files expire is as short as can be: from then on they go at once. */
function daysOfFiles(configuration: PlanValue | undefined): number {
  const dated = items(at(configuration, "rule"))
    .flatMap((rule) => items(at(rule, "expiration")))
    .some((one) => !["", null, undefined].includes(scalar(at(one, "date")) as string));
  return dated ? 0 : daysKept(configuration, "expiration", "days");
}

const KEPT = [
  { what: "log files expire sooner", days: daysOfFiles },
  {
    what: "versions that are no longer current expire sooner",
    days: (configuration: PlanValue | undefined) =>
      daysKept(configuration, "noncurrent_version_expiration", "noncurrent_days"),
  },
] as const;

function retention(located: Located, { estate }: Scene): ReturnType<Check> {
  const { before, after } = located.change;
  const subject = nameOf(located, "bucket");
  // Rules for a bucket that is made in the same review shorten nothing.
  const made = estate.resources.some(
    ({ change }) =>
      change.type === "aws_s3_bucket" &&
      change.action === "create" &&
      textOf(at(change.after, "bucket")) === subject,
  );
  const unknownBucket = before === undefined && at(after, "bucket").kind === "unknown";
  const anyBucketMade = estate.resources.some(
    ({ change, stack }) =>
      change.type === "aws_s3_bucket" &&
      change.action === "create" &&
      stack.account === located.stack.account,
  );
  if (made || (unknownBucket && anyBucketMade)) return [];
  const words = (days: number): string => (days === Infinity ? "never" : `after ${days} days`);
  return KEPT.flatMap(({ what, days }) => {
    const [old, now] = [days(before), days(after)];
    return now < old
      ? [
          {
            ...({ guard: "retention-shortened", subject, what } as const),
            before: words(old),
            after: words(now),
          },
        ]
      : [];
  });
}

interface Lock {
  readonly mode: string;
  readonly days: number;
}

function lockOf(configuration: PlanValue | undefined): Lock {
  const retention = at(configuration, "rule", 0, "default_retention", 0);
  const [days, years] = [at(retention, "days"), at(retention, "years")].map(numberOf);
  return { mode: textOf(at(retention, "mode")) ?? "", days: (days ?? 0) || 365 * (years ?? 0) };
}

const MODES = ["", "GOVERNANCE", "COMPLIANCE"];

function objectLock(located: Located): ReturnType<Check> {
  const [old, now] = [lockOf(located.change.before), lockOf(located.change.after)];
  const weaker = MODES.indexOf(now.mode) < MODES.indexOf(old.mode) || now.days < old.days;
  const words = ({ mode, days }: Lock): string => (mode === "" ? "none" : `${mode}, ${days} days`);
  return located.change.before !== undefined && weaker
    ? [
        {
          guard: "object-lock-weakened",
          subject: nameOf(located, "bucket"),
          what: "new log files are locked for less time, in a weaker mode or not at all",
          before: words(old),
          after: words(now),
        },
      ]
    : [];
}

function ownership(located: Located): ReturnType<Check> {
  return lost(located, "acls-turned-on", ["rule", 0, "object_ownership"], {
    is: "BucketOwnerEnforced",
    what: "ACLs are turned on",
  });
}

const PUBLIC = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];

function publicAccess(located: Located): ReturnType<Check> {
  return PUBLIC.flatMap((attribute) =>
    lost(located, "public-access-opened", [attribute], {
      is: true,
      what: `${attribute} is turned off`,
    }),
  );
}

function encryption(located: Located): ReturnType<Check> {
  const path = ["rule", 0, "apply_server_side_encryption_by_default", 0, "sse_algorithm"];
  return lost(located, "bucket-encryption-weakened", path, {
    is: "aws:kms",
    what: "what says nothing about encryption is no longer encrypted with a KMS key",
  });
}

function versioning(located: Located): ReturnType<Check> {
  return lost(located, "versioning-off", ["versioning_configuration", 0, "status"], {
    is: "Enabled",
    what: "versioning is turned off",
  });
}

/** A setting that has the good value before, and not after. */
function lost(
  located: Located,
  guard: GuardFinding["guard"],
  path: (string | number)[],
  { is, what }: { readonly is: string | boolean; readonly what: string },
): ReturnType<Check> {
  const { change } = located;
  // What is replaced with its bucket comes back.
  const [before, after] = [at(change.before, ...path), at(change.after, ...path)];
  if (scalar(before) !== is || scalar(after) === is) return [];
  return [
    {
      guard,
      subject: nameOf(located, "bucket"),
      what,
      before: describeValue(before),
      after: describeValue(after),
    },
  ];
}
