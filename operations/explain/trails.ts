import { isAccountId } from "../../cloudtrail/names";
import { exampleKeys } from "../../cloudtrail/service/calls";
import { LOGS_FOLDER } from "../../cloudtrail/files/log-folders";
import { trailArn, type TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { trailIdentity } from "../../envs/trails";
import type { Decision } from "../../iam/evaluate";
import type { PolicyDocument } from "../../iam/policy-document";
import {
  deliver,
  lookAtBucket,
  notify,
  type PolicedResources,
  type Target,
  type TrailCall,
  useKey,
} from "./requests";

/** A call of CloudTrail's that a policy refuses. */
export interface RefusedCall {
  /** `service:Action` */
  readonly action: string;
  /** Whose policy refuses it. */
  readonly policy: Target;
}

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
  /**
   * CloudTrail's calls for it that a policy of ours refuses. Where there is one, CreateTrail fails,
   * or files or messages do not arrive.
   */
  readonly refused: readonly RefusedCall[];
  /**
   * Whether it may encrypt with the key. Left out where there is no key, or its policy is not ours.
   */
  readonly encrypt?: boolean;
}

/** An account that no document here names. */
const STRANGER = "000000000000";

/**
 * What CloudTrail may do for each trail of the environment; and, last, for a trail of the same name
 * in an account that is none of the environment's.
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
      refused: refusedCalls(resources, trailCalls(resources, trail, one.trail.logFileValidation)),
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
 * Accounts by what a bucket policy can tell of their folders: those that it names are each alone,
 * and all that it does not name are alike to it. So a policy that names none is quickly asked for
 * thousands.
 */
export function alikeFolders(policy: PolicyDocument, accounts: readonly string[]): string[][] {
  const named = new Set(
    policy.Statement.flatMap(({ Resource, NotResource }) => [Resource ?? [], NotResource ?? []])
      .flat()
      .flatMap((resource) => BELOW_LOGS.exec(resource)?.[1] ?? []),
  );
  // Whatever is neither a whole account ID nor the same for every account may tell them apart.
  const isPlain = (name: string): boolean =>
    isAccountId(name) || ["*", "${aws:SourceAccount}"].includes(name);
  if (![...named].every(isPlain)) return accounts.map((account) => [account]);
  const alike = accounts.filter((account) => !named.has(account));
  return [...accounts.filter((account) => named.has(account)).map((account) => [account]), alike];
}

/** Whether CloudTrail may write a file for a trail. */
export function mayWrite(resources: PolicedResources, trail: TrailIdentity, key: string): Decision {
  return decideCall(resources, deliver(resources, trail, key));
}

/**
 * Whether CloudTrail may encrypt for a trail; undefined without a key whose policy is ours. Of
 * several calls that it takes, the first that is refused.
 */
export function mayEncrypt(
  resources: PolicedResources,
  trail: TrailIdentity,
): Decision | undefined {
  if (resources.keyArn === undefined || resources.policyOf("key") === undefined) return undefined;
  const decisions = useKey(resources, resources.keyArn, trail).map((one) =>
    decideCall(resources, one),
  );
  return decisions.find(({ decision }) => decision !== "allowed") ?? decisions[0];
}

/** What CloudTrail needs for a trail: each call that meets a policy of ours. */
export function trailCalls(
  resources: PolicedResources,
  trail: TrailIdentity,
  logFileValidation: boolean,
): TrailCall[] {
  const { keyArn, environment } = resources;
  const { logFile, digestFile } = exampleKeys(trail.accountId, environment.destination.prefix);
  const files = logFileValidation ? [logFile, digestFile] : [logFile];
  const all = [
    lookAtBucket(resources, trail),
    ...files.map((key) => deliver(resources, trail, key)),
    ...(keyArn === undefined ? [] : useKey(resources, keyArn, trail)),
    ...notify(resources, trail),
  ];
  return all.filter(({ target }) => resources.policyOf(target) !== undefined);
}

/** What the policy that a call meets says of it. */
export function decideCall(resources: PolicedResources, { target, call }: TrailCall): Decision {
  const { principal, ...request } = call;
  return resources.decide(principal, { target, ...request });
}

function refusedCalls(resources: PolicedResources, calls: readonly TrailCall[]): RefusedCall[] {
  const refused = calls
    .filter((one) => decideCall(resources, one).decision !== "allowed")
    .map(({ call, target }): RefusedCall => ({ action: call.action, policy: target }));
  const once = new Map(refused.map((one) => [`${one.action} ${one.policy}`, one]));
  return [...once.values()];
}
