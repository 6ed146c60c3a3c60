import { type ITerraformDependable, type TerraformRemoteState, Token } from "cdktf";
import { Construct } from "constructs";
import { encryptionProblem } from "../../policies/documents/log-encryption";
import {
  destinationPolicyInputs,
  type DestinationPolicySettings,
  readerIdentityPolicies,
} from "../../policies/documents/destination-policies";
import { destinationProblems } from "../../policies/documents/destination-problems";
import { LogBucket } from "../log-bucket/log-bucket";
import { LogEncryptionKey } from "../log-encryption-key/log-encryption-key";
import { checkProps, type ModuleOptions } from "../module-options";
import { knownStatements } from "../own-statements";
import { NotificationTopic } from "../notification-topic/notification-topic";
import { policyJson } from "../policy-json";
import { Trail, type TrailSettings } from "../trail/trail";
import { Gate } from "./gate";
import type { ILogDestination, LogDestinationAttributes } from "./i-log-destination";
import { PolicyWait } from "./policy-wait";
import { RemoteLogDestination } from "./remote-log-destination";

/**
 * Props of {@link LogDestination}: what its policies follow from, and the rest.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
export interface LogDestinationProps extends ModuleOptions, DestinationPolicySettings {
  /**
   * How the destination account's own trail logs.
   * @default - see {@link TrailSettings}
   */
  readonly trailSettings?: TrailSettings;
  /**
   * Seconds between the last change of a policy and the first trail. AWS gives no figure for how
   * long S3 and KMS take to apply a policy; it is seconds as a rule. 30 is a cautious guess that
   * was not tried on real AWS: with too short a wait the deploy fails with
   * InsufficientS3BucketPolicyException and succeeds when it is run again.
   * @default 30
   */
  readonly policyWaitSeconds?: number;
}

/**
 * The bucket, its key, the destination account's own trail, and the gate that lets members in. The
 * order is AWS's: nothing of a member comes before the destination's trail is logging and the
 * cross-account policies are in force.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
export class LogDestination extends Construct implements ILogDestination {
  /** A bucket that is not made in this app and whose policies already let the trails in. */
  static fromAttributes(attributes: LogDestinationAttributes): ILogDestination {
    return attributes;
  }

  /**
   * A destination in another state, read by the gate's output names (`GATE_OUTPUTS`).
   *
   * @param state the state of the stack that holds the destination
   * @param stackName that stack's name, for the message to people who deploy in the wrong order
   */
  static fromRemoteState(state: TerraformRemoteState, stackName: string): ILogDestination {
    return new RemoteLogDestination(state, stackName);
  }

  /** The bucket. */
  readonly bucket: LogBucket;
  /** The key, where one is made. */
  readonly encryptionKey?: LogEncryptionKey;
  /** The topic, where one is made. */
  readonly topic?: NotificationTopic;
  /** The destination account's own trail. */
  readonly trail: Trail;
  /** The bucket's name. */
  readonly bucketName: string;
  /** The part of every log file's key before `AWSLogs/`. */
  readonly s3KeyPrefix?: string;
  /** The ARN of the key, made or given; undefined with SSE-S3. */
  readonly kmsKeyArn?: string;
  /** The policies that readers of other accounts need there, by the reader's name: JSON texts. */
  readonly readerIdentityPolicies: Readonly<Record<string, string>>;
  /** The ARN of the topic, where one is made. */
  readonly snsTopicArn?: string;
  /** The gate: what a trail in the same stack has to wait for. */
  readonly dependsOn: readonly ITerraformDependable[];

  /**
   * @throws Error where a prop is not one that AWS takes, a trail is listed twice, trails are of
   *   several partitions, `encryption` contradicts itself, the bucket policy's shape lacks
   *   the organization's ID, or a deny the role that it has to spare
   */
  constructor(scope: Construct, id: string, props: LogDestinationProps) {
    super(scope, id);
    const { provider, throwaway, bucketName, s3KeyPrefix, encryption = {} } = props;
    checkProps(this, [{ prop: "encryption", problem: encryptionProblem(encryption) }]);
    const inputs = destinationPolicyInputs(props);
    const { trails } = inputs.bucket.trails;
    const common = { provider, throwaway, trails };

    if (inputs.key) {
      this.encryptionKey = new LogEncryptionKey(this, "key", {
        ...inputs.key,
        ...common,
        alias: encryption.alias ?? aliasOf(bucketName),
        deletionWindowInDays: encryption.deletionWindowInDays,
      });
    }
    this.kmsKeyArn = this.encryptionKey?.keyArn ?? encryption.kmsKeyArn;
    this.bucket = new LogBucket(this, "bucket", {
      ...inputs.bucket,
      ...common,
      objectLock: props.objectLock,
      encryption: {
        kmsKeyArn: this.kmsKeyArn,
        bucketKeyEnabled: encryption.bucketKeyEnabled,
      },
    });
    if (inputs.topic) {
      this.topic = new NotificationTopic(this, "notifications", {
        ...inputs.topic,
        provider,
        trails,
        queueName: props.notifications?.queueName,
      });
    }
    this.snsTopicArn = this.topic?.topicArn;
    this.bucketName = bucketName;
    this.s3KeyPrefix = s3KeyPrefix;
    // Last, since it needs documents, and settings that make none are refused above.
    const statements = knownStatements(props.statements);
    const problems = destinationProblems({ ...props, statements });
    this.node.addValidation({ validate: () => problems });

    const { encryptionKey: key, topic } = this;
    const policies = {
      bucket: policyJson(this.bucket.policy),
      ...(key ? { key: policyJson(key.policy) } : {}),
      ...(topic ? { topic: policyJson(topic.policy), topicKey: policyJson(topic.keyPolicy) } : {}),
    };
    const carriers = [
      this.bucket.policyResource,
      ...(key ? [key.resource] : []),
      ...(topic?.policyCarriers ?? []),
    ];
    const wait = new PolicyWait(this, "policy-wait", {
      seconds: props.policyWaitSeconds ?? 30,
      policies,
      keyArn: key?.keyArn,
      after: carriers,
    });
    this.readerIdentityPolicies = Object.fromEntries(
      Object.entries(readerIdentityPolicies(props, this.kmsKeyArn)).map(([name, document]) => [
        name,
        policyJson(document),
      ]),
    );
    const { kmsKeyArn, snsTopicArn } = this;
    const attributes = { bucketName, s3KeyPrefix, kmsKeyArn, snsTopicArn };
    this.trail = new Trail(this, "trail", {
      ...common,
      ...props.trailSettings,
      trail: props.trail,
      destination: { ...attributes, dependsOn: [wait.resource] },
    });
    // What the AWS provider reads back for a topic of the trail's own account and region.
    if (topic) this.trail.resource.snsTopicName = topic.resource.name;
    const gate = new Gate(this, "gate", {
      ...attributes,
      trails,
      after: [...carriers, wait.resource, this.trail.resource],
    });
    this.dependsOn = [gate.resource];
  }

  /** The bucket's ARN: a token. */
  get bucketArn(): string {
    return this.bucket.bucketArn;
  }
}

/** An alias may not have the periods that a bucket's name may have. */
function aliasOf(bucketName: string): string {
  return Token.isUnresolved(bucketName) ? bucketName : bucketName.replaceAll(".", "-");
}
