import { paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import { snsClient } from "../../aws/clients";
import type { Environment } from "../../envs/types";
import { topicArn } from "../../cloudtrail/arn";
import { type AwsAccess, destinationClient } from "../../aws/account-access";
import { askAll, type SettingDrift, undeclared } from "./findings";

/**
 * Asks SNS who is subscribed to the topic, where the environment has one: Terraform sees the
 * subscriptions that it made, and no other.
 *
 * @param declared the ARNs of the subscriptions that the environment's stacks made
 */
export async function topicDrift(
  environment: Environment,
  declared: readonly string[],
  access: AwsAccess,
): Promise<readonly SettingDrift[]> {
  const { partition, destination } = environment;
  const { account: accountId, region, notifications } = destination;
  if (notifications === undefined) return [];
  const name = topicArn({ partition, region, accountId, topicName: notifications.topicName });
  const sns = snsClient(destinationClient(environment, access));
  const subscriptions = async (): Promise<string[]> => {
    const found: string[] = [];
    const pages = paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: name });
    for await (const { Subscriptions = [] } of pages)
      found.push(
        ...Subscriptions.filter(
          ({ SubscriptionArn = "" }) => !declared.includes(SubscriptionArn),
        ).map((subscription) => undeclared("subscription", subscription)),
      );
    return found;
  };
  try {
    return [await askAll({ kind: "topic", name }, ["NotFoundException"], [subscriptions])];
  } finally {
    sns.destroy();
  }
}
