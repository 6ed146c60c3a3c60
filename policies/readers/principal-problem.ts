import { parseArn } from "../../cloudtrail/arn";
import { accountIdProblem, roleNameProblem } from "../../cloudtrail/names";
import type { Partition } from "../../cloudtrail/regions";

/**
 * Why the text is not a principal that a policy of ours may name; undefined where it is one. A
 * wrong one makes AWS refuse the whole document.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalProblem(text: string, partition: Partition): string | undefined {
  const form = `write arn:${partition}:iam::<account>:role/<name> (or user/<name>)`;
  const arn = parseArn(text);
  if (arn === undefined) return `is not an ARN; ${form}`;
  if (arn.service === "sts")
    return `is a session, which ends; name its role: ${form.replace("write ", "")}`;
  if (arn.resource === "root")
    return `is a whole account, which would give the say to its administrators; ${form}`;
  if (/[*?]/.test(text)) return `has a wildcard, which a principal may not have; ${form}`;
  if (arn.partition !== partition)
    return `is of partition ${arn.partition}, where ${partition} is asked for: AWS takes no principal of another partition`;
  const [, kind, name] = /^(role|user)\/(.+)$/.exec(arn.resource) ?? [];
  if (arn.service !== "iam" || arn.region !== "" || kind === undefined || name === undefined)
    return `is not an IAM role or user; ${form}`;
  const account = accountIdProblem(arn.account);
  if (account !== undefined) return `has the account ID ${arn.account}, which ${account}`;
  const wrongName = roleNameProblem(name);
  return wrongName === undefined ? undefined : `has the ${kind} name ${name}, which ${wrongName}`;
}
