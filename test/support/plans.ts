/**
 * Plans that are made up: what Terraform would show of a change from one environment to another,
 * for tests that need many plans or one that no provider makes. Real ones are in
 * test/fixtures/plans.
 */
import { isDeepStrictEqual } from "node:util";
import { topicArn } from "../../cloudtrail/arn";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import { stackNames } from "../../envs/stack-names";
import { trailIdentity } from "../../envs/trails";
import type { Account, Environment } from "../../envs/types";
import { isObject } from "../../iam/json";
import type { PolicyDocument } from "../../iam/policy-document";
import { environmentDocuments } from "../../operations/policies/environment-documents";
import type { StackPlan } from "../../review/plans/estate";

/** A resource's attributes by address; the type is the address up to its point. */
export type Resources = Readonly<Record<string, object>>;

/** One entry of `resource_changes`. */
export interface MadeChange {
  readonly address: string;
  readonly type?: string;
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  readonly importing?: { readonly id?: string };
  readonly previous_address?: string;
  readonly action_reason?: string;
  readonly mode?: string;
}

/** A plan's JSON with these changes. */
export function planJson(
  changes: readonly MadeChange[],
  rest: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return { format_version: "1.2", resource_changes: changes.map(entry), ...rest };
}

/** One entry of `resource_changes` or `resource_drift`. */
export function entry(made: MadeChange): Record<string, unknown> {
  const { address, type, mode, previous_address, action_reason, ...change } = made;
  return {
    address,
    mode: mode ?? "managed",
    type: type ?? address.split(".")[0],
    ...(previous_address === undefined ? {} : { previous_address }),
    ...(action_reason === undefined ? {} : { action_reason }),
    change: { before: null, after: null, ...change },
  };
}

/** The provider's part of a plan's `configuration`. */
export function configurationOf(account: Pick<Account, "account" | "roleArn">): unknown {
  return {
    provider_config: {
      "aws.any": {
        name: "aws",
        expressions: {
          allowed_account_ids: { constant_value: [account.account] },
          assume_role: [{ role_arn: { constant_value: account.roleArn } }],
        },
      },
    },
  };
}

/** Each stack's resources, as a deploy of the environment leaves them. */
export function resourcesOf(environment: Environment): Map<string, Resources> {
  const { destination, members, partition, throwaway } = environment;
  const arn = `arn:${partition}:kms:${destination.region}:${destination.account}:key/11111111-2222-3333-4444-555555555555`;
  const documents = environmentDocuments(environment, arn);
  const key = documents.key === undefined ? undefined : arn;
  const { bucket } = destination;
  const { retention } = destination;
  const stacks = new Map<string, Resources>([
    [
      stackNames.destination(environment),
      {
        "aws_s3_bucket.logs": { bucket, force_destroy: throwaway },
        "aws_s3_bucket_public_access_block.logs": {
          bucket,
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        },
        "aws_s3_bucket_ownership_controls.logs": {
          bucket,
          rule: [{ object_ownership: "BucketOwnerEnforced" }],
        },
        "aws_s3_bucket_versioning.logs": {
          bucket,
          versioning_configuration: [{ status: "Enabled" }],
        },
        "aws_s3_bucket_server_side_encryption_configuration.logs": {
          bucket,
          rule: [
            {
              apply_server_side_encryption_by_default: [
                key === undefined
                  ? { sse_algorithm: "AES256" }
                  : { sse_algorithm: "aws:kms", kms_master_key_id: key },
              ],
            },
          ],
        },
        ...(destination.objectLock
          ? {
              "aws_s3_bucket_object_lock_configuration.logs": {
                bucket,
                rule: [{ default_retention: [destination.objectLock] }],
              },
            }
          : {}),
        ...(documents.key
          ? {
              "aws_kms_key.logs": {
                arn: key,
                is_enabled: true,
                deletion_window_in_days: 30,
                policy: JSON.stringify(documents.key),
              },
            }
          : {}),
        "aws_s3_bucket_policy.logs": { bucket, policy: JSON.stringify(documents.bucket) },
        ...topicPolicyOf(environment, documents.topic),
        ...trailOf(environment, destination, key),
      },
    ],
    ...members.map((member): [string, Resources] => [
      stackNames.member(environment, member),
      member.retiring ? {} : trailOf(environment, member, key),
    ]),
  ]);
  if (retention) {
    const { expireDays, noncurrentExpireDays } = retention;
    stacks.set(stackNames.upkeep(environment), {
      "aws_s3_bucket_lifecycle_configuration.logs": {
        bucket,
        rule: [
          {
            status: "Enabled",
            expiration: expireDays === undefined ? [] : [{ days: expireDays, date: "" }],
            noncurrent_version_expiration:
              noncurrentExpireDays === undefined ? [] : [{ noncurrent_days: noncurrentExpireDays }],
          },
        ],
      },
    });
  }
  return stacks;
}

