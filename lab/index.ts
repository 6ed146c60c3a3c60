/**
 * The local AWS: moto behind a gateway that asks the policies, with CloudTrail's own API and
 * deliveries. All that the command, the demo and the tests of other rooms use of it.
 */
export type { AssumableRole } from "./access/assumable-roles";
export {
  type DeliveredLogFile,
  type DigestRequest,
  type PreviousDigest,
  writeDigest,
  type WrittenDigest,
} from "./cloudtrail/digests";
export { SigningKeys } from "./cloudtrail/signing-keys";
export type { RecordedCall } from "./gateway/calls";
export { EVENTS_PATH, TIME_PATH } from "./gateway/lab-requests";
export { type LocalAws, type LocalAwsOptions, startLocalAws } from "./local-aws";
export { s3Actions } from "./s3/s3-actions";
