import fc from "fast-check";
import { stackNames } from "../../envs/stack-names";
import type { Environment, Member } from "../../envs/types";
import { renderMarkdown } from "../../review/writing/markdown";
import { code, oneLine } from "../../review/writing/markdown-text";
import { exitCode, type Review } from "../../review/report";
import { reviewPlans } from "../../review/review";
import { renderSummary } from "../../review/writing/summary";
import { fourAccounts } from "../support/environment";
import { edited, entry, planJson, plansBetween, reordered } from "../support/plans";
import { anyOrder, shuffledStacks } from "../support/shuffled";
import { TODAY } from "../support/today";

const FOUR = fourAccounts();
const DESTINATION = stackNames.destination(FOUR);
const MEMBER = stackNames.member(FOUR, { account: "222222222222" });
const THREE = fourAccounts({ members: FOUR.members.slice(1) });
const TRAIL = "aws_cloudtrail.trail";

/** An environment of many accounts, in a shape that fits. */
function manyAccounts(count: number): Environment {
  const members = Array.from({ length: count }, (_, index): Member => {
    const account = String(200_000_000_000 + index);
    const roleArn = `arn:aws:iam::${account}:role/central-trail-deployer`;
    return { ...FOUR.members[0]!, account, name: `account-${index}`, roleArn };
  });
  return fourAccounts({
    members,
    destination: {
      ...FOUR.destination,
      bucketPolicyShape: "account-list",
      keyPolicyShape: "account-list",
    },
  });
}

/** All that a review puts out. */
function everything(review: Review): string {
  return [JSON.stringify(review), renderMarkdown(review), ...renderSummary(review)].join("\n");
}

describe("stacks that could not be planned", () => {
  const reason = (stack: string): string => `Error: ${stack}: no access for ${stack.slice(-12)}`;
  const GONE = ["222222222222", "333333333333"].map((account) => {
    const stack = stackNames.member(FOUR, { account });
    return { stack, reason: reason(stack) };
  });
  const incomplete = (environment = FOUR, stacks = plansBetween(THREE, FOUR)): Review =>
    reviewPlans({
      environment,
      today: TODAY,
      stacks: stacks.filter(({ stack }) => GONE.every((one) => one.stack !== stack)),
      missing: [...GONE].reverse(),
    });

  test("make it incomplete, whatever was found, and exit code 1", () => {
    const review = incomplete();
    expect(review).toMatchObject({ verdict: "incomplete", missing: GONE });
    expect(exitCode(review)).toBe(1);
    expect(
      exitCode(
        reviewPlans({ environment: FOUR, today: TODAY, stacks: [], missing: GONE.slice(0, 1) }),
      ),
    ).toBe(1);
  });

  test("are in the headline, and first of all on both pages; one cause once", () => {
    const review = incomplete();
    const [headline, first] = renderSummary(review);
    expect(headline).toMatch(/^test: Incomplete: 2 of 4 stacks could not be planned\. /);
    expect(first).toBe(
      `  not planned: ${GONE.map(({ stack }) => stack).join(", ")}: ${GONE[0]!.reason}`,
    );
    const page = renderMarkdown(review);
    expect(page).toMatch(/^.*\n\n\*\*Incomplete: 2 of 4 stacks could not be planned\.\*\*/);
    expect(page.split("\n### ")[1]).toBe(
      `Stacks that could not be planned\n\n- ${GONE.map(({ stack }) => code(stack)).join(", ")}: ${code(GONE[0]!.reason)}\n`,
    );
  });

  test("do not hide what blocks", () => {
    const stops = planJson([
      {
        address: TRAIL,
        actions: ["update"],
        before: { enable_logging: true, name: "t" },
        after: { enable_logging: false, name: "t" },
      },
    ]);
    const stack = stackNames.member(FOUR, { account: "444444444444" });
    const review = incomplete(FOUR, [{ stack, plan: stops }]);
    expect(review.findings).toMatchObject([{ guard: "trail-stops", state: "blocked" }]);
    expect(renderSummary(review)[0]).toContain(
      "could not be planned. Blocked: a guard stands against it.",
    );
  });

  test("acknowledgements may be for them, so none is called unused", () => {
    const acknowledgements = [
      { guard: "trail-stops", subject: "222222222222", reason: "it moves" },
    ] as const;
    const environment = fourAccounts({ acknowledgements });
    expect(incomplete(environment, []).unusedAcknowledgements).toEqual([]);
    expect(
      reviewPlans({ environment, today: TODAY, stacks: [] }).unusedAcknowledgements,
    ).toHaveLength(1);
  });
});

