/**
 * One stack as the review shows it: what changes in it, and what was changed outside of Terraform.
 */
import type { Environment } from "../envs/types";
import { compareTexts } from "./compare-texts";
import { accountName, type Estate, type ReadStack } from "./plans/estate";
import { type IsOwned, ownAttributes, settledAttributes } from "./owned-attributes";
import type { PlanAction, ResourceChange } from "./plans/plan";
import {
  ABSENT,
  type AttributeChange,
  describeValue,
  differences,
  UNKNOWN,
} from "./plans/plan-value";
import { type ReviewedResource, type ReviewedStack, stackChanges, type Totals } from "./report";

/** A stack, for the review. */
export function reviewedStack(
  { stack, account, forReviewOnly, plan }: ReadStack,
  environment: Environment,
  isOwned: IsOwned,
): ReviewedStack {
  const name = account === undefined ? undefined : accountName(environment, account);
  return {
    stack,
    ...(account === undefined ? {} : { account }),
    ...(name === undefined ? {} : { name }),
    forReviewOnly,
    resources: plan.changes
      .filter(({ managed, address }) => managed && address !== STAND_IN)
      .filter(isChange)
      .map(reviewedResource),
    outputs: plan.outputs,
    drift: withSettled(
      plan.drift.filter(({ managed }) => managed).flatMap((change) => drifted(change, isOwned)),
      plan.changes,
      isOwned,
    ),
  };
}

/** In a stack that can only be planned for review it stands for what is not known yet. */
export const STAND_IN = "terraform_data.known-after-apply";

function isChange({ action, previousAddress, importedId }: ResourceChange): boolean {
  const idle = action === "no-op" || action === "read";
  return !idle || previousAddress !== undefined || importedId !== undefined;
}

function reviewedResource(change: ResourceChange): ReviewedResource {
  const { address, type, action, actionReason, previousAddress, importedId } = change;
  return {
    address,
    type,
    action,
    ...(actionReason === undefined ? {} : { actionReason }),
    ...(previousAddress === undefined ? {} : { previousAddress }),
    ...(importedId === undefined ? {} : { importedId }),
    attributes: attributesOf(change),
  };
}

/**
 * A resource that was changed outside of Terraform, with what was; nothing where that is nothing.
 */
function drifted(change: ResourceChange, isOwned: IsOwned): ReviewedResource[] {
  const resource = reviewedResource(change);
  if (change.action !== "update") return [resource];
  const attributes = ownAttributes(change, resource.attributes, isOwned);
  return attributes.length === 0 ? [] : [{ ...resource, attributes }];
}

/** With what was put on buckets outside of Terraform and is in their state since. */
function withSettled(
  drift: readonly ReviewedResource[],
  changes: readonly ResourceChange[],
  isOwned: IsOwned,
): readonly ReviewedResource[] {
  const known = new Set(
    drift.flatMap(({ address, attributes }) => attributes.map(({ path }) => `${address} ${path}`)),
  );
  const settled = changes
    .filter(({ type, action }) => type === "aws_s3_bucket" && ["no-op", "update"].includes(action))
    .flatMap((change): ReviewedResource[] => {
      const attributes = settledAttributes(change, isOwned).filter(
        ({ path }) => !known.has(`${change.address} ${path}`),
      );
      const { address, type } = change;
      return attributes.length === 0 ? [] : [{ address, type, action: "update", attributes }];
    });
  return [...drift, ...settled].sort((a, b) => compareTexts(a.address, b.address));
}

function attributesOf({
  action,
  before = ABSENT,
  after = ABSENT,
}: ResourceChange): AttributeChange[] {
  const changed = ["update", "replace"].includes(action) ? differences(before, after) : [];
  // A replacement makes all that AWS gives out anew, which says nothing.
  return action === "replace"
    ? changed.filter((one) => one.after !== describeValue(UNKNOWN))
    : changed;
}

/** The numbers of all stacks together. */
export function totalsOf({ stacks }: Estate, reviewed: readonly ReviewedStack[]): Totals {
  const resources = reviewed.flatMap((stack) => stack.resources);
  const count = (action: PlanAction): number =>
    resources.filter((one) => one.action === action).length;
  return {
    stacks: stacks.length,
    stacksThatChange: reviewed.filter(stackChanges).length,
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    destroy: count("destroy"),
    forget: count("forget"),
    moved: resources.filter(({ previousAddress }) => previousAddress !== undefined).length,
    imported: resources.filter(({ importedId }) => importedId !== undefined).length,
    outputs: reviewed.reduce((sum, { outputs }) => sum + outputs.length, 0),
    drifted: reviewed.reduce((sum, { drift }) => sum + drift.length, 0),
  };
}
