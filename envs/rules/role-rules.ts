import { parseArn } from "../../cloudtrail/arn";
import { type EntryProblem, formatPath } from "../schema/problems";
import { roleResource } from "../resolve";
import { type AccountEntry, accountsOf, type SoundFile } from "./sound-file";

/**
 * What must hold between the roles of a file: the role that only reads is another one, everywhere.
 */
export function checkRoleRules(file: SoundFile): EntryProblem[] {
  const accounts = accountsOf(file);
  return [
    ...rolesInTheirAccounts(accounts),
    ...planRolesEverywhere(file, accounts),
    ...planRolesOfTheirOwn(file, accounts),
    ...planRoleOfTheState(file),
  ];
}

function rolesInTheirAccounts(accounts: readonly AccountEntry[]): EntryProblem[] {
  return accounts.flatMap(({ path, entry }) =>
    (["role", "planRole"] as const).flatMap((key) => {
      const owner = parseArn(entry[key] ?? "")?.account;
      return owner === undefined || entry.account === undefined || owner === entry.account
        ? []
        : [
            {
              path: [...path, key],
              found: `a role of account ${owner}`,
              allowed: `a role of account ${entry.account}`,
              fix: "correct the account ID in the ARN, or write only the role's name",
            },
          ];
    }),
  );
}

/** One account's own without the others' would leave plans of those to the role that deploys. */
function planRolesEverywhere(
  { deployer }: SoundFile,
  accounts: readonly AccountEntry[],
): EntryProblem[] {
  if (deployer === undefined || deployer.planRole !== undefined) return [];
  return accounts.flatMap(({ path, entry: { planRole } }) =>
    planRole === undefined
      ? []
      : [
          {
            path: [...path, "planRole"],
            found: `${planRole}, and no deployer.planRole`,
            allowed: "a role for plans in every account, or in none",
            fix: "add deployer.planRole: <the role's name in the other accounts>, or remove this one",
          },
        ],
  );
}

function planRolesOfTheirOwn(
  { deployer }: SoundFile,
  accounts: readonly AccountEntry[],
): EntryProblem[] {
  const found = new Map<string, EntryProblem>();
  for (const { path, entry } of accounts) {
    const role = entry.role ?? deployer?.role;
    const planRole = entry.planRole ?? deployer?.planRole;
    if (
      role === undefined ||
      planRole === undefined ||
      roleResource(role) !== roleResource(planRole)
    )
      continue;
    // What stands at the deployer is said once, however many accounts have it.
    const at = entry.planRole === undefined ? ["deployer", "planRole"] : [...path, "planRole"];
    found.set(formatPath(at), {
      path: at,
      found: `${planRole}, which is the role that deploys too`,
      allowed: "a role of its own, which only reads",
      fix: "name another role, or leave planRole out",
    });
  }
  return [...found.values()];
}

/** Whoever may write a state decides what the next deploy destroys. */
function planRoleOfTheState({ deployer, state }: SoundFile): EntryProblem[] {
  if (state?.backend !== "s3" || deployer === undefined) return [];
  const { roleArn, planRoleArn } = state;
  if (planRoleArn === undefined)
    return deployer.planRole === undefined || roleArn === undefined
      ? []
      : [
          {
            path: ["state", "roleArn"],
            found: "a role that writes the state, and no planRoleArn beside deployer.planRole",
            allowed: "roleArn together with planRoleArn, the role that only reads the state",
            fix: "add planRoleArn: <a role's ARN>; `central-trail policies` prints what it needs",
          },
        ];
  if (deployer.planRole === undefined)
    return [
      {
        path: ["state", "planRoleArn"],
        found: `${planRoleArn}, and no deployer.planRole`,
        allowed: "a role for plans in the accounts and for the state, or neither",
        fix: "add deployer.planRole: <a role's name>, or remove this one",
      },
    ];
  return planRoleArn === roleArn
    ? [
        {
          path: ["state", "planRoleArn"],
          found: `${planRoleArn}, which is state.roleArn too`,
          allowed: "a role of its own, which only reads the state",
          fix: "name another role",
        },
      ]
    : [];
}
