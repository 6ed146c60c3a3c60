import { stackNames } from "../../envs/stack-names";
import { GUARD_IDS, type GuardId } from "../../envs/rules/guard-ids";
import type { Environment } from "../../envs/types";
import type { PolicyDocument } from "../../iam/policy-document";
import { environmentDocuments } from "../../operations/policies/environment-documents";
import { GUARDS } from "../../review/guards/table";
import type { Applied, TrailShown } from "../../review/guards/finding";
import { exitCode, type Review, type ReviewInput } from "../../review/report";
import { reviewPlans } from "../../review/review";
import { fourAccounts } from "../support/environment";
import {
  configurationOf,
  type Edit,
  edited,
  type MadeChange,
  planJson,
  plansBetween,
} from "../support/plans";
import { TODAY } from "../support/today";

const FOUR = fourAccounts();
const DESTINATION = stackNames.destination(FOUR);
const LEAVING = "222222222222";
const MEMBER = stackNames.member(FOUR, { account: LEAVING });
const TRAIL = "aws_cloudtrail.trail";

/** What guards found, `guard subject`, with the state where it is not blocked. */
function found({ findings }: Review): string[] {
  return [
    ...new Set(
      findings.map(
        ({ guard, subject, state }) =>
          `${guard} ${subject}${state === "blocked" ? "" : ` ${state}`}`,
      ),
    ),
  ];
}

/** What the environment file of every case acknowledges. */
let acknowledgements: Environment["acknowledgements"];
afterEach(() => (acknowledgements = undefined));

function review(
  after: Environment,
  stacks: ReviewInput["stacks"],
  more: Partial<ReviewInput> = {},
): Review {
  return reviewPlans({
    today: TODAY,
    environment: { ...after, acknowledgements },
    stacks,
    ...more,
  });
}

/** The review of an edit to what is planned for the four accounts. */
const edit = (now: Edit): Review => review(FOUR, plansBetween(FOUR, FOUR, { now }));

/** The review of one resource's change in a stack. */
function change(stack: string, made: MadeChange, environment = FOUR): Review {
  const account =
    [environment.destination, ...environment.members].find(({ account: id }) =>
      stack.endsWith(id),
    ) ?? environment.destination;
  const plan = planJson([made], { configuration: configurationOf(account) });
  return review(environment, [{ stack, plan }]);
}

const withDestination = (more: Partial<Environment["destination"]>): Environment =>
  fourAccounts({ destination: { ...FOUR.destination, ...more } });

const withoutMember = fourAccounts({ members: FOUR.members.slice(1) });
const BUCKET = FOUR.destination.bucket;
const KEY = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555";

const trailEdit = (attributes: object): Review => edit(edited(MEMBER, TRAIL, attributes));
const logs = (type: string, attributes?: object): Review =>
  edit(edited(DESTINATION, `${type}.logs`, attributes));
const S3 = "aws_s3_bucket";

/** What a guard finds, and the neighbour of it in which nothing is found. */
interface Both {
  readonly fires: () => Review;
  readonly subject: string;
  readonly harmless: () => Review;
}

const retention = (before: object | undefined, after: object): Review => {
  const environment = withDestination({ retention: after });
  const old = before === undefined ? FOUR : withDestination({ retention: before });
  return review(environment, plansBetween(old, environment));
};

const lock = (before: object, after?: object): Review => {
  const rule = (one: object) => [{ default_retention: [one] }];
  const address = `${S3}_object_lock_configuration.logs`;
  return change(DESTINATION, {
    address,
    actions: [after === undefined ? "delete" : "update"],
    before: { bucket: BUCKET, rule: rule(before) },
    after: after === undefined ? null : { bucket: BUCKET, rule: rule(after) },
  });
};

type Statements = { Statement: Record<string, unknown>[] };
const policyEdit = (type: string, editStatements: (policy: Statements) => void): Review =>
  edit((stacks) => {
    const { policy } = stacks.get(DESTINATION)![`${type}.logs`] as { policy: string };
    const parsed = JSON.parse(policy) as Statements;
    editStatements(parsed);
    edited(DESTINATION, `${type}.logs`, { policy: JSON.stringify(parsed) })(stacks);
  });
