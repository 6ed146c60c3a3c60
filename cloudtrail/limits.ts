/**
 * Limits that AWS does not raise.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
export const LIMITS = {
  /** Trails that an account may have in one region, the copies of multi-region trails included. */
  trailsPerRegion: 5,
  /** Tags on one trail. */
  tagsPerTrail: 50,
  /** Characters of a trail's S3 key prefix. */
  s3KeyPrefixLength: 200,
  /** Basic event selectors of a trail. */
  eventSelectors: 5,
  /** Data resources over all basic event selectors of a trail. */
  dataResources: 250,
  /** Values over all conditions of all advanced event selectors of a trail. */
  advancedSelectorValues: 500,
  /** Bytes of an advanced event selector's name, as the AWS provider counts. */
  selectorNameBytes: 1_000,
  /** Bytes of a value in a condition of an advanced event selector, as the AWS provider counts. */
  selectorValueBytes: 2_048,
  /**
   * Bytes of a bucket policy, minified UTF-8. S3's own counting rule is not documented; this is the
   * safe reading.
   */
  bucketPolicyBytes: 20_480,
  /** Bytes of a KMS key policy. */
  keyPolicyBytes: 32_768,
  /** Bytes of an SNS topic policy. */
  topicPolicyBytes: 30_720,
  /** Bytes of an SQS queue policy. */
  queuePolicyBytes: 8_192,
  /** Bytes of one Athena query. */
  athenaQueryBytes: 262_144,
  /** The lowest limit of bytes that an Athena query may scan. */
  athenaScanBytes: 10_485_760,
} as const;
