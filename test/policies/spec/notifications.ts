/** What the policies of topic, queue and their key have to allow, said without looking at them. */
import type { Principal } from "../../../iam/request";
import type { TopicPolicyShape } from "../../../policies/shapes/shapes";
import {
  ADMINISTRATOR,
  administratorAsks,
  anonymous,
  cloudTrail,
  KEY,
  LISTED_ACCOUNTS,
  OWNER,
  QUEUE_ARN,
  SERVICES,
  STRANGER,
  TOPIC_ARN,
  TRAILS,
  trailContext,
  type Row,
} from "./world";

const FOREIGN_TOPIC = `arn:aws:sns:us-east-1:${OWNER}:trail-files2`;
const FOREIGN_QUEUE = `arn:aws:sqs:us-east-1:${OWNER}:trail-files2`;
const sns: Principal = { kind: "service", service: "sns.amazonaws.com" };
const STRANGERS_ADMINISTRATOR = `arn:aws:iam::${STRANGER}:role/administrator`;
const insecure = { "aws:SecureTransport": "false" };

export function publishingRows(shape: TopicPolicyShape): Row[] {
  return [
    ...TRAILS.flatMap((trail) =>
      [[], ["aws:SourceArn"], ["aws:SourceAccount"]].flatMap((without) =>
        [cloudTrail, ...SERVICES].map((principal): Row => {
          const passes =
            shape === "trail-arns"
              ? trail.listed
              : trail.named &&
                LISTED_ACCOUNTS.includes(trail.account) &&
                !without.includes("aws:SourceAccount");
          return {
            what: `${trail.what}, ${JSON.stringify(principal)}, without ${without.join()}`,
            request: {
              principal,
              action: "sns:Publish",
              resource: TOPIC_ARN,
              context: trailContext(trail, without),
            },
            allowed: principal === cloudTrail && passes && !without.includes("aws:SourceArn"),
          };
        }),
      ),
    ),
    ...["sns:Subscribe", "sns:SetTopicAttributes", "sns:GetTopicAttributes"].map((action) => ({
      what: `CloudTrail: ${action}`,
      request: {
        principal: cloudTrail,
        action,
        resource: TOPIC_ARN,
        context: trailContext(TRAILS[1]!),
      },
      allowed: false,
    })),
    {
      what: "CloudTrail publishes to another topic",
      request: {
        principal: cloudTrail,
        action: "sns:Publish",
        resource: FOREIGN_TOPIC,
        context: trailContext(TRAILS[1]!),
      },
      allowed: false,
    },
    {
      what: "CloudTrail over a connection whose security is not known",
      request: {
        principal: cloudTrail,
        action: "sns:Publish",
        resource: TOPIC_ARN,
        context: { ...trailContext(TRAILS[1]!), ...insecure },
      },
      allowed: true,
    },
    administratorAsks(ADMINISTRATOR, "sns:Publish", TOPIC_ARN, true),
    administratorAsks(ADMINISTRATOR, "sns:Publish", TOPIC_ARN, false, insecure),
    administratorAsks(ADMINISTRATOR, "sns:GetTopicAttributes", TOPIC_ARN, true, insecure),
    administratorAsks(ADMINISTRATOR, "sns:Publish", FOREIGN_TOPIC, true, insecure),
    administratorAsks(
      STRANGERS_ADMINISTRATOR,
      "sns:Publish",
      TOPIC_ARN,
      false,
      trailContext(TRAILS[1]!),
    ),
  ];
}

export function queueRows(): Row[] {
  const send = (
    what: string,
    principal: Principal,
    source: string | undefined,
    allowed: boolean,
  ) => ({
    what,
    request: {
      principal,
      action: "sqs:SendMessage",
      resource: QUEUE_ARN,
      ...(source === undefined ? {} : { context: { "aws:SourceArn": source } }),
    },
    allowed,
  });
  return [
    send("the topic sends", sns, TOPIC_ARN, true),
    send("another topic sends", sns, FOREIGN_TOPIC, false),
    send("a stranger's topic sends", sns, TOPIC_ARN.replace(OWNER, STRANGER), false),
    send("SNS for nobody", sns, undefined, false),
    send("CloudTrail itself", cloudTrail, TOPIC_ARN, false),
    send("anonymous", anonymous, TOPIC_ARN, false),
    {
      what: "the topic receives",
      request: {
        principal: sns,
        action: "sqs:ReceiveMessage",
        resource: QUEUE_ARN,
        context: { "aws:SourceArn": TOPIC_ARN },
      },
      allowed: false,
    },
    {
      what: "the topic sends elsewhere",
      request: {
        principal: sns,
        action: "sqs:SendMessage",
        resource: FOREIGN_QUEUE,
        context: { "aws:SourceArn": TOPIC_ARN },
      },
      allowed: false,
    },
    {
      what: "the topic over a connection whose security is not known",
      request: {
        principal: sns,
        action: "sqs:SendMessage",
        resource: QUEUE_ARN,
        context: { "aws:SourceArn": TOPIC_ARN, ...insecure },
      },
      allowed: true,
    },
    administratorAsks(ADMINISTRATOR, "sqs:ReceiveMessage", QUEUE_ARN, true),
    administratorAsks(ADMINISTRATOR, "sqs:ReceiveMessage", QUEUE_ARN, false, insecure),
    administratorAsks(ADMINISTRATOR, "sqs:ReceiveMessage", FOREIGN_QUEUE, true, insecure),
    administratorAsks(STRANGERS_ADMINISTRATOR, "sqs:SendMessage", QUEUE_ARN, false, {
      "aws:SourceArn": TOPIC_ARN,
    }),
  ];
}

export function notificationKeyRows(queue: boolean): Row[] {
  const topicContext = "kms:EncryptionContext:aws:sns:topicArn";
  const asks = (
    what: string,
    principal: Principal,
    context: Record<string, string>,
    allowed: boolean,
    actions = ["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt"],
  ): Row[] =>
    actions.map((action) => ({
      what: `${what}: ${action}`,
      request: { principal, action, resource: KEY, context },
      allowed,
    }));
  const others = ["kms:Encrypt", "kms:DescribeKey", "kms:PutKeyPolicy"];
  return [
    ...asks("CloudTrail for the topic", cloudTrail, { [topicContext]: TOPIC_ARN }, true),
    ...asks("CloudTrail for another topic", cloudTrail, { [topicContext]: FOREIGN_TOPIC }, false),
    ...asks("CloudTrail for nothing", cloudTrail, {}, false),
    ...asks("CloudTrail otherwise", cloudTrail, { [topicContext]: TOPIC_ARN }, false, others),
    ...asks("SNS for the topic", sns, { "aws:SourceArn": TOPIC_ARN }, queue),
    ...asks("SNS for another topic", sns, { "aws:SourceArn": FOREIGN_TOPIC }, false),
    ...asks("SNS for nothing", sns, {}, false),
    ...asks("SNS otherwise", sns, { "aws:SourceArn": TOPIC_ARN }, false, others),
    ...SERVICES.flatMap((service) =>
      asks(
        "another service",
        service,
        { [topicContext]: TOPIC_ARN, "aws:SourceArn": TOPIC_ARN },
        false,
      ),
    ),
    ...["kms:Decrypt", "kms:PutKeyPolicy"].flatMap((action) => [
      administratorAsks(ADMINISTRATOR, action, KEY, true),
      administratorAsks(STRANGERS_ADMINISTRATOR, action, KEY, false, {
        [topicContext]: TOPIC_ARN,
        "aws:SourceArn": TOPIC_ARN,
      }),
    ]),
  ];
}
