import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { GuardId } from "../../envs/rules/guard-ids";
import { renderMarkdown } from "../../review/writing/markdown";
import { exitCode, type Review } from "../../review/report";
import { reviewPlans } from "../../review/review";
import { renderSummary } from "../../review/writing/summary";
import { RECORDED, recordedInput, recordedReview } from "../fixtures/plans/recorded";
import { GOLDEN, goldenFiles, REVIEWS } from "../fixtures/plans/reviews";
import { anyOrder, shuffledStacks } from "../support/shuffled";
import { TODAY } from "../support/today";

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

const SETTINGS = [
  "aws_s3_bucket_object_lock_configuration",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
];
/** The deny bound the deployer and the readers too. */
const DELETION_ALLOWED = [
  "log-deletion-allowed 111111111111",
  "log-deletion-allowed arn:aws:iam::111111111111:role/central-trail-deployer",
  "log-deletion-allowed arn:aws:iam::111111111111:role/security-audit",
] as const;

const EXPECTED: Readonly<Record<string, Expected>> = {
  "new-environment": {
    findings: [],
    gained: ["111111111111", MEMBER, "333333333333"],
    changes: [
      "create aws_cloudtrail",
      "create aws_cloudtrail",
      "create aws_cloudtrail",
      "create aws_kms_alias",
      "create aws_kms_key",
      "create aws_s3_bucket",
      "create aws_s3_bucket_lifecycle_configuration",
      ...SETTINGS.map((type) => `create ${type}`),
      "create aws_s3_bucket_policy",
      "create terraform_data",
      "create terraform_data",
    ],
  },
  "no-change": { findings: [], changes: [] },
  "bucket-changed-outside": {
    findings: [],
    changes: ["update aws_s3_bucket_lifecycle_configuration"],
  },
  "account-added": {
    findings: [],
    gained: ["444444444444"],
    changes: ["create aws_cloudtrail", ...WAIT, ...GATE, ...POLICIES],
  },
  "account-left": { findings: [], changes: [...WAIT, ...GATE, ...POLICIES] },
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
    findings: DELETION_ALLOWED,
    changes: [...WAIT, ...POLICIES],
  },
  "reader-added": { findings: [], changes: [...WAIT, ...POLICIES] },
  "hardening-more": { findings: [], changes: [...WAIT, "update aws_s3_bucket_policy"] },
  "policy-sensitive": {
    findings: [`policy-not-known ${BUCKET}`],
    changes: ["update aws_s3_bucket_policy"],
  },
  "policy-unknown": {
    findings: [`policy-not-known ${BUCKET}`],
    changes: ["create terraform_data", "update aws_s3_bucket_policy"],
  },
  "policy-at-limit": { findings: [], changes: ["update aws_s3_bucket_policy"] },
  "policy-over-limit": {
    findings: [`policy-over-limit ${BUCKET}`],
    changes: ["update aws_s3_bucket_policy"],
  },
  "bucket-renamed": {
    // The member's plan, which is for review alone, has no say in where its trail will deliver.
    findings: [`bucket-replaced ${BUCKET}`, "delivery-moved 111111111111"],
    changes: [
      "replace aws_s3_bucket",
      "replace aws_s3_bucket_policy",
      ...SETTINGS.map((type) => `replace ${type}`),
      "update aws_cloudtrail",
      "update aws_cloudtrail",
      ...WAIT,
      ...GATE,
    ],
  },
  "bucket-rename-refused": {
    findings: [`bucket-replaced ${BUCKET}`, "plan-incomplete test-destination"],
    changes: ["replace aws_s3_bucket"],
  },
  "destination-removed": {
    findings: [
      ...([`bucket-destroyed ${BUCKET}`, `key-deletion-scheduled ${KEY}`] as const),
      "trail-destroyed 111111111111",
    ],
    lost: ["111111111111"],
    changes: [
      "destroy aws_cloudtrail",
      "destroy aws_kms_alias",
      "destroy aws_kms_key",
      "destroy aws_s3_bucket",
      "destroy aws_s3_bucket_policy",
      ...SETTINGS.map((type) => `destroy ${type}`),
      "destroy terraform_data",
      "destroy terraform_data",
    ],
  },
  "destination-moved": { findings: [], changes: ["no-op aws_kms_key", "no-op aws_s3_bucket"] },
  "bucket-tagged": { findings: [], changes: ["update aws_s3_bucket"] },
  "made-throwaway": {
    findings: [
      `force-destroy-turned-on ${BUCKET}`,
      ...DELETION_ALLOWED,
      "prevent-destroy-taken-off arn:aws:cloudtrail:us-east-1:111111111111:trail/central-trail",
      `prevent-destroy-taken-off ${KEY}`,
      `prevent-destroy-taken-off arn:aws:s3:::${BUCKET}`,
    ],
    changes: [...WAIT, ...POLICIES, "update aws_s3_bucket"],
  },
  "key-removed": {
    findings: [
      `bucket-encryption-weakened ${BUCKET}`,
      `key-deletion-scheduled ${KEY}`,
      "trail-encryption-off 111111111111",
    ],
    changes: [
      "destroy aws_kms_alias",
      "destroy aws_kms_key",
      "update aws_cloudtrail",
      ...WAIT,
      "update aws_s3_bucket_server_side_encryption_configuration",
      ...GATE,
    ],
  },
  "key-replaced": {
    findings: [`key-replaced ${KEY}`],
    changes: [
      "replace aws_kms_key",
      "update aws_cloudtrail",
      "update aws_kms_alias",
      ...GATE,
      "update aws_s3_bucket_server_side_encryption_configuration",
    ],
  },
  "bucket-key-on": {
    findings: [],
    changes: ["update aws_s3_bucket_server_side_encryption_configuration"],
  },
  "settings-fixed": {
    findings: [],
    changes: [
      "update aws_s3_bucket",
      "update aws_s3_bucket_ownership_controls",
      "update aws_s3_bucket_public_access_block",
      "update aws_s3_bucket_versioning",
    ],
  },
  "trail-fixed": { findings: [], gained: [MEMBER], changes: ["update aws_cloudtrail"] },
  "trail-imported": { findings: [], changes: ["no-op aws_cloudtrail"] },
  "tags-changed": { findings: [], changes: ["update aws_cloudtrail"] },
  "outputs-only": { findings: [], changes: [] },
  "trail-stopped-outside": {
    findings: [],
    gained: [MEMBER],
    changes: ["update aws_cloudtrail"],
  },
};

