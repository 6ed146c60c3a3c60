/** An environment's stacks with their plans: what every part of the review looks at. */
import { isAccountId } from "../../cloudtrail/names";
import { stackNames } from "../../envs/stack-names";
import type { Environment } from "../../envs/types";
import { compareTexts } from "../compare-texts";
import type { Plan, ResourceChange } from "./plan";
import { checkPlan, PlanError } from "./plan-format";
import { readPlan, secretsOf } from "./plan-json";
import { at, secretFinder, textOf } from "./plan-value";

/** One stack and its plan. */
export interface StackPlan {
  /** The stack's name, which is its state's too. */
  readonly stack: string;
  /** What `terraform show -json` prints, parsed. */
  readonly plan: unknown;
  /**
   * Whether the plan was made with stand-ins for what the destination's stack is yet to give out,
   * so that it can be read and not applied.
   * @default false
   */
  readonly forReviewOnly?: boolean;
  /**
   * The stack's synthesized Terraform JSON, parsed: before the change and as it is now. A plan has
   * no `lifecycle`, so `prevent_destroy` is read here.
   * @default - nothing is said of prevent_destroy
   */
  readonly synthesized?: StackSynthesis;
}

/** A stack's synthesized Terraform JSON, parsed. */
export interface StackSynthesis {
  /** As it is deployed. @default - not known, or the stack is new */
  readonly before?: unknown;
  /** As it is now. */
  readonly after: unknown;
}

/** One stack with its plan, read. */
export interface ReadStack {
  readonly stack: string;
  /** The stack's account; undefined where neither name nor plan tells. */
  readonly account?: string;
  readonly forReviewOnly: boolean;
  readonly plan: Plan;
  readonly synthesized?: StackSynthesis;
}

/** A managed resource's change with its stack. */
export interface Located {
  readonly stack: ReadStack;
  readonly change: ResourceChange;
}

/** All stacks of the review. */
export interface Estate {
  readonly environment: Environment;
  readonly stacks: readonly ReadStack[];
  /** The managed resources of all stacks, by stack and address. */
  readonly resources: readonly Located[];
}

/**
 * Reads all plans.
 *
 * @throws PlanError that names each stack whose plan cannot be read
 */
export function readEstate(environment: Environment, given: readonly StackPlan[]): Estate {
  const problems: string[] = [];
  /** The work on one stack; problems with its plan are gathered. */
  const attempt = <T>(stack: string, work: () => T): T[] => {
    try {
      return [work()];
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      problems.push(`${stack}: ${error.message}`);
      return [];
    }
  };
  const checked = [...given]
    .sort((a, b) => compareTexts(a.stack, b.stack))
    .flatMap((one) => attempt(one.stack, () => ({ ...one, plan: checkPlan(one.plan) })));
  const names = given.map(({ stack }) => stack);
  for (const twice of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    problems.push(`${twice}: given twice; give each stack's plan once`);
  // What one stack marks as sensitive, another may have read without the mark.
  const isSecret = secretFinder(checked.flatMap(({ plan }) => secretsOf(plan)));
  const accounts = accountsOfStacks(environment);
  const stacks = checked.flatMap(({ stack, plan: data, forReviewOnly = false, synthesized }) =>
    attempt(stack, (): ReadStack => {
      const plan = readPlan(data, isSecret);
      const account = accounts.get(stack) ?? accountInName(environment, stack) ?? onlyAccount(plan);
      return {
        stack,
        forReviewOnly,
        plan,
        ...(account === undefined ? {} : { account }),
        ...(synthesized === undefined ? {} : { synthesized }),
      };
    }),
  );
  if (problems.length > 0) throw new PlanError(problems.join("\n"));
  const resources = stacks.flatMap((stack) =>
    stack.plan.changes.filter(({ managed }) => managed).map((change) => ({ stack, change })),
  );
  return { environment, stacks, resources };
}

/**
 * Whether a resource is destroyed together with what it is a part of: a bucket's policy or setting
 * with the bucket, a policy with its key, topic or queue. That the whole goes has a guard of its
 * own.
 */
export function goesWithItsWhole({ resources }: Estate, { stack, change }: Located): boolean {
  return (
    change.action === "destroy" &&
    resources.some(
      (one) =>
        one.stack === stack && one.change.action === "destroy" && isPartOf(change, one.change),
    )
  );
}

function isPartOf(part: ResourceChange, whole: ResourceChange): boolean {
  const bucket = ({ before }: ResourceChange): string | undefined => textOf(at(before, "bucket"));
  switch (whole.type) {
    case "aws_s3_bucket":
      return part.type.startsWith("aws_s3_bucket_") && bucket(part) === bucket(whole);
    case "aws_kms_key":
      return part === whole || part.type === "aws_kms_key_policy";
    default:
      return part.type === `${whole.type}_policy`;
  }
}

/**
 * The name of the bucket that replaces one; undefined where none does or nobody knows it yet. What
 * refers to the bucket has it as known after the apply.
 */
export function replacementOf({ resources }: Estate, bucket: string): string | undefined {
  const found = resources.find(
    ({ change }) =>
      change.type === "aws_s3_bucket" &&
      change.action === "replace" &&
      textOf(at(change.before, "bucket")) === bucket,
  );
  return textOf(at(found?.change.after, "bucket"));
}

function accountsOfStacks(environment: Environment): Map<string, string> {
  const { destination, members } = environment;
  return new Map([
    [stackNames.destination(environment), destination.account],
    [stackNames.upkeep(environment), destination.account],
    ...members.map((member): [string, string] => [
      stackNames.member(environment, member),
      member.account,
    ]),
  ]);
}

/** The account of a member that the environment file no longer has. */
function accountInName(environment: Environment, stack: string): string | undefined {
  const account = stack.slice(-12);
  return isAccountId(account) && stack === stackNames.member(environment, { account })
    ? account
    : undefined;
}

/** The one account that the stack's providers allow. */
function onlyAccount({ providers }: Plan): string | undefined {
  const allowed = providers.flatMap(({ allowedAccountIds: ids }) =>
    ids === "expression" ? [] : (ids ?? []),
  );
  return new Set(allowed).size === 1 ? allowed[0] : undefined;
}

/** An account for people: its name in the environment where it has one. */
export function accountName(environment: Environment, account: string): string | undefined {
  const { destination, members } = environment;
  const name = [destination, ...members].find((one) => one.account === account)?.name;
  return name === account ? undefined : name;
}
