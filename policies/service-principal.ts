/**
 * Who writes the log files. AWS shows this name for the partitions `aws` and `aws-us-gov`; its text
 * for `aws-cn` was not found, so for China it is unproven.
 *
 * @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-ct.html
 */
export const CLOUDTRAIL_SERVICE_PRINCIPAL = "cloudtrail.amazonaws.com";
