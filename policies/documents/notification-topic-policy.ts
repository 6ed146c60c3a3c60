import { TOPIC_CONTEXT } from "../../cloudtrail/service/encryption-context";
import type { PolicyDocument } from "../../iam/policy-document";
import { queueArn, topicArn, type TopicIdentity } from "../../cloudtrail/arn";
import { denyInsecureTransport } from "./insecure-transport";
import { administration } from "./log-key-policy";
import { cloudTrailPrincipal } from "./service-principal";
import { DEFAULT_SHAPE } from "../shapes/shapes";
import { TOPIC_SHAPES } from "../shapes/topic-shapes";
import type { NotificationKeyPolicyInput, NotificationTopicPolicyInput } from "./inputs";

/** A topic that CloudTrail notifies of each log file, and what stands behind it. */
export interface Notifications {
  /** The topic's name: 1 to 256 letters, digits, hyphens and underscores. */
  readonly topicName: string;
  /**
   * The name of an SQS queue behind the topic: 1 to 80 letters, digits, hyphens and underscores.
   * @default - no queue is made
   */
  readonly queueName?: string;
}

/**
 * The topic policy: CloudTrail may publish, in the words of the shape, and nobody may over plain
 * HTTP. SNS takes no `sns:*` in a topic policy, so the Deny names the one action that a stranger
 * could try.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 */
export function notificationTopicPolicy(input: NotificationTopicPolicyInput): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      ...TOPIC_SHAPES[input.shape ?? DEFAULT_SHAPE].statements(input),
      denyInsecureTransport("sns:Publish", topicArn(input)),
      ...(input.statements ?? []),
    ],
  };
}

/**
 * The policy of the key that encrypts the topic, and the queue behind it: CloudTrail may encrypt
 * what it publishes to this topic, and SNS what it puts into the queue. The key serves nothing
 * else, and whose trails may publish is said by the topic's own policy.
 *
 * AWS's statement for CloudTrail has no condition. The one here holds it to the one topic, by the
 * encryption context that SNS gives each message's data key.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function notificationKeyPolicy(input: NotificationKeyPolicyInput): PolicyDocument {
  const use = {
    Effect: "Allow",
    Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
    Resource: "*",
  } as const;
  return {
    Version: "2012-10-17",
    Statement: [
      administration(input),
      {
        Sid: "AllowCloudTrailUseTopic",
        ...use,
        Principal: cloudTrailPrincipal(input),
        Condition: { StringEquals: { [TOPIC_CONTEXT]: topicArn(input) } },
      },
      ...(input.queue
        ? [
            {
              Sid: "AllowSNSUseQueue",
              ...use,
              Principal: { Service: "sns.amazonaws.com" },
              Condition: { ArnEquals: { "aws:SourceArn": topicArn(input) } },
            },
          ]
        : []),
    ],
  };
}

/**
 * The policy of the queue behind the topic: the topic may send, and nobody may use plain HTTP.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
 */
export function notificationQueuePolicy(topic: TopicIdentity, queueName: string): PolicyDocument {
  const queue = queueArn(topic, queueName);
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllowTopicSend",
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn(topic) } },
      },
      denyInsecureTransport("sqs:*", queue),
    ],
  };
}