const grant = (Principal: unknown, Action = "s3:GetObject") => ({
  Sid: "More",
  Effect: "Allow",
  Principal,
  Action,
  Resource: `arn:aws:s3:::${BUCKET}/*`,
});

const READER = "arn:aws:iam::999999999999:role/partner";
const HARDENING = {
  denyOtherEncryption: false,
  denyLogDeletion: true,
  denyPolicyChange: true,
  readersOnly: false,
  breakGlassRoleArn: "arn:aws:iam::111111111111:role/break-glass",
};
const HARD = withDestination({ hardening: HARDENING });
const SPARED = "arn:aws:iam::111111111111:role/another";

/** Calls that CloudTrail is not known to make with aws:SourceOrgID. */
const ORGANIZATION_ABSENT = ["s3:GetBucketAcl", "kms:GenerateDataKey*", "kms:DescribeKey"];

const synthesized = (type: string, name: string, prevent_destroy: boolean): unknown => ({
  resource: { [type]: { [name]: { lifecycle: { prevent_destroy } } } },
});

const withProvider = (more: object, forReviewOnly = false): Review => {
  const account = FOUR.members[0]!;
  const provider = { name: "aws", expressions: { ...expressionsOf(account), ...more } };
  const plan = planJson([], { configuration: { provider_config: { "aws.member": provider } } });
  return review(FOUR, [{ stack: MEMBER, plan, forReviewOnly }]);
};
const expressionsOf = ({ account, roleArn }: { account: string; roleArn: string }) => ({
  allowed_account_ids: { constant_value: [account] },
  assume_role: [{ role_arn: { constant_value: roleArn } }],
});

