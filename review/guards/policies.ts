import { parseTrailArn } from "../../cloudtrail/trails/trail-identity";
import type { GuardId } from "../../envs/rules/guard-ids";
import { stackNames } from "../../envs/stack-names";
import type { PolicyDifference, RightDifference } from "../policies";
import { RIGHT_WORDS, type RightId } from "../rights";
import type { Subject } from "../subjects";
import type { GuardFinding, Scene } from "./finding";

/** What policies let through that they did not, and whom they shut out. */
export function policyGuards(scene: Scene): GuardFinding[] {
  return [...scene.policies.flatMap((policy) => openings(scene, policy)), ...cutOff(scene)];
}

function openings(scene: Scene, policy: PolicyDifference): GuardFinding[] {
  const { stack, address, unjudged, created, size } = policy;
  const subject = policy.name === "" ? address : policy.name;
  const common = { stack, address };
  const unknown: GuardFinding[] =
    unjudged === undefined || (unjudged === "unknown" && created)
      ? []
      : [{ guard: "policy-not-known", subject, ...common, what: UNJUDGED[unjudged] }];
  const over: GuardFinding[] =
    (size.after ?? 0) > size.limit
      ? [
          {
            guard: "policy-over-limit",
            subject,
            ...common,
            what: `the policy has ${size.after} bytes, and AWS takes ${size.limit}`,
          },
        ]
      : [];
  const opened = policy.rights.flatMap((right): GuardFinding[] => {
    const guard = right.gain ? guardOf(scene, right, policy) : undefined;
    if (guard === undefined) return [];
    return [
      {
        guard,
        ...common,
        subject: ABOUT_SUBJECT.includes(guard) ? subjectText(right.subject) : subject,
        what: `${SUBJECT_WORDS[right.subject.kind]} may ${RIGHT_WORDS[right.right]}${right.after === "if-identity-allows" ? ", if its own account's policies allow it" : ""}`,
        before: right.before,
        after: right.after,
      },
    ];
  });
  return [...unknown, ...over, ...opened];
}

const UNJUDGED: Readonly<Record<NonNullable<PolicyDifference["unjudged"]>, string>> = {
  unknown: "the policy is known only after apply",
  sensitive: "the policy is marked sensitive, so that it is not read here",
  "no policy": "what stands in place of the policy is not a policy document",
  "not evaluated": "the policy holds what cannot be evaluated",
};

/** Guards whose subject is the one who gains. */
const ABOUT_SUBJECT: readonly GuardId[] = ["stranger-allowed", "log-deletion-allowed"];

/** Who gains, in words of ours. */
export const SUBJECT_WORDS: Readonly<Record<Subject["kind"], string>> = {
  trail: "a trail",
  "same-account-trail": "any other trail of a listed account",
  "unnamed-trail": "a trail of any account whatever",
  "organization-trail": "a trail of any account of the organization",
  service: "an AWS service",
  reader: "a reader",
  operator: "the deployer or the break-glass role",
  principal: "a principal that the environment file does not name",
  owner: "any principal of the resource's own account",
  "unnamed-account": "a principal of any account whatever",
  anonymous: "anybody without credentials",
};

/** What an acknowledgement calls the one who gains. */
export function subjectText({ kind, id }: Subject): string {
  return id === "" ? kind : id;
}

const OVER_HTTP: readonly RightId[] = ["read-over-http", "publish-over-http", "send-over-http"];
const KEEPS_LOGS_SAFE: readonly RightId[] = ["delete", "change-policy", "forge"];
const READS: readonly RightId[] = ["read", "decrypt"];
/** CloudTrail looks, and the account whose trail it is learns nothing. */
const LOOKS: readonly RightId[] = ["look-at-bucket", "look-at-key"];
/** What AWS's own statements let any trail do: whether one gets in is decided elsewhere. */
const ANY_TRAILS: readonly RightId[] = ["use-bucket-key", "encrypt-messages"];

