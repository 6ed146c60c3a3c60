import { queueNameProblem, topicNameProblem } from "../../cloudtrail/names";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { minify, type PolicyDocument } from "../../iam/policy-document";
import { topicPolicyBudget } from "../../policies/shapes/budget";
import { KEY_TAGS } from "../../policies/key-tags";
import {
  notificationKeyPolicy,
  notificationQueuePolicy,
  notificationTopicPolicy,
} from "../../policies/documents/notification-topic-policy";
import type { NotificationTopicPolicyInput } from "../../policies/documents/inputs";
import { TrailRegistry } from "../../policies/trail-registry";
import { checkProps, type ModuleOptions } from "../module-options";
import { statementChecks } from "../own-statements";
import { holdToBudget } from "../policy-budget";
import { verbatim } from "../terraform-text";

/**
 * Props of {@link NotificationTopic}. Account and region have to be the provider's.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 */
export interface NotificationTopicProps
  extends Pick<ModuleOptions, "provider">, Omit<NotificationTopicPolicyInput, "trails"> {
  /** Every trail that may publish. */
  readonly trails: readonly TrailIdentity[];
  /**
   * The name of an SQS queue that gets the messages.
   * @default - no queue is made
   */
  readonly queueName?: string;
}

/**
 * A topic that CloudTrail notifies of each log file, for the trails of all accounts, and a queue
 * behind it.
 *
 * Both are encrypted with a key of their own. In the log key's policy CloudTrail and SNS would get
 * `kms:Decrypt`, on the key that all logs are encrypted with; and that policy is the one that is
 * full first.
 *
 * The queue gets CloudTrail's message as it is, without SNS's envelope.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 */
export class NotificationTopic extends Construct {
  /** The topic's policy. */
  readonly policy: PolicyDocument;
  /** The policy of the key of topic and queue. */
  readonly keyPolicy: PolicyDocument;
  /** The topic as a resource of the AWS provider, for what the props do not cover. */
  readonly resource: SnsTopic;
  /** The key of topic and queue as a resource. */
  readonly keyResource: KmsKey;
  /** The queue as a resource, where one is made. */
  readonly queueResource?: SqsQueue;
  /** The resources that carry the policies which CreateTrail checks. */
  readonly policyCarriers: readonly ITerraformDependable[];

  /** @throws Error where a name is not one that SNS or SQS takes */
  constructor(scope: Construct, id: string, props: NotificationTopicProps) {
    super(scope, id);
    const { provider, topicName, queueName } = props;
    checkProps(this, [
      { prop: "topicName", value: topicName, problem: topicNameProblem(topicName) },
      ...(queueName === undefined
        ? []
        : [{ prop: "queueName", value: queueName, problem: queueNameProblem(queueName) }]),
    ]);
    const input = { ...props, trails: new TrailRegistry(props.trails) };
    this.policy = notificationTopicPolicy(input);
    checkProps(this, statementChecks(this.policy, props.statements));
    this.keyPolicy = notificationKeyPolicy({ ...props, queue: queueName !== undefined });
    holdToBudget(this, topicPolicyBudget(input));
    this.keyResource = new KmsKey(
      this,
      "key",
      verbatim({
        provider,
        description: `Encrypts the messages of the topic ${topicName}`,
        policy: minify(this.keyPolicy),
        enableKeyRotation: true,
        // No log is lost with this key, only messages about logs that were not read yet.
        deletionWindowInDays: 7,
        tags: { [KEY_TAGS.topicKey]: topicName },
      }),
    );
    this.resource = new SnsTopic(
      this,
      "topic",
      verbatim({
        provider,
        name: topicName,
        kmsMasterKeyId: this.keyResource.arn,
      }),
    );
    const topicPolicy = new SnsTopicPolicy(
      this,
      "policy",
      verbatim({
        provider,
        arn: this.resource.arn,
        policy: minify(this.policy),
      }),
    );
    this.policyCarriers = [this.keyResource, topicPolicy];
    if (queueName !== undefined) this.queueResource = this.#queue(queueName, props, topicPolicy);
  }

  /** The topic's ARN: a token. */
  get topicArn(): string {
    return this.resource.arn;
  }

  /** The ARN of the key of topic and queue: a token. */
  get keyArn(): string {
    return this.keyResource.arn;
  }

  /** The queue's ARN, where one is made: a token. */
  get queueArn(): string | undefined {
    return this.queueResource?.arn;
  }

  #queue(
    queueName: string,
    props: NotificationTopicProps,
    topicPolicy: ITerraformDependable,
  ): SqsQueue {
    const { provider } = props;
    const queue = new SqsQueue(
      this,
      "queue",
      verbatim({
        provider,
        name: queueName,
        kmsMasterKeyId: this.keyResource.arn,
      }),
    );
    const queuePolicy = new SqsQueuePolicy(
      this,
      "queue-policy",
      verbatim({
        provider,
        queueUrl: queue.url,
        policy: minify(notificationQueuePolicy(props, queueName)),
      }),
    );
    new SnsTopicSubscription(
      this,
      "subscription",
      verbatim({
        provider,
        topicArn: this.resource.arn,
        protocol: "sqs",
        endpoint: queue.arn,
        rawMessageDelivery: true,
        dependsOn: [topicPolicy, queuePolicy],
      }),
    );
    return queue;
  }
}
