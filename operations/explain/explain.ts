import { accountIdProblem, trailNameProblem } from "../../cloudtrail/names";
import {
  parseTrailArn,
  trailArn,
  type TrailIdentity,
} from "../../cloudtrail/trails/trail-identity";
import { trailIdentity } from "../../envs/trails";
import type { Environment } from "../../envs/types";
import { explain } from "../../iam/explain";
import { ExpectedError } from "../expected-error";
import { changingPolicies, deleting, forging, PolicedResources, reading } from "./requests";
import {
  deedLines,
  deedTable,
  encryptionNote,
  indented,
  NOT_LOOKED_AT,
  refusedLines,
  trailTable,
} from "./text";
import { mayEncrypt, mayWrite, trailAccess } from "./trails";
import { type DeedAnswer, whoCan } from "./who";
import { projectEnvironment } from "../project";
import { print, printJson } from "../terminal/terminal";

/** What is asked; without any of it the whole environment is explained. */
export interface Question {
  /** Whether CloudTrail may write `key` for `trail` of `account`. */
  readonly mayWrite?: boolean;
  readonly account?: string;
  /** A trail's name or ARN. */
  readonly trail?: string;
  readonly key?: string;
  /** The account whose logs are to be read. */
  readonly whoCanRead?: string;
  readonly whoCanDelete?: boolean;
}

/** Options of the verb. */
export interface ExplainOptions extends Question {
  readonly env: string;
  readonly json: boolean;
}

/** Explains who may do what in an environment, by its policies alone: AWS is not asked. */
export function explainAccess({ env, json, ...question }: ExplainOptions): void {
  const environment = projectEnvironment(env);
  const { result, lines } = explained(environment, question);
  if (json) printJson({ environment: env, ...result });
  else print(...lines);
}

/** A result for programs, and its lines for people. */
export interface Explained {
  readonly result: object;
  readonly lines: readonly string[];
}

/**
 * The answer to a question about an environment, or to all of them.
 *
 * @throws ExpectedError where the question is none
 */
export function explained(environment: Environment, question: Question): Explained {
  const problems = questionProblems(question);
  if (problems.length > 0) throw new ExpectedError(problems);
  return answer(new PolicedResources(environment), question);
}

function questionProblems(options: Question): string[] {
  const { mayWrite: asked, account, trail, key, whoCanRead } = options;
  const questions = [asked, whoCanRead, options.whoCanDelete].filter(Boolean).length;
  const accountProblem = (flag: string, value: string | undefined): string[] => {
    const problem = value === undefined ? undefined : accountIdProblem(value);
    return problem === undefined ? [] : [`${flag}: ${JSON.stringify(value)} ${problem}.`];
  };
  const arn = trail === undefined ? undefined : parseTrailArn(trail);
  const nameProblem = trail === undefined || arn ? undefined : trailNameProblem(trail);
  return [
    ...(questions > 1
      ? ["Ask one thing at a time: --may-write, --who-can-read or --who-can-delete."]
      : []),
    ...(asked && (account === undefined || key === undefined)
      ? ["--may-write needs --account <ID> and --key <object key>."]
      : []),
    ...(!asked && [account, trail, key].some((value) => value !== undefined)
      ? ["--account, --trail and --key belong to --may-write."]
      : []),
    ...accountProblem("--account", account),
    ...accountProblem("--who-can-read", whoCanRead),
    ...(nameProblem === undefined
      ? []
      : [`--trail: ${JSON.stringify(trail)} ${nameProblem}, or be a trail's ARN.`]),
    ...(arn === undefined || account === undefined || arn.accountId === account
      ? []
      : [`--trail: ${trail} is a trail of ${arn.accountId}, and --account is ${account}.`]),
  ];
}

function answer(resources: PolicedResources, options: Question): Explained {
  if (options.mayWrite) {
    return explainWrite(resources, askedTrail(resources.environment, options), options.key!);
  }
  const { whoCanRead } = options;
  if (whoCanRead !== undefined) {
    const trail = trailOf(resources.environment, whoCanRead);
    return explainDeeds([whoCan(resources)(reading(resources, trail))]);
  }
  if (options.whoCanDelete) {
    return explainDeeds(deleting(resources).map(whoCan(resources)));
  }
  return explainAll(resources);
}

/** The account's trail by the environment file; of a stranger, one like the destination's. */
function trailOf(environment: Environment, account: string): TrailIdentity {
  const { destination, members } = environment;
  const known = [destination, ...members].find((one) => one.account === account);
  return trailIdentity(environment, known ?? { ...destination, account });
}

function askedTrail(environment: Environment, { account = "", trail }: Question): TrailIdentity {
  const own = trailOf(environment, account);
  if (trail === undefined) return own;
  return parseTrailArn(trail) ?? { ...own, name: trail };
}

function explainWrite(resources: PolicedResources, trail: TrailIdentity, key: string): Explained {
  const write = mayWrite(resources, trail, key);
  const encryption = mayEncrypt(resources, trail);
  const who = `CloudTrail, for ${trailArn(trail)},`;
  return {
    result: {
      question: "may-write",
      trailArn: trailArn(trail),
      key,
      write,
      ...(encryption === undefined ? {} : { encrypt: encryption }),
    },
    lines: [
      `May ${who} write ${key}?`,
      explain(write),
      "",
      ...(encryption
        ? [`May ${who} encrypt with the key?`, explain(encryption)]
        : [encryptionNote(resources)]),
    ],
  };
}

function explainDeeds(deeds: readonly DeedAnswer[]): Explained {
  return {
    result: { deeds, notLookedAt: NOT_LOOKED_AT },
    lines: [...deeds.flatMap((deed) => [...deedLines(deed), ""]), ...notes()],
  };
}

function explainAll(resources: PolicedResources): Explained {
  const { destination, members } = resources.environment;
  const trails = trailAccess(resources);
  const answerDeed = whoCan(resources);
  const readers = grouped(
    [destination, ...members].map(({ account }) => ({
      account,
      deed: answerDeed(reading(resources, trailOf(resources.environment, account))),
    })),
  );
  const others = [...deleting(resources), ...changingPolicies(resources), forging(resources)];
  const deeds = [...readers, ...others.map(answerDeed)];
  return {
    result: { trails, deeds, notLookedAt: NOT_LOOKED_AT },
    lines: [
      "What CloudTrail may do for each account's trail:",
      ...indented(trailTable(trails)),
      // The last is a stranger, whom everything is refused.
      ...refusedLines(trails.slice(0, -1)),
      ...(trails.some((trail) => trail.encrypt !== undefined) ? [] : [encryptionNote(resources)]),
      "",
      ...deedTable(deeds),
      "",
      ...notes(),
    ],
  };
}

function notes(): string[] {
  return ["Not looked at:", ...indented(NOT_LOOKED_AT)];
}

/** Accounts of whose logs the same is to be said, in one. */
function grouped(readers: readonly { account: string; deed: DeedAnswer }[]): DeedAnswer[] {
  const groups = new Map<string, { accounts: string[]; deed: DeedAnswer }>();
  for (const { account, deed } of readers) {
    const content = JSON.stringify(deed.answers);
    const group = groups.get(content) ?? { accounts: [], deed };
    groups.set(content, { ...group, accounts: [...group.accounts, account] });
  }
  return [...groups.values()].map(({ accounts, deed }) => ({
    ...deed,
    what: `read the log files of ${accounts.length === readers.length ? "each account" : accounts.join(", ")}`,
  }));
}