function guardOf(
  { environment }: Scene,
  { subject, right }: RightDifference,
  { created, rights }: PolicyDifference,
): GuardId | undefined {
  const accounts = [environment.destination, ...environment.members].map(({ account }) => account);
  switch (subject.kind) {
    case "anonymous":
      return OVER_HTTP.includes(right) ? undefined : "public-access-opened";
    case "unnamed-trail":
      return LOOKS.includes(right) ? undefined : "stranger-allowed";
    case "unnamed-account":
      return OVER_HTTP.includes(right) ? undefined : "stranger-allowed";
    case "trail":
      if (ANY_TRAILS.includes(right)) return undefined;
      if (!accounts.includes(parseTrailArn(subject.id)?.accountId ?? "")) return "stranger-allowed";
      // A trail that is new may write at all for the first time, which weakens nothing.
      return right === "deliver-otherwise-encrypted" &&
        !rights.some((one) => one.right === "deliver" && one.gain && one.subject.id === subject.id)
        ? "bucket-encryption-weakened"
        : undefined;
    case "service":
      return subject.id.endsWith(" for anybody") ? "stranger-allowed" : undefined;
    case "principal":
      return OVER_HTTP.includes(right) ? undefined : "stranger-allowed";
    case "owner":
    case "operator":
    case "reader":
      if (created) return undefined;
      if (OVER_HTTP.includes(right)) return "tls-not-required";
      if (KEEPS_LOGS_SAFE.includes(right)) return "log-deletion-allowed";
      // The denies of hardening.readersOnly bind the account's own principals too.
      return subject.kind === "owner" && READS.includes(right) ? "stranger-allowed" : undefined;
    case "organization-trail":
    case "same-account-trail":
      return undefined;
  }
}

/** What a trail needs of the policies. */
const NEEDED: readonly RightId[] = [
  "look-at-bucket",
  "deliver",
  "deliver-digests",
  "encrypt",
  "look-at-key",
  "use-bucket-key",
  "encrypt-messages",
  "publish",
];

/** Accounts all of whose trails lose a right that they need. */
function cutOff(scene: Scene): GuardFinding[] {
  const { policies, environment } = scene;
  const members = new Map(environment.members.map((member) => [member.account, member]));
  return policies.flatMap((policy) =>
    accountsThatLose(policy).flatMap(({ account, rights }): GuardFinding[] => {
      const missing =
        account === environment.destination.account || members.has(account)
          ? ["the environment file still lists the account"]
          : reasonsAgainst(scene, account);
      if (missing.length === 0) return [];
      return [
        {
          guard: "account-cut-off",
          subject: account,
          stack: policy.stack,
          address: policy.address,
          what: `its trail may no longer ${rights.map((right) => RIGHT_WORDS[right]).join(", nor ")}; ${missing.join(", and ")}`,
        },
      ];
    }),
  );
}

function accountsThatLose({
  rights,
}: PolicyDifference): { readonly account: string; readonly rights: RightId[] }[] {
  const ofTrails = rights.filter(
    ({ subject, right }) => subject.kind === "trail" && NEEDED.includes(right),
  );
  const accountOf = ({ subject }: RightDifference): string =>
    parseTrailArn(subject.id)?.accountId ?? subject.id;
  const gained = new Set(
    ofTrails.filter(({ gain }) => gain).map((one) => `${accountOf(one)} ${one.right}`),
  );
  const lost = ofTrails.filter((one) => !one.gain && !gained.has(`${accountOf(one)} ${one.right}`));
  return [...new Set(lost.map(accountOf))].sort().map((account) => ({
    account,
    rights: [
      ...new Set(lost.filter((one) => accountOf(one) === account).map(({ right }) => right)),
    ],
  }));
}

/** Why an account that is no longer listed may not lose its policy lines yet. */
function reasonsAgainst(scene: Scene, account: string): string[] {
  const shown = scene.trailsShown.get(account);
  return [
    ...(wasRetiring(scene, account) ? [] : ["it was not retiring in the version that is applied"]),
    ...(shown === "gone"
      ? []
      : [
          shown === "shown"
            ? "the API still shows its trail"
            : "the API could not be asked whether its trail is gone",
        ]),
  ];
}

/** By what the caller says, else by the account's own stack: applied, it has no trail any more. */
function wasRetiring({ applied, estate, environment }: Scene, account: string): boolean {
  if (applied?.retiring.includes(account)) return true;
  const stack = estate.stacks.find(
    (one) => one.stack === stackNames.member(environment, { account }),
  );
  const prior = stack?.plan.prior;
  return prior !== undefined && !prior.some(({ type }) => type === "aws_cloudtrail");
}
