import { parseArn } from "../../cloudtrail/arn";
import { isObject } from "../../iam/json";
import type { ReadStack } from "../plans/estate";
import { at, textOf } from "../plans/plan-value";
import { type GuardFinding, place, type Scene } from "./finding";

/** What is wrong with a stack as a whole, and resources that leave Terraform's care. */
export function stackGuards({ estate }: Scene): GuardFinding[] {
  return [
    ...estate.stacks.flatMap((stack) => [
      ...incomplete(stack),
      ...otherAccount(stack),
      ...unprotected(stack),
    ]),
    ...estate.resources
      .filter(({ change }) => change.action === "forget")
      .map((located) => ({
        ...({ guard: "resource-forgotten", ...place(located) } as const),
        subject: located.change.address,
        what: "Terraform leaves the resource as it is and forgets it",
      })),
  ];
}

function incomplete({ stack, plan }: ReadStack): GuardFinding[] {
  const what = plan.errored
    ? "Terraform met an error while planning"
    : plan.complete
      ? undefined
      : "Terraform put a part of the plan off";
  return what === undefined ? [] : [{ guard: "plan-incomplete", subject: stack, stack, what }];
}

function otherAccount({ stack, account, plan, forReviewOnly }: ReadStack): GuardFinding[] {
  return plan.providers
    .filter(({ name, inUse }) => inUse && (name === "aws" || name.endsWith("/aws")))
    .flatMap(({ key, allowedAccountIds, roleArns }): GuardFinding[] => {
      const common = {
        guard: "provider-account-mismatch",
        subject: stack,
        stack,
        address: key,
      } as const;
      if (account === undefined)
        return [{ ...common, what: "which account the stack is for cannot be known" }];
      // A plan for review alone must not be applied, and its provider's list is how that is
      // refused.
      const held =
        (forReviewOnly && allowedAccountIds === "expression") ||
        (Array.isArray(allowedAccountIds) &&
          allowedAccountIds.length > 0 &&
          allowedAccountIds.every((id) => id === account));
      const strangers =
        roleArns === "expression"
          ? ["an expression"]
          : roleArns.filter((arn) => parseArn(arn)?.account !== account);
      return [
        ...(held
          ? []
          : [
              {
                ...common,
                what: `the provider is not held to account ${account} alone`,
                after: `allowed_account_ids ${allowedAccountIds === undefined ? "not given" : JSON.stringify(allowedAccountIds)}`,
              },
            ]),
        ...(strangers.length === 0
          ? []
          : [
              {
                ...common,
                what: `the provider assumes a role that is not one of account ${account}`,
                after: strangers.join(", "),
              },
            ]),
      ];
    });
}

const PROTECTED = ["aws_s3_bucket", "aws_kms_key", "aws_cloudtrail"];

/** Resources that had prevent_destroy in the stack's JSON and are still there without it. */
function unprotected({ stack, plan, synthesized }: ReadStack): GuardFinding[] {
  if (synthesized?.before === undefined) return [];
  const { before, after } = synthesized;
  return PROTECTED.flatMap((type) => {
    const now = resourcesOf(after, type);
    return [...resourcesOf(before, type)]
      .filter(([name, old]) => isProtected(old) && now.has(name) && !isProtected(now.get(name)))
      .map(([name]): GuardFinding => {
        const address = `${type}.${name}`;
        const change = plan.changes.find((one) => one.address === address);
        const id = textOf(at(change?.before, "arn")) ?? textOf(at(change?.before, "bucket"));
        return {
          guard: "prevent-destroy-taken-off",
          subject: id ?? address,
          stack,
          address,
          what: "Terraform no longer refuses to destroy it",
        };
      });
  });
}

function resourcesOf(json: unknown, type: string): Map<string, unknown> {
  const resources = isObject(json) && isObject(json.resource) ? json.resource[type] : undefined;
  return new Map(isObject(resources) ? Object.entries(resources).sort() : []);
}

function isProtected(resource: unknown): boolean {
  const lifecycle = isObject(resource) ? resource.lifecycle : undefined;
  return isObject(lifecycle) && lifecycle.prevent_destroy === true;
}
