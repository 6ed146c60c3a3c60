import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { Construct } from "constructs";
import { accountIdProblem, trailNameProblem } from "../../cloudtrail/names";
import { type TrailIdentity, trailArn } from "../../cloudtrail/trail-identity";
import type { ILogDestination } from "../log-destination/i-log-destination";
import { checkProps, type ModuleOptions, protectedUnless } from "../module-options";

/** How a trail logs. */
export interface TrailSettings {
  /**
   * Whether the trail logs every region that the account has enabled.
   * @default true
   */
  readonly multiRegion?: boolean;
  /**
   * Whether the trail logs events of global services such as IAM. A multi-region trail has to.
   * @default true
   */
  readonly includeGlobalServiceEvents?: boolean;
  /**
   * Whether CloudTrail writes signed digest files, which prove log files whole and untouched.
   * @default true
   */
  readonly logFileValidation?: boolean;
  /**
   * Tags, at most 50.
   * @default - the provider's default tags
   */
  readonly tags?: Record<string, string>;
}

/** Props of {@link Trail}. */
export interface TrailProps extends ModuleOptions, TrailSettings {
  /** What names the trail. Account and home region have to be the provider's. */
  readonly identity: TrailIdentity;
  /** Where the trail delivers to. */
  readonly destination: ILogDestination;
}

/**
 * A trail that delivers to a bucket, usually another account's.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/turn-on-cloudtrail-in-additional-accounts.html
 */
export class Trail extends Construct {
  /** The trail itself, for what the props do not cover. */
  readonly trail: Cloudtrail;
  /** The trail's ARN, known before it is deployed. */
  readonly trailArn: string;

  /**
   * @throws Error where name or account are none that AWS takes, or a multi-region trail leaves out
   *   the events of global services
   */
  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    const { identity, destination, multiRegion = true, includeGlobalServiceEvents = true } = props;
    checkProps(this, [
      { prop: "identity.name", value: identity.name, problem: trailNameProblem(identity.name) },
      {
        prop: "identity.accountId",
        value: identity.accountId,
        problem: accountIdProblem(identity.accountId),
      },
      {
        prop: "includeGlobalServiceEvents",
        value: String(includeGlobalServiceEvents),
        problem:
          multiRegion && !includeGlobalServiceEvents
            ? "does not go with multiRegion: CloudTrail refuses a multi-region trail without the events of global services"
            : undefined,
      },
    ]);
    this.trailArn = trailArn(identity);
    const precondition = destination.precondition?.(this.trailArn);
    this.trail = new Cloudtrail(this, "trail", {
      provider: props.provider,
      name: identity.name,
      s3BucketName: destination.bucketName,
      s3KeyPrefix: destination.keyPrefix,
      kmsKeyId: destination.kmsKeyArn,
      snsTopicName: destination.snsTopic,
      isMultiRegionTrail: multiRegion,
      includeGlobalServiceEvents,
      enableLogFileValidation: props.logFileValidation ?? true,
      enableLogging: true,
      tags: props.tags,
      dependsOn: [...(destination.dependsOn ?? [])],
      lifecycle: {
        ...protectedUnless(props.throwaway),
        ...(precondition ? { precondition: [precondition] } : {}),
      },
    });
  }
}
