import type { Statement } from "../../iam/policy-document";
import { TRAIL_CONTEXT, trailPatterns } from "../../cloudtrail/service/encryption-context";
import type { LogKeyPolicyInput } from "../documents/inputs";
import { cloudTrailPrincipal } from "../documents/service-principal";
import type { KeyPolicyShape, Shape } from "./shapes";

type KeyShape = Shape<LogKeyPolicyInput>;

/**
 * **trail-arns**, the default: AWS's own text. One statement lets CloudTrail encrypt, for the
 * listed trails and with an encryption context that names a trail of a listed account; one lets it
 * look at the key for the listed trails.
 *
 * Documented by AWS for several accounts, with one correction: AWS's sample names the accounts of
 * both in the encryption context but one trail in aws:SourceArn, which refuses the second account.
 * Its text says "trail ARN (or array of trail ARNs)", and an array it is here.
 *
 * Lets through: a listed trail under another listed account's trail ARN as encryption context.
 * CloudTrail sets the context itself, to the trail that it encrypts for.
 *
 * Size: an account costs its ARN twice and its pattern once, some 190 bytes.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
const trailArns: KeyShape = {
  documentedBy: "CloudTrail's guide for several accounts, with every trail's ARN in the list",
  letsThrough: ["listed-contexts"],
  statements: (input): Statement[] => [
    {
      Sid: "AllowCloudTrailEncryptLogs",
      Effect: "Allow",
      Principal: cloudTrailPrincipal(input),
      Action: "kms:GenerateDataKey*",
      Resource: "*",
      Condition: {
        StringEquals: { "aws:SourceArn": input.trails.arns },
        StringLike: {
          [TRAIL_CONTEXT]: trailPatterns(input.trails.accountIds, input.partition),
        },
      },
    },
    {
      Sid: "AllowCloudTrailDescribeKey",
      Effect: "Allow",
      Principal: cloudTrailPrincipal(input),
      Action: "kms:DescribeKey",
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceArn": input.trails.arns } },
    },
    ...decrypt(input),
  ],
};

/**
 * **account-list**: the accounts by ID, once. One statement lets CloudTrail encrypt and look at the
 * key, so that the list stands there a single time. The encryption context cannot be asked for in
 * it, since DescribeKey has none: a Deny asks for it. Names and home regions of trails are held to
 * those that are listed, for all accounts alike.
 *
 * aws:SourceAccount is "also supported, but not recommended" for the key by CloudTrail's guide.
 * Both calls in one statement, and the Deny, are shown on no page of AWS.
 *
 * Lets through: another trail of a listed account, if it has a name and home region that some
 * listed trail has; and, as far as the policy goes, any trail's ARN as encryption context.
 *
 * Size: an account costs 15 bytes, and each further pair of trail name and home region some 70.
 * This is the key's largest shape: aws:SourceOrgID is documented for none of CloudTrail's calls of
 * KMS, so there is no shape for an organization.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
const accountList: KeyShape = {
  documentedBy:
    "aws:SourceAccount by CloudTrail's guide (supported, not recommended); the form of the statements by no page of AWS",
  letsThrough: ["same-name-trails", "any-context"],
  statements: (input): Statement[] => [
    {
      Sid: "AllowCloudTrailEncryptAndDescribe",
      Effect: "Allow",
      Principal: cloudTrailPrincipal(input),
      Action: ["kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        StringEquals: { "aws:SourceAccount": input.trails.accountIds },
        ArnLike: { "aws:SourceArn": input.trails.arnPatterns },
      },
    },
    {
      Sid: "DenyCloudTrailEncryptOtherThanLogs",
      Effect: "Deny",
      Principal: cloudTrailPrincipal(input),
      Action: "kms:GenerateDataKey*",
      Resource: "*",
      Condition: { StringNotLike: { [TRAIL_CONTEXT]: trailPatterns(["*"], input.partition) } },
    },
    ...decrypt(input),
  ],
};

/** The shapes of the log key's policy. */
export const KEY_SHAPES: Readonly<Record<KeyPolicyShape, KeyShape>> = {
  "trail-arns": trailArns,
  "account-list": accountList,
};

/**
 * AWS documents this statement without a condition: which keys the request carries is not stated.
 */
function decrypt(input: LogKeyPolicyInput): Statement[] {
  return input.bucketKeyEnabled
    ? [
        {
          Sid: "AllowCloudTrailDecryptTrail",
          Effect: "Allow",
          Principal: cloudTrailPrincipal(input),
          Action: "kms:Decrypt",
          Resource: "*",
        },
      ]
    : [];
}
