import { type EnvironmentFile, fourAccountsFile } from "../../support/deployment";
import type { RequiredPermissions } from "./required-permissions";

export const DESTINATION = "111111111111";
export const LEAVING = "222222222222";
export const STAYING = "333333333333";
export const NEW = "444444444444";
export const ACCESS_LOG_BUCKET = "central-trail-test-access-logs";
export const STATE_BUCKET = "central-trail-test-state";

/** The steps of the story, in their order. */
export const STEPS = [
  "deploy",
  "plan",
  "drift",
  "verify",
  "events",
  "recover",
  "change",
  "remove",
  "destroy",
] as const;
export type Step = (typeof STEPS)[number];

/** What each step's calls need. */
export type RecordedLife = Record<Step, RequiredPermissions>;

/** The steps in which the roles for plans do everything. */
export const READING = ["plan", "drift", "verify", "events"] as const;

/** An environment with everything that a deployer's role looks after, and roles for plans. */
export function storyFile(): EnvironmentFile {
  const file = fourAccountsFile();
  return {
    ...file,
    deployer: { ...file.deployer, planRole: "central-trail-planner" },
    destination: {
      ...file.destination,
      retention: { expireDays: 365 },
      accessLogBucket: ACCESS_LOG_BUCKET,
    },
    state: {
      backend: "s3",
      bucket: STATE_BUCKET,
      region: file.destination.region,
      roleArn: `arn:aws:iam::${DESTINATION}:role/central-trail-state`,
      planRoleArn: `arn:aws:iam::${DESTINATION}:role/central-trail-state-reader`,
      externalId: file.deployer.externalId,
    },
    trail: { events: { preset: "s3-write" }, insights: ["ApiCallRateInsight"] },
    tags: { team: "security", stage: "test" },
  };
}
