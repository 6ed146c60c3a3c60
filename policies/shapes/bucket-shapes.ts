import { FULL_CONTROL } from "../../cloudtrail/service/calls";
import { accountFolder } from "../../cloudtrail/files/log-layout";
import { organizationIdProblem } from "../../cloudtrail/names";
import type { Statement } from "../../iam/policy-document";
import { bucketArn } from "../../cloudtrail/arn";
import type { LogBucketPolicyInput } from "../documents/inputs";
import { cloudTrailPrincipal } from "../documents/service-principal";
import type { BucketPolicyShape, Shape } from "./shapes";

type BucketShape = Shape<LogBucketPolicyInput>;

/**
 * **trail-arns**, the default: AWS's own text for several accounts. One statement lets CloudTrail
 * look at the bucket's ACL, one lets it write; both list the trails' ARNs, and the second lists the
 * accounts' folders as well.
 *
 * Documented word for word by AWS: "the value of aws:SourceArn is always the ARN of the trail (or
 * array of trail ARNs) that is using the bucket". A multi-region trail has one ARN, with its home
 * region.
 *
 * Lets through: both lists stand in one statement, so the policy ties no trail to its account's
 * folder. CloudTrail does: it writes below `AWSLogs/<trail owner>/` and refuses a prefix that
 * holds `AWSLogs/`.
 *
 * Size: an account costs its ARN twice and its folder once, some 210 bytes.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
 */
const trailArns: BucketShape = {
  documentedBy: "CloudTrail's guide, word for word for several accounts",
  letsThrough: ["other-folders"],
  statements: (input): Statement[] => [
    aclCheck(input, { StringEquals: { "aws:SourceArn": input.trails.arns } }),
    write(
      input,
      input.trails.folders(input.s3KeyPrefix).map((folder) => `${bucketArn(input)}/${folder}*`),
      { StringEquals: { "aws:SourceArn": input.trails.arns, ...FULL_CONTROL } },
    ),
  ],
};

/**
 * **own-prefix**: trail-arns, with each account pinned to its own folder: the list of folders
 * becomes `AWSLogs/${aws:SourceAccount}/*`, a policy variable that S3 fills with the account of the
 * trail that CloudTrail writes for.
 *
 * Every part is documented: aws:SourceArn by CloudTrail's guide; aws:SourceAccount on both calls by
 * IAM's page on the confused deputy, whose example is CloudTrail's bucket; variables in the
 * Resource of a resource policy, from any single-valued key, by IAM's page on variables. The sum,
 * CloudTrail with the variable, is shown on no page of AWS, and was not tried on real AWS.
 * Where the key were missing the resource would match nothing: CreateTrail would fail at once with
 * InsufficientS3BucketPolicyException, and nothing would be let in.
 *
 * The other form, a statement for each account as AWS shows for one, is documented altogether but
 * fits fewer accounts than the default, where people come to this shape for more room too.
 *
 * Lets through: nothing but the listed trails, each below its own account's folder.
 *
 * Size: an account costs its ARN twice, some 150 bytes.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const ownPrefix: BucketShape = {
  documentedBy:
    "each key by CloudTrail's and IAM's guides; ${aws:SourceAccount} in the path of CloudTrail's files by no page of AWS",
  letsThrough: [],
  statements: (input): Statement[] => [
    aclCheck(input, { StringEquals: { "aws:SourceArn": input.trails.arns } }),
    write(input, ownFolder(input), {
      StringEquals: { "aws:SourceArn": input.trails.arns, ...FULL_CONTROL },
    }),
  ],
};

/**
 * **account-list**: the accounts by ID, once. One statement holds the ACL check and the writing,
 * so that the list of accounts, by far the longest part, stands there a single time. The ACL that
 * CloudTrail has to send cannot be asked for in it, since the ACL check sends none: a Deny asks for
 * it. Names and home regions of trails are held to those that are listed, for all accounts alike.
 *
 * aws:SourceAccount is "also supported, but not recommended" by CloudTrail's guide; IAM's page on
 * the confused deputy shows it for CloudTrail on both calls, and wildcards for unknown parts of
 * aws:SourceArn are in the guide's page on the same. The policy variable in the path is the one of
 * own-prefix. Both calls in one statement, and the Deny, are shown on no page of AWS.
 *
 * Lets through: another trail of a listed account, if it has a name and home region that some
 * listed trail has. Still no account can write into another's folder, and no other account at all.
 *
 * Size: an account costs 15 bytes, and each further pair of trail name and home region some 70.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cross-service-confused-deputy-prevention.html
 */
