import { trailArn } from "../../cloudtrail/trails/trail-identity";
import { checkEnvironment } from "../../envs/check";
import { trailIdentities } from "../../envs/trails";
import { environmentFile } from "../../envs/schema/schema";
import type { Environment } from "../../envs/types";
import {
  BUCKET_POLICY_SHAPES,
  KEY_POLICY_SHAPES,
  TOPIC_POLICY_SHAPES,
} from "../../policies/shapes/shapes";
import { BASE } from "./base-file";

function resolved(text: string): Environment {
  const { environment, problems } = checkEnvironment("staging", "envs/staging.yaml", text);
  expect(problems).toBeUndefined();
  return environment as Environment;
}

const TRAIL = {
  name: "central-trail",
  multiRegion: true,
  includeGlobalServiceEvents: true,
  logFileValidation: true,
};

test("every default is filled in", () => {
  expect(resolved(BASE)).toEqual({
    name: "staging",
    partition: "aws",
    throwaway: false,
    destination: {
      account: "111111111111",
      name: "111111111111",
      region: "us-east-1",
      roleArn: "arn:aws:iam::111111111111:role/deployer",
      trail: TRAIL,
      bucket: "base-logs",
      encryption: {
        type: "sse-kms",
        alias: "central-trail-staging",
        deletionWindowDays: 30,
        bucketKey: false,
      },
      policyWaitSeconds: 30,
    },
    members: [
      {
        account: "222222222222",
        name: "222222222222",
        region: "us-east-1",
        roleArn: "arn:aws:iam::222222222222:role/deployer",
        trail: TRAIL,
        retiring: false,
      },
      {
        account: "333333333333",
        name: "333333333333",
        region: "eu-west-1",
        roleArn: "arn:aws:iam::333333333333:role/deployer",
        trail: TRAIL,
        retiring: false,
      },
    ],
    deployer: { role: "deployer", sessionName: "central-trail" },
    state: { backend: "local" },
    tags: {},
  });
});

const FULL = `throwaway: true
destination:
  account: "111111111111"
  name: log-archive
  region: us-gov-west-1
  role: arn:aws-us-gov:iam::111111111111:role/its/own
  bucket: staging-logs
  prefix: org/trails
  encryption:
    type: sse-kms
    alias: its-own
    deletionWindowDays: 9
    bucketKey: true
  retention: { transitionToGlacierDays: 90, expireDays: 365, noncurrentExpireDays: 7 }
  accessLogBucket: staging-access-logs
  bucketPolicyShape: source-org-id
  keyPolicyShape: account-list
  topicPolicyShape: account-list
  organizationId: o-a1b2c3d4e5
  servicePrincipal: cloudtrail.amazonaws.com
  readers:
    - { name: all, principals: ["arn:aws-us-gov:iam::999999999999:role/a"], accounts: [all] }
    - { name: one, principals: ["arn:aws-us-gov:iam::999999999999:user/b"], accounts: ["222222222222"] }
  hardening: { readersOnly: true, breakGlassRole: break/glass }
  objectLock: { mode: GOVERNANCE, days: 30 }
  notifications: { topicName: topic, queueName: queue }
  query: { resultsBucket: staging-results, firstDay: 2026-01-31, regions: [us-gov-west-1, us-gov-east-1] }
  policyWaitSeconds: 0
  trail: { name: destination-trail }
members:
  - account: "222222222222"
    region: us-gov-east-1
    role: path/to/role
    planRole: arn:aws-us-gov:iam::222222222222:role/its/planner
    externalId: its-own
    trail: { logFileValidation: false }
    retiring: true
trail: { name: everybodys, multiRegion: false, includeGlobalServiceEvents: false }
deployer: { role: deployers/central, planRole: planners/central, externalId: everybodys-id, sessionName: ci }
state:
  backend: s3
  bucket: states
  region: us-gov-west-1
  roleArn: arn:aws-us-gov:iam::111111111111:role/state
  planRoleArn: arn:aws-us-gov:iam::111111111111:role/state-reader
  externalId: state-id
  kmsKeyArn: arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/1
tags: { team: security }
awsProviderVersion: ">= 5.90, < 6.0"
endpoint: http://127.0.0.1:4566
`;