const CASES: Readonly<Record<GuardId, Both>> = {
  "account-cut-off": {
    fires: () => review(withoutMember, plansBetween(FOUR, withoutMember)),
    subject: LEAVING,
    harmless: () =>
      review(withoutMember, plansBetween(FOUR, withoutMember), {
        applied: { retiring: [LEAVING] },
        trailsShown: new Map([[LEAVING, "gone"]]),
      }),
  },
  "acls-turned-on": {
    fires: () => logs(`${S3}_ownership_controls`, { rule: [{ object_ownership: "ObjectWriter" }] }),
    subject: BUCKET,
    harmless: () => logs(`${S3}_ownership_controls`, { expected_bucket_owner: "111111111111" }),
  },
  "bucket-destroyed": {
    fires: () => logs(S3),
    subject: BUCKET,
    harmless: () => logs(S3, { tags: { a: "b" } }),
  },
  "bucket-encryption-weakened": {
    fires: () =>
      logs(`${S3}_server_side_encryption_configuration`, {
        rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }],
      }),
    subject: BUCKET,
    harmless: () =>
      logs(`${S3}_server_side_encryption_configuration`, {
        rule: [
          {
            bucket_key_enabled: true,
            apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms" }],
          },
        ],
      }),
  },
  "bucket-replaced": {
    fires: () =>
      change(DESTINATION, {
        address: "aws_s3_bucket.logs",
        actions: ["create", "delete"],
        before: { bucket: BUCKET },
        after: { bucket: "other" },
      }),
    subject: BUCKET,
    harmless: () =>
      change(DESTINATION, {
        address: "aws_s3_bucket.new",
        previous_address: "aws_s3_bucket.old",
        actions: ["no-op"],
        before: { bucket: BUCKET },
        after: { bucket: BUCKET },
      }),
  },
  "delivery-moved": {
    fires: () => trailEdit({ s3_key_prefix: "elsewhere" }),
    subject: LEAVING,
    harmless: () => trailEdit({ s3_key_prefix: null }),
  },
  "force-destroy-turned-on": {
    fires: () =>
      change(DESTINATION, {
        address: "aws_s3_bucket.logs",
        actions: ["update"],
        before: { bucket: BUCKET, force_destroy: false },
        after: { bucket: BUCKET, force_destroy: true },
      }),
    subject: BUCKET,
    harmless: () => logs(S3, { force_destroy: false }),
  },
  "key-deletion-scheduled": {
    fires: () => logs("aws_kms_key"),
    subject: KEY,
    harmless: () => logs("aws_kms_key", { description: "x" }),
  },
  "key-disabled": {
    fires: () => logs("aws_kms_key", { is_enabled: false }),
    subject: KEY,
    harmless: () => logs("aws_kms_key", { enable_key_rotation: true }),
  },
  "key-replaced": {
    fires: () =>
      change(DESTINATION, {
        address: "aws_kms_key.logs",
        actions: ["delete", "create"],
        before: { arn: KEY, policy: null },
        after: { policy: null },
      }),
    subject: KEY,
    harmless: () =>
      change(DESTINATION, { address: "aws_kms_key.new", actions: ["create"], after: {} }),
  },
  "log-deletion-allowed": {
    fires: () => review(FOUR, plansBetween(HARD, FOUR)),
    subject: "111111111111",
    harmless: () => review(HARD, plansBetween(FOUR, HARD)),
  },
  "object-lock-weakened": {
    fires: () => lock({ mode: "GOVERNANCE", days: 30 }, { mode: "GOVERNANCE", days: 29 }),
    subject: BUCKET,
    harmless: () => lock({ mode: "GOVERNANCE", days: 365 }, { mode: "COMPLIANCE", years: 1 }),
  },
  "plan-incomplete": {
    fires: () => review(FOUR, [{ stack: MEMBER, plan: planJson([], { errored: true }) }]),
    subject: MEMBER,
    harmless: () => review(FOUR, [{ stack: MEMBER, plan: planJson([], { complete: true }) }]),
  },
  "policy-not-known": {
    fires: () =>
      change(DESTINATION, {
        address: "aws_s3_bucket_policy.logs",
        actions: ["update"],
        before: { bucket: BUCKET, policy: "{}" },
        after: { bucket: BUCKET },
        after_unknown: { policy: true },
      }),
    subject: BUCKET,
    harmless: () =>
      change(DESTINATION, {
        address: "aws_s3_bucket_policy.logs",
        actions: ["create"],
        after: { bucket: BUCKET },
        after_unknown: { policy: true },
      }),
  },
  "policy-over-limit": {
    fires: () =>
      policyEdit("aws_s3_bucket_policy", ({ Statement }) => {
        Statement[0] = { ...Statement[0], Sid: "x".repeat(20_000) };
      }),
    subject: BUCKET,
    harmless: () =>
      policyEdit("aws_s3_bucket_policy", ({ Statement }) => {
        Statement[0] = { ...Statement[0], Sid: "x".repeat(10_000) };
      }),
  },
  "prevent-destroy-taken-off": {
    fires: () =>
      review(FOUR, [
        {
          stack: MEMBER,
          plan: planJson([]),
          synthesized: {
            before: synthesized("aws_cloudtrail", "trail", true),
            after: synthesized("aws_cloudtrail", "trail", false),
          },
        },
      ]),
    subject: TRAIL,
    harmless: () =>
      review(FOUR, [
        {
          stack: MEMBER,
          plan: planJson([]),
          synthesized: {
            before: synthesized("aws_cloudtrail", "trail", false),
            after: synthesized("aws_cloudtrail", "trail", true),
          },
        },
      ]),
  },
  "provider-account-mismatch": {
    fires: () => withProvider({ allowed_account_ids: { constant_value: ["333333333333"] } }),
    subject: MEMBER,
    harmless: () => withProvider({}),
  },
  "public-access-opened": {
    fires: () => logs(`${S3}_public_access_block`, { ignore_public_acls: false }),
    subject: BUCKET,
    harmless: () => logs(`${S3}_public_access_block`, { skip_destroy: true }),
  },
  "resource-forgotten": {
    fires: () => change(MEMBER, { address: TRAIL, actions: ["forget"], before: { arn: "" } }),
    subject: `${TRAIL} warning`,
    harmless: () => change(MEMBER, { address: TRAIL, actions: ["no-op"], before: {}, after: {} }),
  },
  "retention-shortened": {
    fires: () => retention({ expireDays: 400 }, { expireDays: 399 }),
    subject: BUCKET,
    harmless: () => retention({ expireDays: 399 }, { expireDays: 400 }),
  },
  "stranger-allowed": {
    fires: () =>
      policyEdit("aws_s3_bucket_policy", ({ Statement }) => Statement.push(grant({ AWS: READER }))),
    subject: READER,
    harmless: () => {
      const readers = [{ name: "partner", principals: [READER], accounts: "all" as const }];
      const environment = withDestination({ readers });
      return review(environment, plansBetween(FOUR, environment));
    },
  },
  "tls-not-required": {
    fires: () =>
      policyEdit("aws_s3_bucket_policy", (policy) => {
        policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== "DenyInsecureTransport");
      }),
    subject: BUCKET,
    harmless: () => policyEdit("aws_s3_bucket_policy", (policy) => policy.Statement.reverse()),
  },
  "trail-destroyed": {
    fires: () => edit(edited(MEMBER, TRAIL)),
    subject: LEAVING,
    harmless: () =>
      change(MEMBER, { address: "aws_cloudtrail_x.y", actions: ["delete"], before: {} }),
  },
  "trail-encryption-off": {
    fires: () => trailEdit({ kms_key_id: "" }),
    subject: LEAVING,
    harmless: () => trailEdit({ kms_key_id: "another" }),
  },
  "trail-records-less": {
    fires: () =>
      trailEdit({
        event_selector: [{ read_write_type: "WriteOnly", include_management_events: true }],
      }),
    subject: LEAVING,
    harmless: () =>
      trailEdit({ event_selector: [{ read_write_type: "All", include_management_events: true }] }),
  },
  "trail-replaced": {
    fires: () =>
      change(MEMBER, {
        address: TRAIL,
        actions: ["delete", "create"],
        before: { arn: `arn:aws:cloudtrail:us-east-1:${LEAVING}:trail/central-trail` },
        after: {},
      }),
    subject: LEAVING,
    harmless: () => trailEdit({ tags: { a: "b" } }),
  },
  "trail-single-region": {
    fires: () => trailEdit({ is_multi_region_trail: false }),
    subject: LEAVING,
    harmless: () => trailEdit({ is_multi_region_trail: true, tags: {} }),
  },
  "trail-stops": {
    fires: () => trailEdit({ enable_logging: false }),
    subject: LEAVING,
    harmless: () =>
      review(
        FOUR,
        plansBetween(FOUR, FOUR, { old: edited(MEMBER, TRAIL, { enable_logging: false }) }),
      ),
  },
  "trail-validation-off": {
    fires: () => trailEdit({ enable_log_file_validation: false }),
    subject: LEAVING,
    harmless: () =>
      review(
        FOUR,
        plansBetween(FOUR, FOUR, {
          old: edited(MEMBER, TRAIL, { enable_log_file_validation: false }),
        }),
      ),
  },
  "versioning-off": {
    fires: () => logs(`${S3}_versioning`, { versioning_configuration: [{ status: "Suspended" }] }),
    subject: BUCKET,
    harmless: () =>
      logs(`${S3}_versioning`, {
        versioning_configuration: [{ status: "Enabled", mfa_delete: "x" }],
      }),
  },
};

