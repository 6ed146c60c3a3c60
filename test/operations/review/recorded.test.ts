import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { checkEnvironment } from "../../../envs/check";
import type { GuardId } from "../../../envs/guard-ids";
import { renderMarkdown } from "../../../operations/review/markdown";
import { type Review, reviewPlans, type StackPlan } from "../../../operations/review/review";
import { renderSummary } from "../../../operations/review/summary";

/** Plans of the real provider: test/fixtures/plans/record.ts says how they came about. */
const FOLDER = join(__dirname, "..", "..", "fixtures", "plans");

const BUCKET = "central-trail-test-logs";
const KEY = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000001";
const MEMBER = "222222222222";
const PARTNER = "arn:aws:iam::999999999999:role/partner";

interface Expected {
  /** Guard and subject; `warning` and `announced` where it does not block. */
  readonly findings: readonly `${GuardId} ${string}`[];
  readonly lost?: readonly string[];
  readonly gained?: readonly string[];
  /** Actions and types of resources. */
  readonly changes: readonly string[];
}

const POLICIES = ["update aws_kms_key", "update aws_s3_bucket_policy"];
/** After each change of a policy the wait is made anew. */
const WAIT = ["replace terraform_data"];
/** What members read, once other trails are let in. */
const GATE = ["update terraform_data"];

const EXPECTED: Readonly<Record<string, Expected>> = {
  "new-environment": {
    findings: [],
    gained: ["111111111111"],
    changes: [
      ...[
        "create aws_cloudtrail",
        "create aws_kms_alias",
        "create aws_kms_key",
        "create aws_s3_bucket",
      ],
      "create aws_s3_bucket_object_lock_configuration",
      "create aws_s3_bucket_ownership_controls",
      "create aws_s3_bucket_policy",
      "create aws_s3_bucket_public_access_block",
      "create aws_s3_bucket_server_side_encryption_configuration",
      ...["create aws_s3_bucket_versioning", "create terraform_data", "create terraform_data"],
    ],
  },
  "no-change": { findings: [], changes: [] },
  "account-added": { findings: [], changes: [...WAIT, ...GATE, ...POLICIES] },
  "account-removed": {
    findings: [`account-cut-off ${MEMBER}`],
    changes: [...WAIT, ...GATE, ...POLICIES],
  },
  "account-retiring": {
    findings: [`trail-destroyed ${MEMBER} announced`],
    lost: [MEMBER],
    changes: ["destroy aws_cloudtrail"],
  },
  "trail-removed": {
    findings: [`trail-destroyed ${MEMBER}`],
    lost: [MEMBER],
    changes: ["destroy aws_cloudtrail"],
  },
  "trail-renamed": {
    findings: [`trail-replaced ${MEMBER}`],
    changes: ["replace aws_cloudtrail"],
  },
  "trail-stops": {
    findings: [`trail-stops ${MEMBER}`],
    lost: [MEMBER],
    changes: ["update aws_cloudtrail"],
  },
  "trail-validation-off": {
    findings: [`trail-validation-off ${MEMBER}`],
    changes: ["update aws_cloudtrail"],
  },
  "trail-single-region": {
    findings: [`trail-single-region ${MEMBER}`],
    lost: [MEMBER],
    changes: ["update aws_cloudtrail"],
  },
  "trail-encryption-off": {
    findings: [`trail-encryption-off ${MEMBER}`],
    changes: ["update aws_cloudtrail"],
  },
  "trail-other-bucket": {
    findings: [`delivery-moved ${MEMBER}`],
    changes: ["update aws_cloudtrail"],
  },
  "trail-write-only": {
    findings: [`trail-records-less ${MEMBER}`],
    lost: [MEMBER],
    changes: ["update aws_cloudtrail"],
  },
  "trail-data-events": {
    findings: [],
    gained: [MEMBER],
    changes: ["update aws_cloudtrail"],
  },
  "trail-tagged": { findings: [], changes: ["update aws_cloudtrail"] },
  "trail-moved": { findings: [], changes: ["no-op aws_cloudtrail"] },
  "trail-forgotten": {
    findings: ["resource-forgotten aws_cloudtrail.trail_3987B402 warning"],
    changes: ["forget aws_cloudtrail"],
  },
  "trail-secret-tag": { findings: [], changes: ["update aws_cloudtrail"] },
  "provider-other-account": {
    findings: [`provider-account-mismatch test-member-${MEMBER}`],
    changes: [],
  },
  "key-disabled": { findings: [`key-disabled ${KEY}`], changes: ["update aws_kms_key"] },
  "key-described": { findings: [], changes: ["update aws_kms_key"] },
  "bucket-force-destroy": {
    findings: [`force-destroy-turned-on ${BUCKET}`],
    changes: ["update aws_s3_bucket"],
  },
  "public-access-opened": {
    findings: [`public-access-opened ${BUCKET}`],
    changes: ["update aws_s3_bucket_public_access_block"],
  },
  "acls-on": {
    findings: [`acls-turned-on ${BUCKET}`],
    changes: ["update aws_s3_bucket_ownership_controls"],
  },
  "versioning-off": {
    findings: [`versioning-off ${BUCKET}`],
    changes: ["update aws_s3_bucket_versioning"],
  },
  "encryption-weakened": {
    findings: [`bucket-encryption-weakened ${BUCKET}`],
    changes: ["update aws_s3_bucket_server_side_encryption_configuration"],
  },
  "lock-shortened": {
    findings: [`object-lock-weakened ${BUCKET}`],
    changes: ["update aws_s3_bucket_object_lock_configuration"],
  },
  "lock-lengthened": {
    findings: [],
    changes: ["update aws_s3_bucket_object_lock_configuration"],
  },
  "retention-shortened": {
    findings: [`retention-shortened ${BUCKET}`],
    changes: ["update aws_s3_bucket_lifecycle_configuration"],
  },
  "retention-lengthened": {
    findings: [],
    changes: ["update aws_s3_bucket_lifecycle_configuration"],
  },
  "policy-shuffled": { findings: [], changes: [] },
  "policy-stranger": {
    findings: [`stranger-allowed ${PARTNER}`],
    changes: ["update aws_s3_bucket_policy"],
  },
  "policy-public": {
    findings: [
      `public-access-opened ${BUCKET}`,
      "stranger-allowed 111111111111",
      "stranger-allowed unnamed-account",
    ],
    changes: ["update aws_s3_bucket_policy"],
  },
  "policy-plain-http": {
    findings: [`tls-not-required ${BUCKET}`],
    changes: ["update aws_s3_bucket_policy"],
  },
  "hardening-off": {
    // The deny bound the deployer and the readers too.
    findings: [
      "log-deletion-allowed 111111111111",
      "log-deletion-allowed arn:aws:iam::111111111111:role/central-trail-deployer",
      "log-deletion-allowed arn:aws:iam::111111111111:role/security-audit",
    ],
    changes: [...WAIT, ...POLICIES],
  },
  "reader-added": { findings: [], changes: [...WAIT, ...POLICIES] },
  "trail-stopped-outside": {
    findings: [],
    gained: [MEMBER],
    changes: ["update aws_cloudtrail"],
  },
};

