import type { EnvironmentInput } from "../../envs/schema/schema";

type OwnStatements = NonNullable<EnvironmentInput["destination"]["statements"]>;
type OwnStatement = NonNullable<OwnStatements["bucket"]>[number];

/**
 * The settings of an object, all of them: a new one that a file of these lacks does not compile.
 */
type Every<T> = T extends readonly (infer E)[]
  ? readonly Every<E>[]
  : // A statement has Action or NotAction, never both.
    T extends OwnStatement
    ? T
    : T extends object
      ? { readonly [K in keyof T]-?: Every<NonNullable<T[K]>> }
      : T;

type Trail = NonNullable<EnvironmentInput["trail"]>;
type Events = NonNullable<Trail["events"]>;

const presetEvents: Omit<Every<Events>, "basicSelectors" | "advancedSelectors"> = {
  preset: "s3-write",
  managementEvents: "write",
  s3Buckets: [{ name: "web-uploads", events: "all", owner: "222222222222" }],
  otherManagementTrail: false,
};

const basicSelectors: Every<NonNullable<Events["basicSelectors"]>> = [
  {
    ReadWriteType: "All",
    IncludeManagementEvents: true,
    DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::uploads/"] }],
    ExcludeManagementEventSources: ["kms.amazonaws.com"],
  },
];

const OPERATORS = {
  Equals: ["arn:aws:s3:::one/a"],
  StartsWith: ["arn:aws:s3:::one/"],
  EndsWith: ["/a"],
  NotEquals: ["arn:aws:s3:::one/b"],
  NotStartsWith: ["arn:aws:s3:::every-logs/", "arn:aws:s3:::every-access-logs/"],
  NotEndsWith: ["/b"],
};

const advancedSelectors: readonly NonNullable<Events["advancedSelectors"]>[number][] = [
  {
    Name: "Objects",
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["Data"] },
      { Field: "resources.type", Equals: ["AWS::S3::Object"] },
      { Field: "resources.ARN", ...OPERATORS } satisfies Every<
        NonNullable<Events["advancedSelectors"]>[number]["FieldSelectors"][number]
      >,
    ],
  },
];

const account = {
  name: "an account",
  region: "eu-central-1",
  role: "deployer",
  planRole: "planner",
  externalId: "external-5b1e",
};

const everything: Every<
  Omit<EnvironmentInput, "trail" | "destination" | "members" | "endpoint"> & {
    destination: Omit<EnvironmentInput["destination"], "trail" | "encryption">;
    members: Omit<NonNullable<EnvironmentInput["members"]>[number], "trail">[];
  }
