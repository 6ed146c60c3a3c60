import { parseArn } from "../../cloudtrail/arn";
import { formatPath, type EntryProblem, type Path } from "../schema/problems";
import { roleResource } from "../resolve";
import type { LineOf, SoundFile } from "./sound-file";
import { ALL_ACCOUNTS } from "../schema/reader-schema";

/**
 * What must hold between the destination's entries on policies, and between them and the rest of
 * the file.
 */
export function checkDestinationRules(file: SoundFile, lineOf: LineOf): EntryProblem[] {
  return [
    ...organizationNamed(file),
    ...shapesOfWhatIsMade(file),
    ...readersOnce(file, lineOf),
    ...readersOfAccounts(file),
    ...breakGlassRole(file),
    ...denyOfWhatIsDestroyed(file),
    ...expiryAfterTransition(file),
    ...lockAndExpiry(file),
    ...queriedRegions(file),
  ];
}

const at = (...path: Path): Path => ["destination", ...path];

/** The bucket policy's shape source-org-id lets an organization in by its ID. */
function organizationNamed({ destination }: SoundFile): EntryProblem[] {
  const { bucketPolicyShape, organizationId } = destination ?? {};
  if (bucketPolicyShape !== "source-org-id" || organizationId !== undefined) return [];
  return [
    {
      path: at("bucketPolicyShape"),
      found: "source-org-id, and no organizationId",
      allowed: "source-org-id together with the organization's ID",
      fix: "add organizationId: o-…, or choose another shape",
    },
  ];
}

/** A shape for a policy that nobody writes would look like a safeguard. */
function shapesOfWhatIsMade({ destination }: SoundFile): EntryProblem[] {
  const { keyPolicyShape, topicPolicyShape, encryption, notifications } = destination ?? {};
  const type = encryption?.type ?? "sse-kms";
  return [
    ...(keyPolicyShape !== undefined && type !== "sse-kms"
      ? [
          {
            path: at("keyPolicyShape"),
            found: `${keyPolicyShape}, with encryption of type ${type}`,
            allowed: "a shape where the destination makes the key (sse-kms)",
            fix: "remove it, or let the destination make a key",
          },
        ]
      : []),
    ...(topicPolicyShape !== undefined && notifications === undefined
      ? [
          {
            path: at("topicPolicyShape"),
            found: `${topicPolicyShape}, and no notifications`,
            allowed: "a shape where the destination makes a topic",
            fix: "remove it, or add notifications",
          },
        ]
      : []),
  ];
}

/** A reader is one entry: two would widen one another's accounts. */
function readersOnce({ destination }: SoundFile, lineOf: LineOf): EntryProblem[] {
  const first = new Map<string, Path>();
  const named = (destination?.readers ?? []).flatMap((reader, index): [Path, string, string][] => {
    const path = at("readers", index);
    const { name, principals = [] } = reader ?? {};
    return [
      // Statements are called after names without their hyphens and with a capital first.
      ...(name === undefined
        ? []
        : [[[...path, "name"], name, `name ${name.replaceAll("-", "").toLowerCase()}`] as const]),
      ...principals.flatMap((arn, place) =>
        arn === undefined ? [] : [[[...path, "principals", place], arn, arn] as const],
      ),
    ].map(([where, text, key]) => [where, text, key]);
  });
  return named.flatMap(([path, text, key]) => {
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, path);
      return [];
    }
    return [
      {
        path,
        found: `${text} again: it is ${formatPath(earlier)} in line ${lineOf(earlier)}`,
        allowed: "each name and each principal once, hyphens and capitals of names aside",
        fix: "give one entry all of its accounts, and remove the other",
      },
    ];
  });
}

/** What nobody logs, nobody can read. */
function readersOfAccounts({ destination, members = [] }: SoundFile): EntryProblem[] {
  // An account ID that the schema refused may be the one that is meant.
  const accounts = new Set([destination, ...members].map((entry) => entry?.account));
  const known = accounts.has(undefined) ? undefined : accounts;
  return (destination?.readers ?? []).flatMap((reader, index) => {
    const list = reader?.accounts ?? [];
    const named = new Set<string>();
    return list.flatMap((account, place): EntryProblem[] => {
      const path = at("readers", index, "accounts", place);
      if (account === undefined) return [];
      if (named.has(account))
        return [
          {
            path,
            found: `${account} again`,
            allowed: "each account once",
            fix: "remove one of the two",
          },
        ];
      named.add(account);
      if (account === ALL_ACCOUNTS)
        return list.length === 1
          ? []
          : [
              {
                path,
                found: `${ALL_ACCOUNTS} beside accounts`,
                allowed: `[${ALL_ACCOUNTS}] alone, or accounts`,
                fix: `remove the accounts, or ${ALL_ACCOUNTS}`,
              },
            ];
      return known === undefined || known.has(account)
        ? []
        : [
            {
              path,
              found: `${account}, which is not an account of this file`,
              allowed: "the destination's account, or a member's",
              fix: "correct it, or add the account as a member",
            },
          ];
    });
  });
}