/** Its findings have no sense one by one: what counts is among them. */
const AMONG: Readonly<Record<string, readonly `${GuardId} ${string}`[]>> = {
  "bucket-renamed": [`bucket-replaced ${BUCKET}`],
  "key-removed": [`key-deletion-scheduled ${KEY}`, "trail-encryption-off 111111111111"],
  "key-replaced": [`key-replaced ${KEY}`],
};

interface Recorded {
  readonly review: Review;
  readonly stacks: readonly StackPlan[];
}

function recorded(name: string): Recorded {
  const { file, stacks } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as {
    readonly file: unknown;
    readonly stacks: readonly StackPlan[];
  };
  const { environment, problems } = checkEnvironment("test", "test.yaml", stringify(file));
  if (environment === undefined) throw new Error(JSON.stringify(problems));
  return { review: reviewPlans({ environment, stacks }), stacks };
}

function found({ findings }: Review): string[] {
  const all = findings.map(
    ({ guard, subject, state }) => `${guard} ${subject}${state === "blocked" ? "" : ` ${state}`}`,
  );
  return [...new Set(all)];
}

describe("real plans", () => {
  test.each(Object.entries(EXPECTED))(
    "%s",
    (name, { findings, changes, lost = [], gained = [] }) => {
      const { review } = recorded(name);
      expect(found(review)).toEqual(findings);
      const accounts = (which: "lost" | "gained"): string[] => [
        ...new Set(
          review.coverage.filter((one) => one[which].length > 0).map(({ account }) => account),
        ),
      ];
      expect({ lost: accounts("lost"), gained: accounts("gained") }).toEqual({ lost, gained });
      const resources = review.stacks.flatMap((stack) => stack.resources);
      expect(resources.map(({ action, type }) => `${action} ${type}`).sort()).toEqual(
        [...changes].sort(),
      );
    },
  );

  test.each(Object.entries(AMONG))("%s", (name, findings) => {
    expect(found(recorded(name).review)).toEqual(expect.arrayContaining([...findings]));
  });

  test("each of them has its case here", () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
    expect(files.map((name) => name.replace(".json", "")).sort()).toEqual(
      [...Object.keys(EXPECTED), ...Object.keys(AMONG)].sort(),
    );
  });

  test("what happened outside of Terraform is told, and what the provider only reads twice is not", () => {
    expect(recorded("no-change").review.totals.drifted).toBe(0);
    const [stack] = recorded("trail-stopped-outside").review.stacks;
    expect(stack!.drift).toMatchObject([
      { attributes: [{ path: "enable_logging", before: "true", after: "false" }] },
    ]);
  });

  test("a sensitive value stands in the plan, and nowhere in the review", () => {
    const { review, stacks } = recorded("trail-secret-tag");
    expect(JSON.stringify(stacks)).toContain("s3cr3t-value");
    const text = [JSON.stringify(review), renderMarkdown(review), ...renderSummary(review)].join(
      "\n",
    );
    expect(text).toContain("(sensitive)");
    expect(text).not.toContain("s3cr3t-value");
  });

  test.each(["new-environment", "account-added", "account-removed", "trail-stops", "key-removed"])(
    "the page for %s",
    (name) => {
      const { review } = recorded(name);
      expect([renderMarkdown(review), ...renderSummary(review)].join("\n")).toMatchSnapshot();
    },
  );
});