describe.each(GUARD_IDS)("%s", (guard) => {
  const { fires, subject, harmless } = CASES[guard];

  test("fires", () => {
    const result = fires();
    expect(found(result)).toContain(`${guard} ${subject}`);
    expect(exitCode(result) === 3).toBe(GUARDS[guard].severity === "block");
  });

  test("its harmless neighbour does not", () => {
    const result = harmless();
    expect(found(result)).toEqual([]);
    expect(result.verdict).not.toBe("blocked");
  });

  test("is acknowledged by the environment file, and by nothing else", () => {
    const plain = subject.replace(/ warning$/, "");
    const reason = "decided in ticket 4711";
    const states = (): unknown[] => {
      const result = fires();
      const own = result.findings.filter((one) => one.guard === guard && one.subject === plain);
      return [...new Set(own.map(({ state, acknowledgement }) => `${state} ${acknowledgement}`))];
    };
    acknowledgements = [{ guard, subject: plain, reason, until: TODAY }];
    expect(states()).toEqual([`acknowledged ${reason}`]);
    const { unusedAcknowledgements, doubtfulAcknowledgements } = fires();
    expect([unusedAcknowledgements, doubtfulAcknowledgements]).toEqual([[], []]);

    acknowledgements = [{ guard, subject: plain, reason, until: "2026-06-14" }];
    expect(states()).not.toContain(`acknowledged ${reason}`);
    if (!subject.endsWith(" warning")) expect(fires().verdict).toBe("blocked");

    acknowledgements = [{ guard, subject: "something-else", reason }];
    expect(states()).not.toContain(`acknowledged ${reason}`);
    expect(fires().unusedAcknowledgements).toEqual([{ guard, subject: "something-else" }]);
  });
});

