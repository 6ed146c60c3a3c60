import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail";
import { Annotations, TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import {
  eventProblems,
  insightProblems,
  secondCopyWarning,
} from "../../cloudtrail/selection/event-problems";
import {
  type EventContext,
  eventSelection,
  type EventSettings,
  type InsightType,
  type ExcludedBucket,
} from "../../cloudtrail/selection/event-settings";
import { accountIdProblem, trailNameProblem } from "../../cloudtrail/names";
import { oldestMajor, strangeFields } from "../../cloudtrail/selection/provider-fields";
import { parseArn } from "../../cloudtrail/arn";
import { type TrailIdentity, trailArn } from "../../cloudtrail/trails/trail-identity";
import type { ILogDestination } from "../log-destination/i-log-destination";
import { checkProps, type ModuleOptions, type PropCheck, protectedUnless } from "../module-options";
import { eventBlocks } from "./event-selection";
import { verbatim } from "../terraform-text";

/**
 * How a trail logs.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 */
export interface TrailSettings {
  /**
   * Whether the trail logs every region that the account has enabled.
   * @default true
   */
  readonly isMultiRegionTrail?: boolean;
  /**
   * Whether the trail logs events of global services such as IAM. A multi-region trail has to.
   * @default true
   */
  readonly includeGlobalServiceEvents?: boolean;
  /**
   * Whether CloudTrail writes signed digest files, which prove log files whole and untouched.
   * @default true
   */
  readonly enableLogFileValidation?: boolean;
  /**
   * Which events the trail records. Once it was given, go back with `preset: "management-only"`,
   * not by leaving it out: from advanced selectors to none the AWS provider sends an empty list,
   * which CloudTrail refuses.
   * @default - CloudTrail's own: all management events; no selector is written
   */
  readonly events?: EventSettings;
  /**
   * The kinds of CloudTrail Insights that look at management events. They cost extra.
   * @default - none
   */
  readonly insights?: readonly InsightType[];
  /**
   * Buckets whose own object-level events the trail must not record, beside the one that it
   * delivers to: the one that takes that one's access logs. Where the destination's bucket is a
   * token (as in remote state), this is also how its name gets known.
   * @default - the destination's bucket
   */
  readonly logBuckets?: readonly ExcludedBucket[];
  /**
   * The major version of the AWS provider that runs, which says which fields of advanced selectors
   * it takes.
   * @default - the one that `@cdktf/provider-aws` was made from
   */
  readonly awsProviderMajor?: number;
  /**
   * Tags, at most 50.
   * @default - the provider's default tags
   */
  readonly tags?: Record<string, string>;
}

/**
 * Props of {@link Trail}.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 */
export interface TrailProps extends ModuleOptions, TrailSettings {
  /** What names the trail. Account and home region have to be the provider's. */
  readonly trail: TrailIdentity;
  /** Where the trail delivers to. */
  readonly destination: ILogDestination;
}

/**
 * A trail that delivers to a bucket, usually another account's.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/turn-on-cloudtrail-in-additional-accounts.html
 */
export class Trail extends Construct {
  /** The trail as a resource of the AWS provider, for what the props do not cover. */
  readonly resource: Cloudtrail;
  /** The trail's ARN, known before it is deployed. */
  readonly trailArn: string;

  /**
   * @throws Error where name or account are none that AWS takes, a multi-region trail leaves out
   *   the events of global services, or the selection of events is one that AWS or the provider
   *   refuses, or that records the log bucket's own events
   */
  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    const { trail, destination, events, insights = [] } = props;
    const { isMultiRegionTrail = true, includeGlobalServiceEvents = true } = props;
    const context = eventContext(props);
    const selection = events && eventSelection(events, context);
    checkProps(this, [
      { prop: "trail.name", value: trail.name, problem: trailNameProblem(trail.name) },
      {
        prop: "trail.accountId",
        value: trail.accountId,
        problem: accountIdProblem(trail.accountId),
      },
      {
        prop: "includeGlobalServiceEvents",
        value: String(includeGlobalServiceEvents),
        problem:
          isMultiRegionTrail && !includeGlobalServiceEvents
            ? "does not go with isMultiRegionTrail: CloudTrail refuses a multi-region trail without the events of global services"
            : undefined,
      },
      ...refused("events", events?.preset, [
        ...eventProblems(events, context),
        ...strangeFields(events?.advancedSelectors ?? [], providerMajor(this, props)).map(
          ({ problem }) => problem,
        ),
      ]),
      ...refused("insights", insights.join(), insightProblems(insights, events, context)),
    ]);
    const warning = secondCopyWarning(events, context);
    if (warning !== undefined) Annotations.of(this).addWarning(warning);
    this.trailArn = trailArn(trail);
    const precondition = destination.precondition?.(this.trailArn);
    this.resource = new Cloudtrail(
      this,
      "trail",
      verbatim({
        provider: props.provider,
        name: trail.name,
        s3BucketName: destination.bucketName,
        s3KeyPrefix: destination.s3KeyPrefix,
        kmsKeyId: destination.kmsKeyArn,
        snsTopicName: snsTopicName(destination.snsTopicArn, trail),
        isMultiRegionTrail,
        includeGlobalServiceEvents,
        enableLogFileValidation: props.enableLogFileValidation ?? true,
        enableLogging: true,
        ...eventBlocks(selection, insights),
        tags: props.tags,
        dependsOn: [...(destination.dependsOn ?? [])],
        lifecycle: {
          ...protectedUnless(props.throwaway),
          ...(precondition ? { precondition: [precondition] } : {}),
        },
      }),
    );
  }
}

/**
 * The topic as the AWS provider reads it back: for one of the trail's own account and region its
 * name.
 */
function snsTopicName(topicArn: string | undefined, trail: TrailIdentity): string | undefined {
  if (topicArn === undefined || !isKnown(topicArn)) return topicArn;
  const { service, region, account, resource } = parseArn(topicArn) ?? {};
  const isOwn = service === "sns" && region === trail.homeRegion && account === trail.accountId;
  return isOwn ? resource : topicArn;
}

/**
 * The major version of the AWS provider: as given, else the one that the provider's package was
 * made from.
 */
function providerMajor(scope: Construct, { awsProviderMajor, provider }: TrailProps): number {
  if (awsProviderMajor !== undefined) return awsProviderMajor;
  const providers = TerraformStack.of(scope).allProviders();
  const own = provider ?? providers.find((one) => one.terraformResourceType === "aws");
  return oldestMajor(own?.terraformGeneratorMetadata?.providerVersion ?? "");
}

function refused(
  prop: string,
  value: string | undefined,
  sentences: readonly string[],
): readonly PropCheck[] {
  return sentences.map((sentence) => ({
    prop,
    value,
    problem: `can't be: ${sentence.replace(/\.$/, "")}`,
  }));
}

/** What Terraform alone knows is left out: the bucket's name, and its prefix. */
function eventContext({
  trail,
  isMultiRegionTrail = true,
  destination,
  logBuckets = [],
}: TrailProps): EventContext {
  const { bucketName: name, s3KeyPrefix } = destination;
  const delivery = isKnown(name)
    ? [{ name, ...(isKnown(s3KeyPrefix) ? { s3KeyPrefix } : {}) }]
    : [];
  const named = delivery.filter((one) => logBuckets.every((other) => other.name !== one.name));
  return { trail, isMultiRegionTrail, logBuckets: [...named, ...logBuckets] };
}

function isKnown(text: string | undefined): boolean {
  return !Token.isUnresolved(text);
}