describe("verdict and exit code", () => {
  test("0, 2 and 3", () => {
    expect(
      exitCode(reviewPlans({ today: TODAY, environment: FOUR, stacks: plansBetween(FOUR, FOUR) })),
    ).toBe(0);
    expect(
      exitCode(reviewPlans({ today: TODAY, environment: FOUR, stacks: plansBetween(THREE, FOUR) })),
    ).toBe(2);
    expect(
      exitCode(
        reviewPlans({ today: TODAY, environment: THREE, stacks: plansBetween(FOUR, THREE) }),
      ),
    ).toBe(3);
    expect(exitCode(reviewPlans({ today: TODAY, environment: FOUR, stacks: [] }))).toBe(0);
  });

  test("drift, reads and data sources alone are no change; moves and imports are", () => {
    const verdict = (json: object): string =>
      reviewPlans({ today: TODAY, environment: FOUR, stacks: [{ stack: "x", plan: json }] })
        .verdict;
    const drift = [
      entry({ address: "aws_x.y", actions: ["update"], before: { a: 1 }, after: { a: 2 } }),
    ];
    expect(verdict(planJson([], { resource_drift: drift }))).toBe("clean");
    expect(verdict(planJson([{ address: "data.aws_x.y", mode: "data", actions: ["read"] }]))).toBe(
      "clean",
    );
    expect(
      verdict(planJson([{ address: "aws_x.y", actions: ["no-op"], importing: { id: "i" } }])),
    ).toBe("changes");
    expect(
      verdict(planJson([{ address: "aws_x.y", previous_address: "aws_x.z", actions: ["no-op"] }])),
    ).toBe("changes");
  });

  test("what somebody put on a bucket is reported after the apply that took it into the state, until a stack owns it", () => {
    const { bucket } = FOUR.destination;
    const values = { bucket, lifecycle_rule: [{ id: "hasty" }], logging: [], grant: [{ id: "x" }] };
    const change = {
      address: "aws_s3_bucket.x",
      actions: ["no-op"],
      before: values,
      after: values,
    };
    const drift = (rest: Record<string, unknown>): unknown =>
      reviewPlans({
        today: TODAY,
        environment: FOUR,
        stacks: [{ stack: "x", plan: planJson([change], rest) }],
      }).stacks[0]!.drift;
    const path = "lifecycle_rule[0]";
    expect(drift({})).toMatchObject([{ address: "aws_s3_bucket.x", attributes: [{ path }] }]);
    const owner = { type: "aws_s3_bucket_lifecycle_configuration", mode: "managed" };
    const resources = [{ ...owner, values: { bucket } }];
    expect(drift({ prior_state: { values: { root_module: { resources } } } })).toEqual([]);
    const told = entry({ ...change, actions: ["update"], before: { bucket, lifecycle_rule: [] } });
    expect(drift({ resource_drift: [told] })).toMatchObject([
      { attributes: expect.arrayContaining([expect.objectContaining({ path })]) as unknown },
    ]);
    expect(drift({ resource_drift: [told] })).toHaveLength(1);
  });

  test("a topic's policy and a queue's are drift where no stack holds them", () => {
    const held = (type: string, values: object): object => ({ mode: "managed", type, values });
    const drifted = (resources: readonly object[]): number => {
      const update = { actions: ["update"] };
      const values = (policy: string): object => ({
        arn: "arn:topic",
        url: "https://queue",
        policy,
      });
      const changed = { ...update, before: values("a"), after: values("b") };
      const rest = {
        resource_drift: [
          entry({ address: "aws_sns_topic.x", ...changed }),
          entry({ address: "aws_sqs_queue.x", ...changed }),
        ],
        prior_state: { values: { root_module: { resources } } },
      };
      const stacks = [{ stack: "x", plan: planJson([], rest) }];
      return reviewPlans({ environment: FOUR, today: TODAY, stacks }).totals.drifted;
    };
    const ofTopic = held("aws_sns_topic_policy", { arn: "arn:topic" });
    const ofQueue = held("aws_sqs_queue_policy", { queue_url: "https://queue" });
    expect([[], [ofTopic], [ofTopic, ofQueue]].map(drifted)).toEqual([2, 1, 0]);
  });

  test("plans that cannot be read are named, all at once", () => {
    const stacks = [
      { stack: "one", plan: {} },
      { stack: "two", plan: { format_version: "9.0" } },
      { stack: "two", plan: planJson([]) },
    ];
    expect(() => reviewPlans({ today: TODAY, environment: FOUR, stacks })).toThrow(
      /^one: .*no format_version[\s\S]*two: The plan's format is "9.0"[\s\S]*two: given twice/,
    );
  });
});