function topicPolicyOf(environment: Environment, policy: PolicyDocument | undefined): Resources {
  const { partition, destination } = environment;
  const { account: accountId, region, notifications } = destination;
  if (notifications === undefined) return {};
  const arn = topicArn({ partition, region, accountId, topicName: notifications.topicName });
  return { "aws_sns_topic_policy.logs": { arn, policy: JSON.stringify(policy) } };
}

function trailOf(environment: Environment, account: Account, key: string | undefined): Resources {
  const identity = trailIdentity(environment, account);
  const { multiRegion, includeGlobalServiceEvents, logFileValidation } = account.trail;
  return {
    "aws_cloudtrail.trail": {
      arn: trailArn(identity),
      name: identity.name,
      home_region: identity.homeRegion,
      s3_bucket_name: environment.destination.bucket,
      s3_key_prefix: environment.destination.prefix ?? "",
      kms_key_id: key ?? "",
      is_multi_region_trail: multiRegion,
      include_global_service_events: includeGlobalServiceEvents,
      enable_log_file_validation: logFileValidation,
      enable_logging: true,
      event_selector: [],
      advanced_event_selector: [],
      insight_selector: [],
    },
  };
}

/** What a test does to the resources of one side. */
export type Edit = (stacks: Map<string, Resources>) => void;

/** Changes one resource's attributes; without attributes it goes. */
export function edited(stack: string, address: string, attributes?: object): Edit {
  return (stacks) => {
    const { [address]: resource, ...others } = stacks.get(stack)!;
    if (resource === undefined) throw new Error(`${stack} has no ${address}`);
    stacks.set(
      stack,
      attributes === undefined ? others : { ...others, [address]: { ...resource, ...attributes } },
    );
  };
}

/** The plans of a change. As with cdktf, a stack that is no longer in the app has none. */
export function plansBetween(
  before: Environment | undefined,
  after: Environment,
  { old, now }: { readonly old?: Edit; readonly now?: Edit } = {},
): StackPlan[] {
  const was = before === undefined ? new Map<string, Resources>() : resourcesOf(before);
  const is = resourcesOf(after);
  old?.(was);
  now?.(is);
  const accounts = new Map(
    [after.destination, ...after.members].map((one) => [one.account, one] as const),
  );
  return [...is].map(([stack, resources]) => {
    const account = accounts.get(stack.slice(-12)) ?? after.destination;
    const prior = was.get(stack) ?? {};
    const addresses = [...new Set([...Object.keys(prior), ...Object.keys(resources)])];
    const changes = addresses.map((address): MadeChange => {
      const [one, other] = [prior[address], resources[address]];
      const actions =
        one === undefined
          ? ["create"]
          : other === undefined
            ? ["delete"]
            : isDeepStrictEqual(one, other)
              ? ["no-op"]
              : ["update"];
      return { address, actions, before: one ?? null, after: other ?? null };
    });
    return {
      stack,
      plan: planJson(changes, {
        configuration: configurationOf(account),
        prior_state: {
          values: {
            root_module: {
              resources: Object.keys(prior).map((address) => ({
                address,
                mode: "managed",
                type: address.split(".")[0],
              })),
            },
          },
        },
      }),
    };
  });
}

/** A JSON value with the members of every object in another order; lists keep theirs. */
export function reordered(value: unknown, order: (count: number) => readonly number[]): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => reordered(one, order));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    order(entries.length).map((index) => {
      const [name, one] = entries[index]!;
      return [name, reordered(one, order)];
    }),
  );
}