describe("more of what guards look at", () => {
  const retired = { retiring: [LEAVING] };
  const REASONS: readonly (readonly [string, Applied | undefined, TrailShown | undefined])[] = [
    ["the API still shows its trail", retired, "shown"],
    ["the API could not be asked", retired, "could not ask"],
    ["the API could not be asked", retired, undefined],
    ["it was not retiring", { retiring: ["333333333333"] }, "gone"],
    ["it was not retiring", undefined, "gone"],
  ];

  test.each(REASONS)("an account that leaves is held back: %s", (reason, applied, shown) => {
    const { findings } = review(withoutMember, plansBetween(FOUR, withoutMember), {
      ...(applied ? { applied } : {}),
      trailsShown: new Map(shown === undefined ? [] : [[LEAVING, shown]]),
    });
    expect(findings).toHaveLength(2); // bucket and key
    for (const { what } of findings) expect(what).toContain(reason);
  });

  test("that it was retiring is seen in its own stack's state, where that is planned too", () => {
    const retiring = fourAccounts({
      members: FOUR.members.map((member, index) => ({ ...member, retiring: index === 0 })),
    });
    const plans = plansBetween(retiring, withoutMember);
    const own = plansBetween(retiring, retiring).find(({ stack }) => stack === MEMBER)!;
    const trailsShown = new Map([[LEAVING, "gone"]] as const);
    expect(found(review(withoutMember, [...plans, own], { trailsShown }))).toEqual([]);
    expect(found(review(withoutMember, plans, { trailsShown }))).toEqual([
      `account-cut-off ${LEAVING}`,
    ]);
  });

  test("an account that is still listed and loses its lines has no way out", () => {
    const result = review(FOUR, plansBetween(FOUR, withoutMember), {
      applied: retired,
      trailsShown: new Map([[LEAVING, "gone"]]),
    });
    expect(found(result)).toEqual([`account-cut-off ${LEAVING}`]);
    expect(result.findings[0]!.what).toContain("still lists the account");
  });

  test("retiring an account deletes its trail, which is announced and does not block", () => {
    const retiring = fourAccounts({
      members: FOUR.members.map((member, index) => ({ ...member, retiring: index === 0 })),
    });
    const result = review(retiring, plansBetween(FOUR, retiring));
    expect(found(result)).toEqual([`trail-destroyed ${LEAVING} announced`]);
    expect(exitCode(result)).toBe(2);
    expect(result.coverage.filter(({ lost }) => lost.length > 0)).toHaveLength(2);
  });

  test("a new environment and an added account have nothing that a guard stands against", () => {
    for (const environment of [
      FOUR,
      HARD,
      withDestination({ retention: { expireDays: 30 }, bucketPolicyShape: "account-list" }),
      withDestination({ bucketPolicyShape: "source-org-id", organizationId: "o-a1b2c3d4e5" }),
    ]) {
      expect(found(review(environment, plansBetween(undefined, environment)))).toEqual([]);
      const fewer = { ...environment, members: environment.members.slice(1) };
      expect(found(review(environment, plansBetween(fewer, environment)))).toEqual([]);
    }
  });

  test("with accounts named by ID alone, the one that leaves is found too", () => {
    const listed = (environment: Environment): Environment => ({
      ...environment,
      destination: {
        ...FOUR.destination,
        bucketPolicyShape: "account-list",
        keyPolicyShape: "account-list",
      },
    });
    const [before, after] = [listed(FOUR), listed(withoutMember)];
    expect(found(review(after, plansBetween(before, after)))).toEqual([
      `account-cut-off ${LEAVING}`,
    ]);
  });

  test.each(["aws_s3_bucket_policy", "aws_kms_key"])(
    "%s: aws:SourceOrgID where CloudTrail does not send it cuts every account off",
    (type) => {
      const result = policyEdit(type, ({ Statement }) => {
        for (const statement of Statement) {
          const { Action, Condition } = statement as { Action: string; Condition?: object };
          if (!ORGANIZATION_ABSENT.includes(Action)) continue;
          const { StringEquals } = Condition as { StringEquals: object };
          const values = { ...StringEquals, "aws:SourceOrgID": "o-a1b2c3d4e5" };
          statement.Condition = { ...Condition, StringEquals: values };
        }
      });
      const accounts = [FOUR.destination, ...FOUR.members].map(({ account }) => account);
      expect(found(result)).toEqual(accounts.map((account) => `account-cut-off ${account}`));
    },
  );

  test("CloudTrail's rights to an S3 Bucket Key and to the topic's key are needed too", () => {
    const settings: Partial<Environment["destination"]> = {
      encryption: {
        type: "sse-kms",
        alias: "logs",
        deletionWindowDays: 7,
        bucketKey: true,
      },
      notifications: { topicName: "log-files" },
    };
    const environment = withDestination(settings);
    const documents = environmentDocuments(environment, KEY);
    const without = (document: PolicyDocument, sid: string): Review => {
      const Statement = document.Statement.filter(({ Sid }) => Sid !== sid);
      expect(Statement).toHaveLength(document.Statement.length - 1);
      return change(
        DESTINATION,
        {
          address: "aws_kms_key.of-either",
          actions: ["update"],
          before: { arn: KEY, policy: JSON.stringify(document) },
          after: { arn: KEY, policy: JSON.stringify({ ...document, Statement }) },
        },
        environment,
      );
    };
    for (const result of [
      without(documents.key!, "AllowCloudTrailDecryptTrail"),
      without(documents.topicKey!, "AllowCloudTrailUseTopic"),
    ])
      expect(found(result)).toContain(`account-cut-off ${LEAVING}`);
  });

  test("a condition less lets every account's trail in", () => {
    const result = policyEdit("aws_s3_bucket_policy", ({ Statement }) => {
      for (const statement of Statement) {
        if (statement.Sid === "AWSCloudTrailWrite20131101") delete statement.Condition;
      }
    });
    expect(found(result)).toEqual(["stranger-allowed unnamed-trail"]);
  });

  test("a trail of an account that the environment does not list is a stranger", () => {
    const more = fourAccounts({
      members: [...FOUR.members, { ...FOUR.members[0]!, account: "555555555555", name: "x" }],
    });
    const stranger = "arn:aws:cloudtrail:us-east-1:555555555555:trail/central-trail";
    const plans = plansBetween(FOUR, more).filter(({ stack }) => stack === DESTINATION);
    expect(found(review(FOUR, plans))).toEqual([`stranger-allowed ${stranger}`]);
  });

  test("everybody", () => {
    const result = policyEdit("aws_s3_bucket_policy", ({ Statement }) =>
      Statement.push(grant("*")),
    );
    expect(found(result)).toEqual([
      `public-access-opened ${BUCKET}`,
      "stranger-allowed 111111111111",
      "stranger-allowed unnamed-account",
    ]);
  });

  test("another role that the denies spare", () => {
    const other = withDestination({ hardening: { ...HARDENING, breakGlassRoleArn: SPARED } });
    expect(found(review(other, plansBetween(HARD, other)))).toEqual([
      `log-deletion-allowed ${SPARED}`,
    ]);
  });

  test("reading is opened to the account's own principals", () => {
    const closed = withDestination({ hardening: { ...HARDENING, readersOnly: true } });
    expect(found(review(HARD, plansBetween(closed, HARD)))).toContain(
      "stranger-allowed 111111111111",
    );
  });

  test("files that are encrypted otherwise", () => {
    const strict = withDestination({ hardening: { ...HARDENING, denyOtherEncryption: true } });
    expect(found(review(HARD, plansBetween(strict, HARD)))).toEqual([
      `bucket-encryption-weakened ${BUCKET}`,
    ]);
  });

  test.each([
    ["from for ever", undefined, { expireDays: 4000 }, true],
    ["for versions alone", { noncurrentExpireDays: 90 }, { noncurrentExpireDays: 89 }, true],
    ["to for ever", { expireDays: 30 }, { noncurrentExpireDays: 400 }, true],
    [
      "to another storage class",
      { expireDays: 30 },
      { expireDays: 30, transitionToGlacierDays: 7 },
      false,
    ],
  ])("retention %s", (_name, before, after, fires) => {
    expect(found(retention(before, after))).toEqual(fires ? [`retention-shortened ${BUCKET}`] : []);
  });

  test.each([
    ["taken off", { mode: "GOVERNANCE", days: 30 }, undefined],
    ["in a weaker mode", { mode: "COMPLIANCE", days: 30 }, { mode: "GOVERNANCE", days: 300 }],
    ["in years", { mode: "GOVERNANCE", years: 2 }, { mode: "GOVERNANCE", days: 700 }],
  ])("a lock %s", (_name, before, after) => {
    expect(found(lock(before, after))).toEqual([`object-lock-weakened ${BUCKET}`]);
  });

  test("a policy that is sensitive, is none, or can't be evaluated, is not judged", () => {
    const made = (policy: unknown, sensitive = {}): Review =>
      change(DESTINATION, {
        address: "aws_s3_bucket_policy.logs",
        actions: ["create"],
        after: { bucket: BUCKET, policy },
        after_sensitive: sensitive,
      });
    const odd = { ...grant("*"), Condition: { Strange: { a: "b" } } };
    for (const result of [
      made("{}", { policy: true }),
      made("no JSON"),
      made(JSON.stringify({ Version: "2012-10-17", Statement: [odd] })),
    ])
      expect(found(result)).toEqual([`policy-not-known ${BUCKET}`]);
  });

  test.each([
    [
      "a role of another account",
      { assume_role: [{ role_arn: { constant_value: READER } }] },
      false,
      true,
    ],
    ["no list of accounts", { allowed_account_ids: undefined }, false, true],
    ["a list that is worked out", { allowed_account_ids: { references: ["x"] } }, false, true],
    ["the same in a plan for review", { allowed_account_ids: { references: ["x"] } }, true, false],
    [
      "a wrong list in a plan for review",
      { allowed_account_ids: { constant_value: ["1"] } },
      true,
      true,
    ],
  ])("a provider with %s", (_name, more, forReviewOnly, fires) => {
    expect(found(withProvider(more, forReviewOnly))).toEqual(
      fires ? [`provider-account-mismatch ${MEMBER}`] : [],
    );
  });

  test("a bucket of another name has the same policy, and what is weakened beside it is reported", () => {
    const other = withDestination({ bucket: "another-bucket" });
    const renamed = (now?: Edit): Review =>
      review(
        other,
        plansBetween(FOUR, other, now ? { now } : {}).filter(({ stack }) => stack === DESTINATION),
      );
    expect(renamed().policies).toEqual([]);
    const weaker = renamed((stacks) => {
      const { policy } = stacks.get(DESTINATION)!["aws_s3_bucket_policy.logs"] as {
        policy: string;
      };
      const parsed = JSON.parse(policy) as Statements;
      parsed.Statement = parsed.Statement.filter(({ Sid }) => Sid !== "DenyInsecureTransport");
      const text = JSON.stringify(parsed);
      edited(DESTINATION, "aws_s3_bucket_policy.logs", { policy: text })(stacks);
    });
    expect(found(weaker)).toContain("tls-not-required another-bucket");
  });

  test("files that expire on a date expire at once from then on; rules that are off delete nothing", () => {
    const rule = (expiration: object, status = "Enabled"): object => ({
      bucket: BUCKET,
      rule: [{ status, expiration: [expiration] }],
    });
    const changed = (before: object, after: object): string[] =>
      found(
        change(DESTINATION, {
          address: `${S3}_lifecycle_configuration.logs`,
          actions: ["update"],
          before,
          after,
        }),
      );
    const date = { days: null, date: "2030-01-01T00:00:00Z" };
    const days = { days: 30, date: "" };
    expect(changed(rule(days), rule(date))).toEqual([`retention-shortened ${BUCKET}`]);
    expect(changed(rule(date), rule(days))).toEqual([]);
    expect(changed(rule(days, "Disabled"), rule(days))).toEqual([`retention-shortened ${BUCKET}`]);
    expect(changed(rule(days), rule({ days: 1 }, "Disabled"))).toEqual([]);
  });

  test("where files go is not looked at in a plan for review alone, which has stand-ins", () => {
    const plans = plansBetween(FOUR, FOUR, {
      now: edited(MEMBER, TRAIL, { s3_bucket_name: "stand-in" }),
    });
    const moved = (forReviewOnly: boolean): string[] =>
      found(
        review(
          FOUR,
          plans.map((one) => ({ ...one, forReviewOnly })),
        ),
      );
    expect(moved(false)).toEqual([`delivery-moved ${LEAVING}`]);
    expect(moved(true)).toEqual([]);
  });

  test("the provider without an alias counts where a resource has it", () => {
    const withResource = (provider_config_key: string): Review => {
      const resources = [{ address: "aws_x.y", provider_config_key }];
      const configuration = {
        provider_config: { aws: { name: "aws" } },
        root_module: { module_calls: { m: { module: { resources } } } },
      };
      return review(FOUR, [{ stack: MEMBER, plan: planJson([], { configuration }) }]);
    };
    expect(found(withResource("aws.member"))).toEqual([]);
    expect(found(withResource("aws"))).toEqual([`provider-account-mismatch ${MEMBER}`]);
  });

  test("a bucket that goes takes its settings and its policy along, and is told alone", () => {
    const gone = edit((stacks) => {
      for (const address of Object.keys(stacks.get(DESTINATION)!))
        edited(DESTINATION, address)(stacks);
    });
    expect(found(gone)).toEqual([
      `bucket-destroyed ${BUCKET}`,
      `key-deletion-scheduled ${KEY}`,
      "trail-destroyed 111111111111",
    ]);
    expect(gone.policies).toMatchObject([{ gone: true }, { gone: true }]);
  });

  test("a weaker policy of a bucket's replacement is reported, though plans don't know yet whose it is", () => {
    const statement = (bucket: string) => ({
      Sid: "Tls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    const policy = (...Statement: object[]): string =>
      JSON.stringify({ Version: "2012-10-17", Statement });
    const keep = { ...statement("other"), Sid: "Other" };
    const replaced = (after: string): Review =>
      review(FOUR, [
        {
          stack: DESTINATION,
          plan: planJson(
            [
              {
                address: `${S3}.logs`,
                actions: ["delete", "create"],
                before: { bucket: BUCKET },
                after: { bucket: "new-logs" },
              },
              {
                address: `${S3}_policy.logs`,
                actions: ["delete", "create"],
                before: { bucket: BUCKET, policy: policy(statement(BUCKET), keep) },
                after: { policy: after },
                after_unknown: { bucket: true },
              },
            ],
            { configuration: configurationOf(FOUR.destination) },
          ),
        },
      ]);
    const same = replaced(policy(statement("new-logs"), keep));
    expect(found(same)).toEqual([`bucket-replaced ${BUCKET}`]);
    expect(same.policies).toEqual([]);
    expect(found(replaced(policy(keep)))).toEqual([
      `bucket-replaced ${BUCKET}`,
      "tls-not-required new-logs",
    ]);
  });

  test("the settings of a bucket that stays are reported, though another one goes", () => {
    const before = (bucket: string, more: object = {}) => ({ bucket, ...more });
    const gone = (bucket: string): string[] =>
      found(
        review(FOUR, [
          {
            stack: DESTINATION,
            plan: planJson(
              [
                { address: `${S3}.other`, actions: ["delete"], before: before(bucket) },
                {
                  address: `${S3}_versioning.logs`,
                  actions: ["delete"],
                  before: before(BUCKET, { versioning_configuration: [{ status: "Enabled" }] }),
                },
              ],
              { configuration: configurationOf(FOUR.destination) },
            ),
          },
        ]),
      );
    expect(gone(BUCKET)).toEqual([`bucket-destroyed ${BUCKET}`]);
    expect(gone("other")).toEqual(["bucket-destroyed other", `versioning-off ${BUCKET}`]);
  });
});