function found({ findings }: Review): string[] {
  const all = findings.map(
    ({ guard, subject, state }) => `${guard} ${subject}${state === "blocked" ? "" : ` ${state}`}`,
  );
  return [...new Set(all)];
}

/** All that a review puts out. */
function everything(review: Review): string {
  return [JSON.stringify(review), renderMarkdown(review), ...renderSummary(review)].join("\n");
}

describe("real plans", () => {
  test.each(Object.entries(EXPECTED))(
    "%s",
    (name, { findings, changes, lost = [], gained = [] }) => {
      const review = recordedReview(name);
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

  test("each of them has its case here", () => {
    expect(RECORDED).toEqual(Object.keys(EXPECTED).sort());
  });

  test("what happened outside of Terraform is reported, and what the provider only reads twice is not", () => {
    expect(recordedReview("no-change").totals.drifted).toBe(0);
    const [stack] = recordedReview("trail-stopped-outside").stacks;
    expect(stack!.drift).toMatchObject([
      { attributes: [{ path: "enable_logging", before: "true", after: "false" }] },
    ]);
  });

  test("a rule beside ours is drift of the resource that owns rules, what nobody owns is the bucket's", () => {
    const { stacks } = recordedReview("bucket-changed-outside");
    const drift = stacks.flatMap((stack) =>
      stack.drift.flatMap(({ type, attributes }) =>
        attributes.map(({ path, after }) => [stack.stack, type, path, after]),
      ),
    );
    expect(drift).toEqual([
      [
        "test-destination",
        "aws_s3_bucket",
        "replication_configuration[0]",
        expect.stringContaining("arn:aws:s3:::bucket-of-somebody-else"),
      ],
      [
        "test-upkeep",
        "aws_s3_bucket_lifecycle_configuration",
        "rule[1]",
        expect.stringMatching(/days: 1,.*id: "hasty"/),
      ],
    ]);
  });

  test("where no stack has rules, a rule is drift of the bucket, and the plan does not say that nothing changes", () => {
    const { environment, stacks } = recordedInput("bucket-changed-outside");
    const destination = { ...environment.destination, retention: undefined };
    const review = reviewPlans({
      today: TODAY,
      environment: { ...environment, destination },
      stacks: stacks.filter(({ stack }) => stack === "test-destination"),
    });
    const paths = review.stacks[0]!.drift[0]!.attributes.map(({ path }) => path);
    expect(paths).toEqual([
      "lifecycle_rule[0]",
      "lifecycle_rule[1]",
      "replication_configuration[0]",
    ]);
    const summary = renderSummary(review);
    expect(review.verdict).toBe("clean");
    expect(summary[0]).toContain("leaves what was changed outside of Terraform as it is");
    expect(summary[1]).toContain(
      "lifecycle_rule[0], lifecycle_rule[1], replication_configuration[0]",
    );
  });

  test("a stack that is not among the plans owns what the environment file declares", () => {
    const { environment, stacks } = recordedInput("no-change");
    const some = stacks.filter(({ stack }) => stack === "test-destination");
    expect(reviewPlans({ today: TODAY, environment, stacks: some }).totals.drifted).toBe(0);
  });

  test("a sensitive value stands in the plan, and nowhere in the review", () => {
    for (const name of ["trail-secret-tag", "policy-sensitive", "outputs-only"]) {
      const input = recordedInput(name);
      expect(JSON.stringify(input.stacks)).toContain("s3cr3t-value");
      expect(everything(reviewPlans(input))).not.toContain("s3cr3t-value");
    }
    expect(everything(recordedReview("trail-secret-tag"))).toContain("(sensitive)");
  });

  test("outputs alone are changes, as for Terraform, and are reported by name", () => {
    const review = recordedReview("outputs-only");
    expect({ verdict: review.verdict, code: exitCode(review) }).toEqual({
      verdict: "changes",
      code: 2,
    });
    expect(review.stacks).toMatchObject([
      {
        resources: [],
        outputs: [
          { name: "log_bucket", action: "create" },
          { name: "secret", action: "create" },
          { name: "trails", action: "destroy" },
        ],
      },
    ]);
    expect(recordedReview("no-change").stacks.flatMap(({ outputs }) => outputs)).toEqual([]);
  });

  test("what is planned for review alone says so, and its stand-ins are no resources", () => {
    for (const name of ["new-environment", "account-added", "bucket-renamed"]) {
      const { stacks } = recordedReview(name);
      const late = stacks.filter(({ forReviewOnly }) => forReviewOnly);
      expect(late).not.toEqual([]);
      const types = late.flatMap(({ resources }) => resources.map(({ type }) => type));
      expect(types).not.toContain("terraform_data");
    }
  });

  test("an imported trail is reported with its ID", () => {
    const id = `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/central-trail`;
    const [stack] = recordedReview("trail-imported").stacks;
    expect(stack!.resources).toMatchObject([{ action: "no-op", importedId: id }]);
  });

  test("in another order they give the same review", () => {
    const reviews = RECORDED.map((name) => {
      const input = recordedInput(name);
      return { name, input, text: everything(reviewPlans(input)) };
    });
    const seeds = fc.array(fc.nat(), { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(seeds, (numbers) => {
        for (const { name, input, text } of reviews) {
          const stacks = shuffledStacks(input.stacks, anyOrder(numbers));
          expect({ name, text: everything(reviewPlans({ ...input, stacks })) }).toEqual({
            name,
            text,
          });
        }
      }),
      { numRuns: 3 },
    );
  });
});

describe("reviews to read", () => {
  test.each(GOLDEN)("%s is as test/fixtures/plans/reviews.ts wrote it", (name) => {
    const files = goldenFiles(name);
    const written = Object.keys(files).map((file) => [
      file,
      readFileSync(join(REVIEWS, file), "utf8"),
    ]);
    expect(files).toEqual(Object.fromEntries(written));
  });

  test("none is left of a case that is gone", () => {
    expect(readdirSync(REVIEWS).sort()).toEqual(
      GOLDEN.flatMap((name) => Object.keys(goldenFiles(name))).sort(),
    );
  });
});
