import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { oldestMajor } from "../cloudtrail/selection/provider-fields";
import { destinationSettings } from "../envs/destination-settings";
import type { Account } from "../envs/types";
import type { ILogDestination } from "../modules/log-destination/i-log-destination";
import { LogDestination } from "../modules/log-destination/log-destination";
import { plannedLogDestination } from "../modules/log-destination/planned-log-destination";
import type { TrailSettings } from "../modules/trail/trail";
import { plannedOnly } from "./review-mode";
import { verbatim } from "../modules/terraform-text";
import { nameDependencies } from "./stack-names-in-manifest";
import { backendOf, remoteState, writeBackend } from "./state-backend";
import type { StackProps } from "./stack-props";

/** What Terraform has to be: S3 state locking without DynamoDB came with 1.10. */
export const REQUIRED_TERRAFORM = ">= 1.10";

/** Props of {@link AccountStack}. */
export interface AccountStackProps extends StackProps {
  /** The account that the stack's resources belong to. */
  readonly account: Account;
  /** The alias of the stack's AWS provider. */
  readonly providerAlias: string;
}

/**
 * A stack of one account: its state, and one AWS provider that assumes the account's role and
 * refuses any other account.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export abstract class AccountStack extends TerraformStack {
  /** The provider of the stack's account. */
  protected readonly provider: AwsProvider;

  protected constructor(
    scope: Construct,
    name: string,
    private readonly props: AccountStackProps,
  ) {
    super(scope, name);
    nameDependencies(this);
    const { environment, account, roles } = props;
    writeBackend(this, backendOf(name, props));
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
    this.provider = new AwsProvider(
      this,
      "aws",
      verbatim({
        alias: props.providerAlias,
        region: account.region,
        allowedAccountIds: [account.account],
        assumeRole: [
          {
            roleArn: (roles === "plan" ? account.planRoleArn : undefined) ?? account.roleArn,
            sessionName: environment.deployer.sessionName,
            externalId: account.externalId,
          },
        ],
        defaultTags: [{ tags: environment.tags }],
        ...(environment.endpoint === undefined
          ? {}
          : { endpoints: endpoints(environment.endpoint) }),
      }),
    );
    if (this.isOnlyReviewed) {
      this.provider.addOverride("allowed_account_ids", plannedOnly(account.account));
    }
    if (environment.awsProviderVersion !== undefined) {
      this.addOverride("terraform.required_providers.aws.version", environment.awsProviderVersion);
    }
  }

  /**
   * The log destination that another stack holds: its outputs, or in a review what they will be.
   */
  protected logDestinationOf(holder: AccountStack): ILogDestination {
    const { environment, review } = this.props;
    return review && this.isOnlyReviewed
      ? plannedLogDestination(this, destinationSettings(environment), review.kmsKeyArn)
      : LogDestination.fromRemoteState(
          remoteState(this, "destination", backendOf(holder.node.id, holder.props)),
          holder.node.id,
        );
  }

  /** What trails have to know of the provider, where the environment says which version it is. */
  protected get providerSettings(): Pick<TrailSettings, "awsProviderMajor"> {
    const { awsProviderVersion } = this.props.environment;
    return awsProviderVersion === undefined
      ? {}
      : { awsProviderMajor: oldestMajor(awsProviderVersion) };
  }

  private get isOnlyReviewed(): boolean {
    return this.props.review?.stacks.includes(this.node.id) ?? false;
  }
}

/** The services that the modules call. */
function endpoints(url: string): Record<string, string>[] {
  const services = ["athena", "cloudtrail", "glue", "kms", "s3", "sns", "sqs", "sts"];
  return [Object.fromEntries(services.map((service) => [service, url]))];
}
