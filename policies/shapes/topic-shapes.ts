import type { Statement } from "../../iam/policy-document";
import { topicArn } from "../../cloudtrail/arn";
import type { NotificationTopicPolicyInput } from "../documents/inputs";
import { cloudTrailPrincipal } from "../documents/service-principal";
import type { Shape, TopicPolicyShape } from "./shapes";

type TopicShape = Shape<NotificationTopicPolicyInput>;

/**
 * **trail-arns**, the default: AWS's own text. The listed trails may publish, by ARN.
 *
 * Documented by CloudTrail's guide: "the value of this key is the ARN of the trail, or an array of
 * trail ARNs that are using the SNS topic".
 *
 * Lets through: nothing but the listed trails.
 *
 * Size: an account costs its ARN once, some 75 bytes.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 */
const trailArns: TopicShape = {
  documentedBy: "CloudTrail's guide, with an array of trail ARNs",
  letsThrough: [],
  statements: (input): Statement[] => [
    publish(input, { StringEquals: { "aws:SourceArn": input.trails.arns } }),
  ],
};

/**
 * **account-list**: the accounts by ID. Names and home regions of trails are held to those that
 * are listed, for all accounts alike.
 *
 * Documented by CloudTrail's guide: "aws:SourceAccount is also supported, but is not recommended",
 * with a sample. The pattern for aws:SourceArn beside it only takes away.
 *
 * Lets through: another trail of a listed account, if it has a name and home region that some
 * listed trail has.
 *
 * Size: an account costs 15 bytes.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 */
const accountList: TopicShape = {
  documentedBy: "aws:SourceAccount by CloudTrail's guide (supported, not recommended)",
  letsThrough: ["same-name-trails"],
  statements: (input): Statement[] => [
    publish(input, {
      StringEquals: { "aws:SourceAccount": input.trails.accountIds },
      ArnLike: { "aws:SourceArn": input.trails.arnPatterns },
    }),
  ],
};

/** The shapes of the notification topic's policy. */
export const TOPIC_SHAPES: Readonly<Record<TopicPolicyShape, TopicShape>> = {
  "trail-arns": trailArns,
  "account-list": accountList,
};

function publish(
  input: NotificationTopicPolicyInput,
  Condition: Statement["Condition"],
): Statement {
  return {
    Sid: "AWSCloudTrailSNSPolicy20131101",
    Effect: "Allow",
    Principal: cloudTrailPrincipal(input),
    Action: "sns:Publish",
    Resource: topicArn(input),
    Condition,
  };
}