describe("coverage", () => {
  const coverage = (now: object, old: object = {}) =>
    reviewPlans({
      today: TODAY,
      environment: FOUR,
      stacks: plansBetween(FOUR, FOUR, {
        old: edited(MEMBER, TRAIL, old),
        now: edited(MEMBER, TRAIL, now),
      }),
    }).coverage.filter(({ account }) => account === "222222222222");
  const ALL = ["management: global services", "management: read", "management: write"];
  const selector = (more: object) => ({
    event_selector: [{ include_management_events: true, ...more }],
  });
  const fields = (...field_selector: object[]) => ({
    advanced_event_selector: [{ field_selector }],
  });
  const DATA = { field: "eventCategory", equals: ["Data"] };
  const OBJECTS = { field: "resources.type", equals: ["AWS::S3::Object"] };

  test("a trail that stops loses all, everywhere", () => {
    expect(coverage({ enable_logging: false })).toMatchObject(
      [
        { region: "all other regions", before: ALL, after: [], lost: ALL, name: "payments" },
        { region: "us-east-1", before: ALL, after: [], lost: ALL },
      ].reverse(),
    );
  });

  test("a trail of one region loses the others", () => {
    expect(coverage({ is_multi_region_trail: false })).toMatchObject([
      { region: "all other regions", lost: ALL },
      { region: "us-east-1", lost: [] },
    ]);
  });

  test.each<[string, object, string[], string[]]>([
    ["read events alone", selector({ read_write_type: "ReadOnly" }), ["management: write"], []],
    ["no management events", selector({ include_management_events: false }), ALL, []],
    [
      "not those of KMS",
      selector({ exclude_management_event_sources: ["kms.amazonaws.com"] }),
      ["management: read", "management: write"],
      [],
    ],
    [
      "data events of all objects",
      selector({ data_resource: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] }),
      [],
      ["data: AWS::S3::Object read", "data: AWS::S3::Object write"],
    ],
    [
      "data events of one bucket, writing alone",
      selector({
        read_write_type: "WriteOnly",
        data_resource: [{ type: "AWS::S3::Object", values: ["arn:aws:s3:::b/"] }],
      }),
      ["management: read"],
      ["data: AWS::S3::Object write (resources arn:aws:s3:::b/)"],
    ],
    [
      "advanced selectors without management events",
      fields(DATA, OBJECTS, { field: "readOnly", equals: ["true"] }),
      ALL,
      ["data: AWS::S3::Object read"],
    ],
    [
      "advanced selectors with a limit",
      fields(DATA, OBJECTS, { field: "resources.ARN", starts_with: ["arn:aws:s3:::b/"] }),
      ALL,
      [
        "data: AWS::S3::Object read (resources.ARN starts_with arn:aws:s3:::b/)",
        "data: AWS::S3::Object write (resources.ARN starts_with arn:aws:s3:::b/)",
      ],
    ],
    [
      "insights",
      { insight_selector: [{ insight_type: "ApiCallRateInsight" }] },
      [],
      ["insight: ApiCallRateInsight"],
    ],
    [
      "without global services",
      { include_global_service_events: false },
      ["management: global services"],
      [],
    ],
  ])("%s", (_name, now, lost, gained) => {
    for (const region of coverage(now)) expect(region).toMatchObject({ lost, gained });
    for (const region of coverage({}, now))
      expect(region).toMatchObject({ lost: gained, gained: lost });
  });

  test("a wider selection loses nothing of a narrower one", () => {
    const narrow = selector({
      data_resource: [{ type: "AWS::S3::Object", values: ["arn:aws:s3:::b/"] }],
    });
    const wide = selector({ data_resource: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] });
    for (const { lost } of coverage(wide, narrow)) expect(lost).toEqual([]);
    for (const { lost } of coverage(narrow, wide)) expect(lost).toHaveLength(2);
  });

  test("what is not known yet is not a promise", () => {
    const plan = planJson([
      {
        address: TRAIL,
        actions: ["update"],
        before: { enable_logging: true },
        after: {},
        after_unknown: { enable_logging: true },
      },
    ]);
    const review = reviewPlans({
      today: TODAY,
      environment: FOUR,
      stacks: [{ stack: MEMBER, plan }],
    });
    expect(review.coverage.map(({ after }) => after)).toEqual([[]]);
    expect(review.findings.map(({ guard }) => guard)).toContain("trail-stops");
  });

  test("accounts that lose stand first", () => {
    const stacks = plansBetween(THREE, FOUR, {
      now: edited(stackNames.member(FOUR, { account: "444444444444" }), TRAIL, {
        enable_logging: false,
      }),
    });
    const review = reviewPlans({ today: TODAY, environment: FOUR, stacks });
    expect([...new Set(review.coverage.map(({ account }) => account))]).toEqual([
      "444444444444",
      "222222222222",
      "111111111111",
      "333333333333",
    ]);
  });
});

