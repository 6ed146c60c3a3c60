import { z } from "zod";
import { LIMITS } from "../../cloudtrail/limits";
import { catalogNameProblem, workgroupNameProblem } from "../../cloudtrail/names";
import {
  ACCOUNT_PROJECTIONS,
  ENUM_ACCOUNTS,
  QUERY_DEFAULTS,
} from "../../cloudtrail/table/log-table";
import { bucketName, day, days, keyArn, region } from "./values";
import { oneOf, text, wholeNumber } from "./wording";

/** A table over the logs and a workgroup to query it. */
export const query = z.strictObject({
  resultsBucket: bucketName.describe("Another bucket, which is made, for the results of queries"),
  resultsExpireDays: days
    .default(QUERY_DEFAULTS.resultsExpireDays)
    .describe("Days until a result expires"),
  resultsKmsKeyArn: keyArn
    .optional()
    .describe("Key for the results, in the bucket's region; not the log key. Default: SSE-S3"),
  firstDay: day("The first day with logs, such as 2026-01-31; earlier ones are not queried"),
  accountProjection: oneOf(ACCOUNT_PROJECTIONS)
    .optional()
    .describe(
      `enum: the table lists the accounts. injected: each query names its own. Default: enum up to ${ENUM_ACCOUNTS} accounts`,
    ),
  regions: z
    .array(region)
    .min(1)
    .optional()
    .describe("Regions whose logs are queried. Default: all known ones of the partition"),
  bytesScannedCutoffPerQuery: wholeNumber(
    LIMITS.athenaScanBytes,
    Number.MAX_SAFE_INTEGER,
    QUERY_DEFAULTS.bytesScannedCutoffPerQuery,
  )
    .default(QUERY_DEFAULTS.bytesScannedCutoffPerQuery)
    .describe("Bytes that one query may scan, which is what Athena bills; default 100 GiB"),
  database: text({
    noun: "a database's name",
    example: "central_trail_production",
    problem: catalogNameProblem,
    repair: (value) => value.toLowerCase().replace(/[^a-z0-9_]+/g, "_"),
    description: "Name of the database. Default: central_trail_<name of the environment>",
  }).optional(),
  workgroup: text({
    noun: "a workgroup's name",
    example: "central-trail-production",
    problem: workgroupNameProblem,
    repair: (value) => value.replace(/[^A-Za-z0-9._-]+/g, "-"),
    description: "Name of Athena's workgroup. Default: central-trail-<name of the environment>",
  }).optional(),
});
