/**
 * Whether an environment's trails log, deliver and have their files as delivered: `verify` of the
 * command, in one's own program. Asks AWS alone, with the roles that the environment names.
 *
 * @packageDocumentation
 */
export type { AwsAccess, ReadAs } from "../aws/account-access";
export type { AccessKey, CredentialProvider, Credentials } from "../aws/clients";
export type { DeliveredFile } from "./newest-findings";
export type { NotNamed } from "./not-named";
export type {
  CoveredPeriod,
  NotLookedAt,
  RegionReport,
  TrailVerification,
  VerifyReport,
} from "./report";
export { EXIT_CODES, type Verdict, VERDICTS, type VerifyFinding } from "./verdict";
export { UnknownAccountsError, verifyEnvironment } from "./verify-environment";
export type { VerifyOptions } from "./verify-options";