const accountList: BucketShape = {
  documentedBy:
    "aws:SourceAccount by CloudTrail's guide (supported, not recommended); its use in the path and the form of the statements by no page of AWS",
  letsThrough: ["same-name-trails"],
  statements: (input): Statement[] => [
    {
      Sid: "AWSCloudTrailAclCheckAndWrite",
      Effect: "Allow",
      Principal: cloudTrailPrincipal(input),
      Action: ["s3:GetBucketAcl", "s3:PutObject"],
      Resource: [bucketArn(input), ownFolder(input)],
      Condition: {
        StringEquals: { "aws:SourceAccount": input.trails.accountIds },
        ArnLike: { "aws:SourceArn": input.trails.arnPatterns },
      },
    },
    {
      Sid: "DenyCloudTrailWriteWithOtherAcl",
      Effect: "Deny",
      Principal: cloudTrailPrincipal(input),
      Action: "s3:PutObject",
      Resource: `${bucketArn(input)}/*`,
      Condition: { StringNotEquals: FULL_CONTROL },
    },
  ],
};

/**
 * **source-org-id**: every account of the organization, by its ID. The size does not depend on how
 * many there are.
 *
 * aws:SourceOrgID is shown by AWS for just this in Control Tower's bucket for CloudTrail's files,
 * on PutObject and with the path `AWSLogs/*`; the account in the path is the policy variable of
 * own-prefix. CloudTrail's own guide does not name the key. It stands on PutObject alone: users
 * report that the ACL check comes without it, and Control Tower has it there neither. So the ACL
 * check is held to the trails' names and home regions only.
 *
 * Lets through: every account of the organization, listed or not, that makes a trail with the name
 * and home region of a listed one; it writes below its own folder. For any account at all,
 * CloudTrail may look at the bucket's ACL, which tells that account nothing: its CreateTrail fails
 * at the writing. An account that leaves the organization stops delivering that moment, and trails
 * of an organization (one trail for all accounts) do not fit: their files lie elsewhere.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceorgid
 * @see https://docs.aws.amazon.com/controltower/latest/userguide/logging-s3-audit-bucket-policy.html
 */
const sourceOrgId: BucketShape = {
  documentedBy:
    "aws:SourceOrgID by Control Tower's guide for its own bucket, on PutObject; not by CloudTrail's guide, and the account in the path by no page of AWS",
  letsThrough: ["same-name-trails", "organization-accounts", "acl-check-by-anyone"],
  statements: (input): Statement[] => [
    aclCheck(input, { ArnLike: { "aws:SourceArn": input.trails.arnPatterns } }),
    write(input, ownFolder(input), {
      StringEquals: { "aws:SourceOrgID": organizationId(input), ...FULL_CONTROL },
      ArnLike: { "aws:SourceArn": input.trails.arnPatterns },
    }),
  ],
};

/** The shapes of the log bucket's policy. */
export const BUCKET_SHAPES: Readonly<Record<BucketPolicyShape, BucketShape>> = {
  "trail-arns": trailArns,
  "own-prefix": ownPrefix,
  "account-list": accountList,
  "source-org-id": sourceOrgId,
};

function aclCheck(input: LogBucketPolicyInput, Condition: Statement["Condition"]): Statement {
  return {
    Sid: "AWSCloudTrailAclCheck20131101",
    Effect: "Allow",
    Principal: cloudTrailPrincipal(input),
    Action: "s3:GetBucketAcl",
    Resource: bucketArn(input),
    Condition,
  };
}

function write(
  input: LogBucketPolicyInput,
  Resource: Statement["Resource"],
  Condition: Statement["Condition"],
): Statement {
  return {
    Sid: "AWSCloudTrailWrite20131101",
    Effect: "Allow",
    Principal: cloudTrailPrincipal(input),
    Action: "s3:PutObject",
    Resource,
    Condition,
  };
}

/** The folder of the account whose trail it is. Terraform must get the `${` as `$${`. */
function ownFolder(input: LogBucketPolicyInput): string {
  return `${bucketArn(input)}/${accountFolder("${aws:SourceAccount}", input.s3KeyPrefix)}*`;
}

function organizationId({ organizationId: id }: LogBucketPolicyInput): string {
  const problem = organizationIdProblem(id ?? "");
  if (id === undefined || problem !== undefined)
    throw new Error(
      `The bucket policy's shape source-org-id needs the organization's ID, which ${problem}; it is ${id ?? "not given"}. Write destination: {organizationId: o-…}, or choose another bucketPolicyShape.`,
    );
  return id;
}