> = {
  throwaway: false,
  destination: {
    ...account,
    account: "111111111111",
    bucket: "every-logs",
    prefix: "org",
    retention: { transitionToGlacierDays: 90, expireDays: 2557, noncurrentExpireDays: 90 },
    accessLogBucket: "every-access-logs",
    bucketPolicyShape: "source-org-id",
    keyPolicyShape: "account-list",
    topicPolicyShape: "account-list",
    organizationId: "o-a1b2c3d4e5",
    servicePrincipal: "cloudtrail.amazonaws.com",
    readers: [
      {
        name: "security-team",
        principals: ["arn:aws:iam::999999999999:role/security-audit"],
        accounts: ["222222222222"],
      },
    ],
    hardening: {
      denyOtherEncryption: true,
      denyLogDeletion: true,
      denyPolicyChange: true,
      readersOnly: true,
      breakGlassRole: "break-glass",
    },
    objectLock: { mode: "GOVERNANCE", days: 30 },
    notifications: { topicName: "every-log-files", queueName: "every-log-files" },
    statements: {
      bucket: [
        {
          Sid: "DenyOtherNetworks",
          Effect: "Deny",
          NotPrincipal: { AWS: "arn:aws:iam::111111111111:role/every" },
          NotAction: "s3:PutObject",
          NotResource: "arn:aws:s3:::every-other",
          Condition: { Bool: { "aws:ViaAWSService": "false" } },
        },
      ],
      key: [
        {
          Sid: "AllowEvery",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111111111111:role/every" },
          Action: "kms:DescribeKey",
          Resource: "*",
        },
      ],
      topic: [
        {
          Sid: "AllowEvery",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111111111111:role/every" },
          Action: "sns:Subscribe",
          Resource: "arn:aws:sns:eu-central-1:111111111111:every-log-files",
        },
      ],
    },
    query: {
      resultsBucket: "every-query-results",
      resultsExpireDays: 30,
      resultsKmsKeyArn:
        "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      firstDay: "2026-01-01",
      accountProjection: "enum",
      regions: ["eu-central-1"],
      bytesScannedCutoffPerQuery: 107374182400,
      database: "every",
      workgroup: "every",
    },
    policyWaitSeconds: 0,
  },
  members: [{ ...account, account: "222222222222", retiring: false }],
  deployer: {
    role: "deployer",
    planRole: "planner",
    externalId: "external-7f3a",
    sessionName: "session",
  },
  state: {
    backend: "s3",
    bucket: "every-state",
    region: "eu-central-1",
    keyPrefix: "state",
    roleArn: "arn:aws:iam::111111111111:role/state",
    planRoleArn: "arn:aws:iam::111111111111:role/state-reader",
    externalId: "state-7f3a",
    kmsKeyArn: "arn:aws:kms:eu-central-1:111111111111:key/abcd1234-12ab-34cd-56ef-1234567890ab",
  },
  tags: { team: "security" },
  optInRegions: ["eu-south-1"],
  awsProviderVersion: "~> 5.100",
  acknowledgements: [
    {
      guard: "trail-destroyed",
      subject: "222222222222",
      reason: "The account is closed",
      until: "2026-12-31",
    },
  ],
};

/**
 * Environment files that together give every setting that there is: what no file has together
 * stands in one each.
 */
export const EVERY_SETTING: readonly EnvironmentInput[] = [
  {
    ...everything,
    destination: {
      ...everything.destination,
      encryption: { type: "sse-kms", alias: "every", deletionWindowDays: 30, bucketKey: true },
      trail: { events: { advancedSelectors: [...advancedSelectors] } },
    },
    members: everything.members.map((member) => ({
      ...member,
      trail: { events: { basicSelectors: [...basicSelectors] } },
    })),
    trail: {
      name: "every-trail",
      multiRegion: true,
      includeGlobalServiceEvents: true,
      logFileValidation: true,
      events: presetEvents,
    },
  } as EnvironmentInput,
  {
    destination: {
      account: "111111111111",
      region: "eu-central-1",
      bucket: "every-logs",
      accessLogBucket: "every-access-logs",
      encryption: {
        type: "sse-kms-existing",
        keyArn: "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        bucketKey: true,
      },
      trail: { name: "every-own", events: presetEvents },
    },
    members: [
      {
        account: "222222222222",
        region: "eu-central-1",
        trail: { name: "every-member", events: { advancedSelectors: [...advancedSelectors] } },
      },
      { account: "333333333333", region: "eu-central-1" },
    ],
    trail: { events: { basicSelectors: [...basicSelectors] } },
    deployer: { role: "deployer" },
    endpoint: "http://127.0.0.1:4566",
  } as EnvironmentInput,
  {
    destination: {
      account: "111111111111",
      region: "eu-central-1",
      bucket: "every-logs",
      encryption: { type: "sse-s3" },
      trail: { events: { basicSelectors: [...basicSelectors] } },
    },
    members: [
      {
        account: "222222222222",
        region: "eu-central-1",
        trail: { events: presetEvents, insights: ["ApiCallRateInsight"] },
      },
      { account: "333333333333", region: "eu-central-1" },
    ],
    trail: { events: { advancedSelectors: [...advancedSelectors] } },
    deployer: { role: "deployer" },
  } as EnvironmentInput,
];
