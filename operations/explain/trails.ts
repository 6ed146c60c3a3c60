import { LOGS_FOLDER } from "../../cloudtrail/files/log-folders";
import { trailArn, type TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { trailIdentity } from "../../envs/trails";
import type { Decision } from "../../iam/evaluate";
import type { PolicyDocument } from "../../iam/policy-document";
import { deliver, encrypt, type PolicedResources } from "./requests";

/** What CloudTrail may do for one account's trail. */
export interface TrailAccess {
  readonly account: string;
  /** For people; of a stranger, what that is. */
  readonly name: string;
  readonly trailArn: string;
  /** On its way out: what is allowed here is for its last files. */
  readonly retiring: boolean;
  /** Whether it may write into its own account's folder. */
  readonly ownFolder: boolean;
  /** The other accounts of the environment into whose folders it may write. */
  readonly otherFolders: readonly string[];
  /** Whether it may encrypt with the key. Left out where there is no key, or its policy is not ours. */
  readonly encrypt?: boolean;
}

/** An account that no document here names. */
const STRANGER = "000000000000";

/**
 * What CloudTrail may do for each trail of the environment; and, last, for a trail of the same name in an
 * account that is none of the environment's.
 */
export function trailAccess(resources: PolicedResources): TrailAccess[] {
  const { environment } = resources;
  const { destination, members } = environment;
  const accounts = [destination, ...members];
  const folders = alikeFolders(
    resources.policyOf("bucket")!,
    accounts.map(({ account }) => account),
  );
  const stranger = { ...destination, account: STRANGER, name: "(any other account)" };
  return [...accounts, stranger].map((one) => {
    const trail = trailIdentity(environment, one);
    const mayWriteFor = (account: string): boolean =>
      mayWrite(resources, trail, resources.keyInFolder(account)).decision === "allowed";
    const others = folders.map((alike) => alike.filter((account) => account !== one.account));
    const encryption = mayEncrypt(resources, trail);
    return {
      account: one.account,
      name: one.name,
      trailArn: trailArn(trail),
      retiring: "retiring" in one && one.retiring,
      ownFolder: mayWriteFor(one.account),
      otherFolders: others.flatMap((alike) =>
        alike.length > 0 && mayWriteFor(alike[0]!) ? alike : [],
      ),
      ...(encryption === undefined ? {} : { encrypt: encryption.decision === "allowed" }),
    };
  });
}

/** What stands behind `AWSLogs/` in a resource. */
const BELOW_LOGS = new RegExp(`${LOGS_FOLDER}/([^/]+)`);

/**
 * Accounts by what a bucket policy can tell of their folders: those that it names are each alone, and
 * all that it does not name are alike to it. So a policy that names none is quickly asked for thousands.
 */
export function alikeFolders(policy: PolicyDocument, accounts: readonly string[]): string[][] {
  const named = new Set(
    policy.Statement.flatMap(({ Resource, NotResource }) => [Resource ?? [], NotResource ?? []])
      .flat()
      .flatMap((resource) => BELOW_LOGS.exec(resource)?.[1] ?? []),
  );
  // Whatever is neither a whole account ID nor the same for every account may tell them apart.
  const isPlain = (name: string): boolean => /^(\d{12}|\*|\$\{aws:SourceAccount\})$/.test(name);
  if (![...named].every(isPlain)) return accounts.map((account) => [account]);
  const alike = accounts.filter((account) => !named.has(account));
  return [...accounts.filter((account) => named.has(account)).map((account) => [account]), alike];
}

/** Whether CloudTrail may write a file for a trail. */
export function mayWrite(resources: PolicedResources, trail: TrailIdentity, key: string): Decision {
  return resources.decide(resources.cloudTrail, deliver(resources, trail, key));
}

/** Whether CloudTrail may encrypt for a trail; undefined without a key whose policy is ours. */
export function mayEncrypt(
  resources: PolicedResources,
  trail: TrailIdentity,
): Decision | undefined {
  if (resources.keyArn === undefined || resources.policyOf("key") === undefined) return undefined;
  return resources.decide(resources.cloudTrail, encrypt(resources, resources.keyArn, trail));
}
