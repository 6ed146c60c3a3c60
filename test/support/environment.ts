import type { Account, Environment } from "../../envs/types";

const account = (id: string, name: string): Account => ({
  account: id,
  name,
  region: "us-east-1",
  roleArn: `arn:aws:iam::${id}:role/central-trail-deployer`,
  externalId: "central-trail-test",
  trail: {
    name: "central-trail",
    multiRegion: true,
    includeGlobalServiceEvents: true,
    logFileValidation: true,
  },
});

/** The four accounts of AWS's own example, as the stacks get them; tests change what they need. */
export function fourAccounts(overrides: Partial<Environment> = {}): Environment {
  return {
    name: "test",
    partition: "aws",
    throwaway: true,
    destination: {
      ...account("111111111111", "log-archive"),
      bucket: "central-trail-test-logs",
      encryption: {
        type: "sse-kms",
        alias: "central-trail-test",
        deletionWindowDays: 7,
        bucketKey: false,
      },
      policyWaitSeconds: 0,
    },
    members: [
      { ...account("222222222222", "payments"), retiring: false },
      { ...account("333333333333", "web"), retiring: false },
      { ...account("444444444444", "analytics"), retiring: false },
    ],
    deployer: {
      role: "central-trail-deployer",
      externalId: "central-trail-test",
      sessionName: "central-trail",
    },
    state: { backend: "local" },
    tags: { project: "central-trail" },
    ...overrides,
  };
}
