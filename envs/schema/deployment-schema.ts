import { z } from "zod";
import { roleSessionNameProblem } from "../../cloudtrail/names";
import { bucketName, externalId, keyArn, keyPrefix, region, roleArn, roleName } from "./values";
import { text } from "./wording";

/** How Terraform gets into the accounts. */
export const deployer = z.strictObject({
  role: roleName.describe("Role to assume in each account, by name (with its path)"),
  planRole: roleName
    .optional()
    .describe(
      "Role in each account that only reads: for plan, drift, verify and events. Default: role",
    ),
  externalId: externalId.optional(),
  sessionName: text({
    noun: "a session name",
    example: "central-trail",
    problem: roleSessionNameProblem,
    description: "What CloudTrail shows as the session of a deploy or a plan",
  }).default("central-trail"),
});

/** Where Terraform keeps its state. */
export const state = z.discriminatedUnion("backend", [
  z.strictObject({ backend: z.literal("local").describe("State files in the working folder") }),
  z.strictObject({
    backend: z.literal("s3").describe("State in S3, locked by S3's own lock file"),
    bucket: bucketName.describe("The state bucket, which must exist"),
    region: region.describe("Region of the state bucket"),
    keyPrefix: keyPrefix
      .default("central-trail")
      .describe("State keys are <keyPrefix>/<stack>.tfstate"),
    roleArn: roleArn.optional().describe("Role to assume for the state"),
    planRoleArn: roleArn
      .optional()
      .describe("Role that reads the state and writes its lock alone, with deployer.planRole"),
    externalId: externalId.optional(),
    kmsKeyArn: keyArn.optional().describe("Key for the state, in the state bucket's region"),
  }),
]);
