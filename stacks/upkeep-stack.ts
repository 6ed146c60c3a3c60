import type { Construct } from "constructs";
import type { Environment } from "../envs/types";
import { AccessLogBucket } from "../modules/access-log-bucket/access-log-bucket";
import { LogQuery } from "../modules/log-query/log-query";
import { LogRetention } from "../modules/log-retention/log-retention";
import { AccountStack } from "./account-stack";
import type { StackProps } from "./stack-props";
import type { DestinationStack } from "./destination-stack";
import { stackNames } from "../envs/stack-names";

/** Props of {@link UpkeepStack}. */
export interface UpkeepStackProps extends StackProps {
  /** The stack that holds the bucket. */
  readonly destination: DestinationStack;
}

/**
 * What the log bucket needs and no member waits for: lifecycle rules, which take the provider about
 * 55 s to settle, access logs, and the table for queries. A stack of its own, since `cdktf deploy`
 * starts a member only when
 * the whole stack that it depends on is through.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export class UpkeepStack extends AccountStack {
  /** Whether the environment has anything for it. */
  static isNeededFor({ destination }: Environment): boolean {
    const { retention, accessLogBucket, query } = destination;
    return [retention, accessLogBucket, query].some((wanted) => wanted !== undefined);
  }

  /** @throws Error where two stacks of the app have one name, or a module of it throws */
  constructor(scope: Construct, props: UpkeepStackProps) {
    const { environment } = props;
    const { destination: account, partition, throwaway } = environment;
    super(scope, stackNames.upkeep(environment), {
      ...props,
      account,
      providerAlias: "destination",
    });
    this.addDependency(props.destination);
    const { bucketName } = this.logDestinationOf(props.destination);
    const { provider } = this;
    if (account.retention) {
      new LogRetention(this, "retention", { provider, bucketName, ...account.retention });
    }
    if (account.accessLogBucket !== undefined) {
      new AccessLogBucket(this, "access-logs", {
        provider,
        throwaway,
        partition,
        accountId: account.account,
        bucketName: account.accessLogBucket,
        sourceBucketName: bucketName,
      });
    }
    if (account.query) {
      const { database, workgroup, resultsBucket, ...query } = account.query;
      new LogQuery(this, "query", {
        provider,
        throwaway,
        partition,
        bucketName,
        ...query,
        accountId: account.account,
        accountIds: [account, ...environment.members].map((one) => one.account),
        s3KeyPrefix: account.prefix,
        databaseName: database,
        workgroupName: workgroup,
        resultsBucketName: resultsBucket,
      });
    }
  }
}
