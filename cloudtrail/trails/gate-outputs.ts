/**
 * The names under which a destination's stack gives out what members need. Other repos read them
 * from remote state, so they are public: a change is a new major version.
 */
export const GATE_OUTPUTS = {
  /** The bucket's name. */
  bucketName: "s3_bucket_name",
  /** The part of every log file's key before `AWSLogs/`; absent where there is none. */
  s3KeyPrefix: "s3_key_prefix",
  /** The key's ARN; absent with SSE-S3. */
  kmsKeyArn: "kms_key_arn",
  /** The notification topic's ARN; absent where there is none. */
  snsTopicArn: "sns_topic_arn",
  /** The ARN of each trail that the policies now allow → the folder of its account's files. */
  trails: "trails",
} as const;
