/**
 * Where CloudTrail puts its files in a bucket.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
 */

/** `prefix/AWSLogs/111111111111/`: all that CloudTrail writes for one account lies below. */
export function accountFolder(accountId: string, prefix?: string): string {
  return `${prefix === undefined ? "" : `${prefix}/`}AWSLogs/${accountId}/`;
}