test("every value arrives; an account's own settings win over the file's, one by one", () => {
  expect(resolved(FULL)).toEqual({
    name: "staging",
    partition: "aws-us-gov",
    throwaway: true,
    destination: {
      account: "111111111111",
      name: "log-archive",
      region: "us-gov-west-1",
      roleArn: "arn:aws-us-gov:iam::111111111111:role/its/own",
      planRoleArn: "arn:aws-us-gov:iam::111111111111:role/planners/central",
      externalId: "everybodys-id",
      trail: {
        name: "destination-trail",
        multiRegion: false,
        includeGlobalServiceEvents: false,
        logFileValidation: true,
      },
      bucket: "staging-logs",
      prefix: "org/trails",
      encryption: {
        type: "sse-kms",
        alias: "its-own",
        deletionWindowDays: 9,
        bucketKey: true,
      },
      retention: { transitionToGlacierDays: 90, expireDays: 365, noncurrentExpireDays: 7 },
      accessLogBucket: "staging-access-logs",
      bucketPolicyShape: "source-org-id",
      keyPolicyShape: "account-list",
      topicPolicyShape: "account-list",
      organizationId: "o-a1b2c3d4e5",
      servicePrincipal: "cloudtrail.amazonaws.com",
      readers: [
        { name: "all", principals: ["arn:aws-us-gov:iam::999999999999:role/a"], accounts: "all" },
        {
          name: "one",
          principals: ["arn:aws-us-gov:iam::999999999999:user/b"],
          accounts: ["222222222222"],
        },
      ],
      hardening: {
        denyOtherEncryption: false,
        denyLogDeletion: false,
        denyPolicyChange: false,
        readersOnly: true,
        breakGlassRoleArn: "arn:aws-us-gov:iam::111111111111:role/break/glass",
      },
      objectLock: { mode: "GOVERNANCE", days: 30 },
      notifications: { topicName: "topic", queueName: "queue" },
      query: {
        database: "central_trail_staging",
        workgroup: "central-trail-staging",
        resultsBucket: "staging-results",
        resultsExpireDays: 30,
        firstDay: "2026-01-31",
        regions: ["us-gov-west-1", "us-gov-east-1"],
        bytesScannedCutoffPerQuery: 107_374_182_400,
      },
      policyWaitSeconds: 0,
    },
    members: [
      {
        account: "222222222222",
        name: "222222222222",
        region: "us-gov-east-1",
        roleArn: "arn:aws-us-gov:iam::222222222222:role/path/to/role",
        planRoleArn: "arn:aws-us-gov:iam::222222222222:role/its/planner",
        externalId: "its-own",
        trail: {
          name: "everybodys",
          multiRegion: false,
          includeGlobalServiceEvents: false,
          logFileValidation: false,
        },
        retiring: true,
      },
    ],
    deployer: {
      role: "deployers/central",
      planRole: "planners/central",
      externalId: "everybodys-id",
      sessionName: "ci",
    },
    state: {
      backend: "s3",
      bucket: "states",
      region: "us-gov-west-1",
      keyPrefix: "central-trail",
      roleArn: "arn:aws-us-gov:iam::111111111111:role/state",
      planRoleArn: "arn:aws-us-gov:iam::111111111111:role/state-reader",
      externalId: "state-id",
      kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/1",
    },
    tags: { team: "security" },
    awsProviderVersion: ">= 5.90, < 6.0",
    endpoint: "http://127.0.0.1:4566",
  });
});

test("the trails of an environment: the destination's first, and those that retire are among them", () => {
  expect(trailIdentities(resolved(FULL)).map(trailArn)).toEqual([
    "arn:aws-us-gov:cloudtrail:us-gov-west-1:111111111111:trail/destination-trail",
    "arn:aws-us-gov:cloudtrail:us-gov-east-1:222222222222:trail/everybodys",
  ]);
});

test("an existing key arrives", () => {
  const keyArn = "arn:aws:kms:us-east-1:999999999999:key/mrk-1234";
  const { destination } = resolved(
    BASE.replace(
      "bucket: base-logs",
      `bucket: base-logs\n  encryption: { type: sse-kms-existing, keyArn: "${keyArn}", bucketKey: true }`,
    ),
  );
  expect(destination.encryption).toEqual({ type: "sse-kms-existing", keyArn, bucketKey: true });
});

test("the words for shapes are those that policies know", () => {
  const { destination } = environmentFile.shape;
  const words = (key: `${"bucket" | "key" | "topic"}PolicyShape`): readonly string[] =>
    destination.shape[key].unwrap().options;
  expect(words("bucketPolicyShape")).toEqual([...BUCKET_POLICY_SHAPES]);
  expect(words("keyPolicyShape")).toEqual([...KEY_POLICY_SHAPES]);
  expect(words("topicPolicyShape")).toEqual([...TOPIC_POLICY_SHAPES]);
});