test("shuffling stacks, resources, keys or statements never changes a review", () => {
  const changes = [
    [FOUR, THREE],
    [THREE, FOUR],
    [undefined, FOUR],
    [FOUR, FOUR],
  ] as const;
  const reviews = changes.map(([before, after]) => {
    const stacks = plansBetween(before, after);
    return {
      after,
      stacks,
      text: everything(reviewPlans({ today: TODAY, environment: after, stacks })),
    };
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...reviews),
      fc.array(fc.nat(), { minLength: 50, maxLength: 50 }),
      ({ after, stacks, text }, seeds) => {
        const others = shuffledStacks(stacks, anyOrder(seeds));
        expect(everything(reviewPlans({ today: TODAY, environment: after, stacks: others }))).toBe(
          text,
        );
      },
    ),
    { numRuns: 60 },
  );
});

test("a policy that is only written in another order is not a change of meaning", () => {
  const order = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => count - 1 - index);
  const stacks = plansBetween(FOUR, FOUR, {
    now: (all) => {
      const { policy } = all.get(DESTINATION)!["aws_s3_bucket_policy.logs"] as { policy: string };
      const parsed = JSON.parse(policy) as { Statement: unknown[] };
      const other = {
        ...(reordered(parsed, order) as object),
        Statement: [...parsed.Statement].reverse(),
      };
      edited(DESTINATION, "aws_s3_bucket_policy.logs", { policy: JSON.stringify(other) })(all);
    },
  });
  const review = reviewPlans({ today: TODAY, environment: FOUR, stacks });
  expect(review.policies).toEqual([]);
  expect(review.findings).toEqual([]);
  // Terraform would still send it, which is not hidden.
  expect(review.stacks[0]!.resources).toMatchObject([{ action: "update", attributes: [] }]);
});

