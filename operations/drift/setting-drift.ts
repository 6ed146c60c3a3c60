import type { Environment } from "../../envs/types";
import type { AwsAccess } from "../../aws/account-access";
import { ownership } from "../../review/owned-attributes";
import { type Estate, readEstate, type StackPlan } from "../../review/plans/estate";
import { at, textOf } from "../../review/plans/plan-value";
import { bucketDrift } from "./bucket-drift";
import type { SettingDrift } from "./findings";
import { keyDrift } from "./key-drift";
import { topicDrift } from "./topic-drift";

/**
 * Asks S3, KMS and SNS for what nobody declared: Terraform compares only what a resource of its own
 * holds.
 *
 * @param plans Terraform's comparison of each stack that could be looked at; it tells what the
 *   stacks hold
 */
export async function settingDrift(
  environment: Environment,
  plans: readonly StackPlan[],
  access: AwsAccess,
): Promise<readonly SettingDrift[]> {
  const estate = readEstate(environment, plans);
  const arns = (type: string): string[] => arnsHeld(estate, type);
  const found = await Promise.all([
    bucketDrift(environment, ownership(estate), access),
    keyDrift(environment, arns("aws_kms_key"), access),
    topicDrift(environment, arns("aws_sns_topic_subscription"), access),
  ]);
  return found.flat();
}

/** With what Terraform has just found gone: a key that waits for its deletion counts as gone. */
function arnsHeld({ stacks }: Estate, type: string): string[] {
  const arns = stacks.flatMap(({ plan: { prior = [], drift } }) => [
    ...prior.filter((one) => one.type === type).map(({ texts }) => texts["arn"]),
    ...drift.filter((one) => one.type === type).map(({ before }) => textOf(at(before, "arn"))),
  ]);
  return [...new Set(arns.filter((arn) => arn !== undefined))].sort();
}
