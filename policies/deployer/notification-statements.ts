import type { Statement } from "../../iam/policy-document";
import { type TopicIdentity, queueArn, topicArn } from "../../cloudtrail/arn";

/** The topic that a destination's deployer makes and looks after, and the queue behind it. */
export interface DeployedTopic extends TopicIdentity {
  /**
   * The queue's name.
   * @default - none is made
   */
  readonly queueName?: string;
}

/**
 * What Terraform reads of the topic and its queue: settings, never a message. AWS asks for an
 * action on a subscription on the subscription's topic.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
export function readNotifications(topic: DeployedTopic): Statement[] {
  const { queueName } = topic;
  return [
    {
      Sid: "ReadTopic",
      Effect: "Allow",
      Action: [
        ...(queueName === undefined ? [] : ["sns:GetSubscriptionAttributes"]),
        "sns:GetTopicAttributes",
        ...(queueName === undefined ? [] : ["sns:ListSubscriptionsByTopic"]),
        "sns:ListTagsForResource",
      ],
      Resource: topicArn(topic),
    },
    ...(queueName === undefined
      ? []
      : ([
          {
            Sid: "ReadQueue",
            Effect: "Allow",
            Action: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
            Resource: queueArn(topic, queueName),
          },
        ] as const)),
  ];
}

/**
 * What `drift` asks of the topic, and Terraform only where it made a subscription: who is
 * subscribed.
 */
export function askForSubscriptions(topic: DeployedTopic): Statement[] {
  return topic.queueName === undefined
    ? [
        {
          Sid: "AskForSubscriptions",
          Effect: "Allow",
          Action: "sns:ListSubscriptionsByTopic",
          Resource: topicArn(topic),
        },
      ]
    : [];
}

/**
 * What Terraform needs to make and change the topic and its queue. No statement lets a message be
 * sent or received.
 *
 * @param mayDelete also to delete both
 */
export function changeNotifications(topic: DeployedTopic, mayDelete: boolean): Statement[] {
  const { queueName } = topic;
  return [
    {
      Sid: "ChangeTopic",
      Effect: "Allow",
      Action: [
        "sns:CreateTopic",
        ...(mayDelete ? ["sns:DeleteTopic"] : []),
        "sns:SetTopicAttributes",
        ...(queueName === undefined ? [] : ["sns:Subscribe"]),
        "sns:TagResource",
        ...(queueName !== undefined && mayDelete ? ["sns:Unsubscribe"] : []),
        "sns:UntagResource",
      ],
      Resource: topicArn(topic),
    },
    ...(queueName === undefined
      ? []
      : ([
          {
            Sid: "ChangeQueue",
            Effect: "Allow",
            Action: [
              "sqs:CreateQueue",
              ...(mayDelete ? ["sqs:DeleteQueue"] : []),
              "sqs:SetQueueAttributes",
              "sqs:TagQueue",
              "sqs:UntagQueue",
            ],
            Resource: queueArn(topic, queueName),
          },
        ] as const)),
  ];
}
