import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, type TerraformBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { destinationSettings } from "../envs/destination-settings";
import type { Account, Environment } from "../envs/types";
import type { ILogDestination } from "../modules/log-destination/i-log-destination";
import { LogDestination } from "../modules/log-destination/log-destination";
import { plannedLogDestination } from "../modules/log-destination/planned-log-destination";
import { plannedOnly, type ReviewMode } from "./review-mode";
import { nameDependencies } from "./stack-names-in-manifest";

/** What Terraform has to be: S3 state locking without DynamoDB came with 1.10. */
export const REQUIRED_TERRAFORM = ">= 1.10";

/** Props of every stack. */
export interface StackProps {
  /** The environment that the stack belongs to. */
  readonly environment: Environment;
  /** Absolute path of the folder that local state files lie in. */
  readonly stateDirectory: string;
  /**
   * Which roles providers and backend assume: those that deploy, or those that only read, where the
   * environment has some. A saved plan is applied with the roles that it was made with.
   * @default "deploy"
   */
  readonly roles?: "deploy" | "plan";
  /**
   * For a plan that is only read.
   * @default - every stack can be applied
   */
  readonly review?: ReviewMode;
}

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
  private readonly backend: TerraformBackend;

  protected constructor(
    scope: Construct,
    name: string,
    private readonly props: AccountStackProps,
  ) {
    super(scope, name);
    nameDependencies(this);
    const { environment, account, roles } = props;
    this.backend = stateBackend(this, name, props);
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
    this.provider = new AwsProvider(this, "aws", {
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
      ...(environment.endpoint === undefined ? {} : { endpoints: endpoints(environment.endpoint) }),
    });
    if (this.isOnlyReviewed) {
      this.provider.addOverride("allowed_account_ids", plannedOnly(account.account));
    }
    if (environment.awsProviderVersion !== undefined) {
      this.addOverride("terraform.required_providers.aws.version", environment.awsProviderVersion);
    }
  }

  /** The log destination that another stack holds: its outputs, or in a review what they will be. */
  protected logDestinationOf(holder: AccountStack): ILogDestination {
    const { environment, review } = this.props;
    return review && this.isOnlyReviewed
      ? plannedLogDestination(this, destinationSettings(environment), review.kmsKeyArn)
      : LogDestination.fromRemoteState(
          holder.backend.getRemoteStateDataSource(this, "destination", holder.node.id),
          holder.node.id,
        );
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

function stateBackend(
  stack: TerraformStack,
  name: string,
  { environment, stateDirectory, roles }: StackProps,
): TerraformBackend {
  const { state } = environment;
  if (state.backend === "local") {
    return new LocalBackend(stack, { path: `${stateDirectory}/${name}.tfstate` });
  }
  const roleArn = (roles === "plan" ? state.planRoleArn : undefined) ?? state.roleArn;
  const backend = new S3Backend(stack, {
    bucket: state.bucket,
    region: state.region,
    key: `${state.keyPrefix}/${name}.tfstate`,
    encrypt: true,
    ...(state.kmsKeyArn === undefined ? {} : { kmsKeyId: state.kmsKeyArn }),
    ...(roleArn === undefined ? {} : { assumeRole: { roleArn, externalId: state.externalId } }),
    ...(environment.endpoint === undefined
      ? {}
      : { endpoints: { s3: environment.endpoint, sts: environment.endpoint }, usePathStyle: true }),
  });
  // cdktf 0.21 knows no such prop. It must not get into remote-state data sources, and does not.
  backend.addOverride("use_lockfile", true);
  return backend;
}
