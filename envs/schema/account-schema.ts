import { z } from "zod";
import { trail } from "./trail-schema";
import { accountId, accountName, accountRole, externalId, region } from "./values";
import { flag } from "./wording";

/** What destination and members have in common. */
export const account = {
  account: accountId,
  name: accountName.optional(),
  region: region.describe("Home region of the account's trail"),
  role: accountRole.optional().describe("Role in this account, where it is not deployer.role"),
  planRole: accountRole
    .optional()
    .describe("Role in this account that only reads, where it is not deployer.planRole"),
  externalId: externalId.optional().describe("External ID, where it is not deployer.externalId"),
  trail: trail.optional().describe("Trail settings of this account, over those of the file"),
};

/** A member account. */
export const member = z.strictObject({
  ...account,
  retiring: flag
    .default(false)
    .describe("On its way out: deletes the trail, keeps stack and policies. Remove the entry next"),
});