/** A deny without an exception could never be taken back; with a wrong one it is none. */
function breakGlassRole({ destination, deployer }: SoundFile): EntryProblem[] {
  const { hardening, account } = destination ?? {};
  if (hardening === undefined) return [];
  const role = hardening.breakGlassRole;
  const asking = (["denyLogDeletion", "denyPolicyChange", "readersOnly"] as const).filter(
    (deny) => hardening[deny] === true,
  );
  if (role === undefined) {
    return asking.map((deny) => ({
      path: at("hardening", deny),
      found: "true, and no breakGlassRole",
      allowed: `${deny} together with the role that it spares`,
      fix: "add breakGlassRole: <a role of the destination's account>",
    }));
  }
  const path = at("hardening", "breakGlassRole");
  const owner = parseArn(role)?.account ?? account;
  if (account !== undefined && owner !== account) {
    return [
      {
        path,
        found: `a role of account ${owner}`,
        allowed: `a role of account ${account}, the destination's`,
        fix: "correct the account ID in the ARN, or write only the role's name",
      },
    ];
  }
  const uses = [
    { used: destination?.role ?? deployer?.role, words: "deployer's role", verb: "deploy" },
    { used: destination?.planRole ?? deployer?.planRole, words: "role for plans", verb: "plan" },
  ];
  return uses.flatMap(({ used, words, verb }) =>
    used !== undefined && roleResource(role) === roleResource(used)
      ? [
          {
            path,
            found: `${role}, which is the ${words} too`,
            allowed: `a role of its own, so that no ${verb} can delete logs`,
            fix: "name a role that nobody uses from day to day",
          },
        ]
      : [],
  );
}

/** A throwaway environment is destroyed with all logs and the key, by the deployer. */
function denyOfWhatIsDestroyed({ throwaway, destination }: SoundFile): EntryProblem[] {
  if (throwaway !== true) return [];
  const { hardening, objectLock } = destination ?? {};
  const words = {
    allowed: "what lets a throwaway environment be destroyed",
    fix: "leave it out, or throwaway",
  };
  return [
    ...(hardening?.denyLogDeletion === true
      ? [{ path: at("hardening", "denyLogDeletion"), found: "true, with throwaway", ...words }]
      : []),
    ...(objectLock?.mode === "COMPLIANCE"
      ? [{ path: at("objectLock", "mode"), found: "COMPLIANCE, with throwaway", ...words }]
      : []),
  ];
}

/** S3 refuses a rule that expires objects before they move. */
function expiryAfterTransition({ destination }: SoundFile): EntryProblem[] {
  const { transitionToGlacierDays: moved, expireDays: expired } = destination?.retention ?? {};
  return moved === undefined || expired === undefined || expired > moved
    ? []
    : [
        {
          path: ["destination", "retention", "expireDays"],
          found: `${expired}, with a transition to Glacier after ${moved} days`,
          allowed: `more than ${moved} days`,
          fix: "expire later, or leave transitionToGlacierDays out",
        },
      ];
}

/** Files that expire while they are locked are only hidden, and cost as before. */
function lockAndExpiry({ destination }: SoundFile): EntryProblem[] {
  const locked = destination?.objectLock?.days;
  const expired = destination?.retention?.expireDays;
  return locked === undefined || expired === undefined || expired >= locked
    ? []
    : [
        {
          path: at("objectLock", "days"),
          found: `${locked}, with files that expire after ${expired} days`,
          allowed: `at most ${expired} days`,
          fix: "lock for less long, or expire later",
        },
      ];
}

/** Logs of a region that the table does not list are in the bucket, and no query finds them. */
function queriedRegions({ destination, members = [] }: SoundFile): EntryProblem[] {
  const { regions } = destination?.query ?? {};
  // A region that the schema refused may be the one that is missing.
  if (regions === undefined || regions.includes(undefined)) return [];
  const homes = [destination, ...members].flatMap((entry) => entry?.region ?? []);
  const known = new Set(regions);
  const missing = [...new Set(homes)].filter((home) => !known.has(home));
  const listed = new Set<string | undefined>();
  return [
    ...regions.flatMap((region, index): EntryProblem[] =>
      listed.size < listed.add(region).size
        ? []
        : [
            {
              path: at("query", "regions", index),
              found: `${region} again`,
              allowed: "each region once",
              fix: "remove one of the two",
            },
          ],
    ),
    ...(missing.length === 0
      ? []
      : [
          {
            path: at("query", "regions"),
            found: `a list without ${missing.join(", ")}`,
            allowed: "a list with the home region of every account, or none",
            fix: `add ${missing.join(", ")}, or remove regions to query all`,
          },
        ]),
  ];
}