describe("sensitive values", () => {
  const SECRET = "tr0ub4dor-and-3";
  /** A JSON value with the secret in it, and the marks that say where. */
  const { hidden } = fc.letrec<{ hidden: { value: unknown; marks: unknown } }>((tie) => ({
    hidden: fc.oneof(
      { maxDepth: 3 },
      fc.constant({ value: SECRET, marks: true }),
      fc.constant({ value: { [SECRET]: [SECRET] }, marks: true }),
      fc.jsonValue().map((value) => ({ value, marks: false })),
      fc
        .dictionary(fc.string(), tie("hidden") as fc.Arbitrary<{ value: unknown; marks: unknown }>)
        .map((all) => ({
          value: Object.fromEntries(Object.entries(all).map(([name, one]) => [name, one.value])),
          marks: Object.fromEntries(Object.entries(all).map(([name, one]) => [name, one.marks])),
        })),
      fc.array(tie("hidden") as fc.Arbitrary<{ value: unknown; marks: unknown }>).map((all) => ({
        value: all.map((one) => one.value),
        marks: all.map((one) => one.marks),
      })),
    ),
  }));
  const ATTRIBUTES = [
    "policy",
    "tags",
    "kms_key_id",
    "event_selector",
    "rule",
    "bucket",
    "arn",
    "name",
  ];
  const TYPES = [
    "aws_cloudtrail",
    "aws_s3_bucket",
    "aws_s3_bucket_policy",
    "aws_kms_key",
    "aws_s3_bucket_lifecycle_configuration",
    "terraform_data",
  ];

  test("are reported nowhere, wherever they stand", () => {
    const side = fc.uniqueArray(fc.constantFrom(...ATTRIBUTES), { minLength: 1 }).chain((names) =>
      fc.tuple(...names.map(() => hidden)).map((values) => ({
        value: Object.fromEntries(names.map((name, index) => [name, values[index]!.value])),
        marks: Object.fromEntries(names.map((name, index) => [name, values[index]!.marks])),
      })),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPES),
        fc.constantFrom(["update"], ["create"], ["delete"], ["delete", "create"], ["no-op"]),
        side,
        side,
        (type, actions, before, after) => {
          const made = {
            address: `${type}.x`,
            actions,
            before: before.value,
            after: after.value,
            before_sensitive: before.marks,
            after_sensitive: after.marks,
          };
          // Another resource that has it without a mark, as providers copy values.
          const copy = {
            address: "aws_x.copy",
            actions: ["update"],
            before: {},
            after: { a: SECRET },
          };
          const marked = JSON.stringify([before, after]).includes(SECRET);
          const changes = marked ? [made, copy] : [made];
          const plan = planJson(changes, { resource_drift: [entry(made)] });
          const review = reviewPlans({
            today: TODAY,
            environment: FOUR,
            stacks: [{ stack: DESTINATION, plan }],
          });
          expect(everything(review)).not.toContain(SECRET);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("the same value without its mark is reported, so the test above can fail", () => {
    const made = { address: "aws_x.y", actions: ["update"], before: {}, after: { tags: SECRET } };
    const plan = planJson([made]);
    const review = reviewPlans({
      today: TODAY,
      environment: FOUR,
      stacks: [{ stack: DESTINATION, plan }],
    });
    expect(everything(review)).toContain(SECRET);
  });
});

describe("Markdown", () => {
  const many = manyAccounts(320);
  const grown = reviewPlans({
    today: TODAY,
    environment: many,
    stacks: plansBetween(undefined, many),
  });

  test("many members that are alike are reported once", () => {
    const text = renderMarkdown(grown);
    expect(text.length).toBeLessThan(12_000);
    expect(text).toContain("the same in 319 more");
    expect(text).toContain("and 316 more` in".replace("`", ""));
    expect(text).not.toContain("Cut to fit");
  });

  test("stays within its limit when no two members are alike, and counts what it leaves out", () => {
    const stacks = plansBetween(many, many, {
      now: (all) => {
        for (const [index, { account }] of many.members.entries()) {
          edited(stackNames.member(many, { account }), TRAIL, {
            enable_logging: index % 3 !== 0,
            s3_key_prefix: `${index}${"x".repeat(200)}`,
            event_selector: [{ exclude_management_event_sources: [`${"y".repeat(300)}${index}`] }],
            tags: { [`tag-${index}`]: "z".repeat(400) },
          })(all);
        }
      },
    });
    const review = reviewPlans({ today: TODAY, environment: many, stacks });
    for (const maxCharacters of [2_000, 5_000, 65_000]) {
      const text = renderMarkdown(review, { maxCharacters, whole: "review.json" });
      expect(text.length).toBeLessThanOrEqual(maxCharacters);
      expect(text).toContain("**Blocked: a guard stands against it.**");
      expect(text).toMatch(
        /Cut to fit:\*\* left out are .*\d+ of Resources and outputs that change/,
      );
      expect(text).toContain("The whole review is in review.json.");
      expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    }
    const text = renderMarkdown(review);
    // Most important first, and none takes all the room.
    expect(text).toContain("### Accounts that lose logging");
    expect(text).toContain("Resources and outputs that change (");
    expect(text.indexOf("### Blocked")).toBeLessThan(
      text.indexOf("### Accounts that lose logging"),
    );
    expect(() => renderMarkdown(review, { maxCharacters: 1_000 })).toThrow("at least 2,000");
  });

  /** What is left of Markdown without its code spans, by GitHub's rule for them. */
  function outsideCode(line: string): string {
    let rest = line;
    let outside = "";
    for (;;) {
      const open = /`+/.exec(rest);
      if (!open) return outside + rest;
      const fence = open[0];
      const after = rest.slice(open.index + fence.length);
      const close = new RegExp(`(?<!\`)${fence}(?!\`)`).exec(after);
      outside += rest.slice(0, open.index);
      if (!close) return `${outside}UNCLOSED${fence}${after}`;
      outside += "CODE";
      rest = after.slice(close.index + fence.length);
    }
  }

  const HOSTILE = fc.oneof(
    fc.string({
      unit: fc.constantFrom(
        "`",
        "``",
        "|",
        "\n",
        "<",
        ">",
        "</details>",
        "@evil",
        "[x](y)",
        "\\",
        "*",
        " ",
        "a",
        "\u202e",
        "\u0007",
      ),
    }),
    fc.constantFrom(
      "`",
      "``",
      "`` ` ``",
      "</details><script>",
      "a`b``c```d",
      "\n## Blocked\n",
      "\r\n- **ok**",
      "| a | b |",
      "@octocat",
      "https://evil.example",
      "<!--",
      "]]>",
      "&lt;",
      "\u2028x",
    ),
  );

  test("a code span holds any text", () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const span = code(text);
        expect(span).toBe(span.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ""));
        expect(["CODE", "(empty)"]).toContain(outsideCode(span));
      }),
    );
  });

  test("text of the plans never leaves its code span", () => {
    fc.assert(
      fc.property(HOSTILE, HOSTILE, (hostile, other) => {
        const marked = `MARK${hostile}MARK`;
        const plan = planJson([
          {
            address: `aws_cloudtrail.${marked}`,
            actions: ["update"],
            previous_address: `x${marked}`,
            action_reason: marked,
            before: {
              arn: marked,
              kms_key_id: marked,
              enable_logging: true,
              s3_key_prefix: marked,
            },
            after: { kms_key_id: null, enable_logging: other, s3_key_prefix: `${other}MARK` },
            importing: { id: marked },
          },
          {
            address: `aws_s3_bucket_policy.${marked}`,
            actions: ["create"],
            after: {
              bucket: marked,
              policy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                  {
                    Sid: marked,
                    Effect: "Allow",
                    Principal: { AWS: "999999999999" },
                    Action: "s3:GetObject",
                    Resource: "*",
                    Condition: { StringEquals: { [`aws:x${marked}`]: marked } },
                  },
                ],
              }),
            },
          },
        ]);
        const environment = {
          ...FOUR,
          acknowledgements: [
            { guard: "trail-stops" as const, subject: "222222222222", reason: marked },
          ],
        };
        const review = reviewPlans({
          today: TODAY,
          environment,
          stacks: [{ stack: MEMBER, plan }],
        });
        const text = renderMarkdown(review);
        for (const line of text.split("\n"))
          expect(outsideCode(line)).not.toMatch(/MARK|UNCLOSED|@/);
        for (const line of renderSummary(review)) expect(line).toBe(line.replace(/\p{C}/gu, ""));
      }),
    );
  });
});

describe("acknowledgements to look at", () => {
  const plan = planJson([]);
  const reason = "decided in ticket 4711";
  const reviewOf = (acknowledgements: Environment["acknowledgements"], today = TODAY) =>
    reviewPlans({
      environment: { ...FOUR, acknowledgements },
      today,
      stacks: [{ stack: MEMBER, plan }],
    });
  const at = (until: string | undefined, subject = "222222222222") => ({
    guard: "trail-stops" as const,
    subject,
    reason,
    ...(until === undefined ? {} : { until }),
  });
  const doubts = (until: string | undefined, today?: string) =>
    reviewOf([at(until)], today).doubtfulAcknowledgements.map(({ doubt }) => doubt);

  test.each([
    ["2026-06-14", TODAY, ["expired"]],
    ["2026-06-15", TODAY, []],
    ["2027-06-15", TODAY, []],
    ["2027-06-16", TODAY, ["distant-end"]],
    ["9999-12-31", TODAY, ["distant-end"]],
    [undefined, TODAY, ["no-end"]],
    ["2029-02-28", "2028-02-29", []],
    ["2029-03-01", "2028-02-29", ["distant-end"]],
    ["2025-12-31", "2026-01-01", ["expired"]],
  ])("until %s, on %s", (until, today, expected) => {
    expect(doubts(until, today)).toEqual(expected);
  });

  test("stand right below the verdict, for people and for the terminal, expired ones first", () => {
    const review = reviewOf([at(undefined, "c"), at("2026-07-01", "b"), at("2026-06-01", "a")]);
    const WORDS = [
      "expired after 2026-06-01 and does not count any more; remove it, or decide anew and write a later until",
      "nothing was found for it; remove it",
      "nothing was found for it; remove it",
      "counts for ever; add the line until: 2027-06-15, or an earlier day, the last on which it counts",
    ];
    const entries = ["a", "b", "c", "c"];
    expect(renderSummary(review).slice(1, 5)).toEqual(
      entries.map((name, index) => `  acknowledgement: trail-stops for ${name}: ${WORDS[index]}`),
    );
    expect(renderMarkdown(review).split("\n").slice(3, 11)).toEqual([
      "",
      "### Acknowledgements to look at",
      "",
      ...entries.map((name, index) => `- \`trail-stops\` for \`${name}\`: ${WORDS[index]}`),
      "",
    ]);
  });

  test("however many there are, they push nothing else out", () => {
    const many = Array.from({ length: 500 }, (_, index) => at("2020-01-01", `gone-${index}`));
    const review = reviewOf(many);
    expect(review.doubtfulAcknowledgements).toHaveLength(500);
    for (const lines of [renderSummary(review), renderMarkdown(review).split("\n")]) {
      expect(lines.filter((line) => line.includes("gone-"))).toHaveLength(10);
      expect(lines.filter((line) => line.includes("and 490 more"))).toHaveLength(1);
    }
  });
});

test("one line of a text: no control characters, and not too long", () => {
  expect(oneLine("a\n b\u001b[31m\u202e")).toBe("a b\\u001b[31m\\u202e");
  expect(oneLine("x".repeat(400))).toHaveLength(301);
});
