import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { stackNames } from "../../envs/stack-names";
import type { Account, Environment } from "../../envs/types";
import type { AwsAccess } from "../../aws/account-access";
import { ExpectedError } from "../expected-error";
import { oneLine } from "../../review/writing/markdown-text";
import type { SynthesizedStack } from "../terraform/synthesis";
import { PLAIN, terraform, type TerraformOptions, unframed } from "../terraform/terraform";
import { type Candidate, candidatesOf } from "./candidates";
import {
  readStackJson,
  type ResourceBlock,
  type StackConfiguration,
  stackConfiguration,
  stateId,
} from "./configuration";
import {
  type Import,
  importProblem,
  isNotThere,
  type StackFindings,
  taintDecision,
  type Untaint,
} from "./findings";
import { decideKeptStates, type KeptState } from "./kept-states";
import { judgeLock, type LockVerdict, type LockWitness, parseLock } from "./lock";
import { type Standing, StandingResources } from "./standing";
import {
  addressesIn,
  attributesIn,
  parseState,
  type StateFile,
  taintedIn,
  withSerial,
} from "./state-file";
import { stateStore } from "./state-store";
import { Trial } from "./trial";
import { bucketSettings } from "./undeclared";

/** What recovering a stack works with. */
export interface RecoveryContext {
  readonly environment: Environment;
  readonly access: AwsAccess;
  readonly terraform: Pick<TerraformOptions, "env" | "signal">;
  /** A folder for copies of states, which goes with the run. */
  readonly folder: string;
  /** The resources of all stacks. */
  readonly declared: readonly ResourceBlock[];
  /** What was kept of states that could not be written. */
  readonly keptStates: (stack: string) => readonly KeptState[];
  readonly witness: (state: string) => LockWitness;
  readonly onStatus: (text: string) => void;
}

/** A stack, what was found of it, and the state that comes of doing what is to be done. */
export interface LookedAt {
  readonly stack: SynthesizedStack;
  readonly findings: StackFindings;
  /** @default - nothing is imported or untainted */
  readonly newState?: string;
}

/** Looks at a stack, and changes nothing. */
export async function lookAt(stack: SynthesizedStack, context: RecoveryContext): Promise<LookedAt> {
  const { environment, access } = context;
  const configuration = stackConfiguration(readStackJson(stack.folder));
  const store = stateStore(configuration.state, environment, access);
  try {
    const [text, lockText] = await Promise.all([store.state(), store.lock()]);
    const lock = lockVerdict(
      stateId(configuration.state, context.terraform.env),
      lockText,
      context,
    );
    const current = text === undefined ? undefined : parseState(text);
    const kept = decideKeptStates(current, context.keptStates(stack.name));
    const known = {
      stack: stack.name,
      ...(lock ? { lock } : {}),
      ...(kept.push ? { push: { file: kept.push.file, serial: kept.push.state.serial } } : {}),
    };
    const base = kept.push?.text ?? text;
    const rest = await compare(stack, configuration, base, context);
    const { newState, imports, untaints, left } = rest;
    return {
      stack,
      newState,
      findings: {
        ...known,
        imports,
        untaints,
        notes: kept.isStuck ? [] : kept.notes,
        left: [...(kept.isStuck ? kept.notes : []), ...left],
      },
    };
  } finally {
    store.destroy();
  }
}

function lockVerdict(
  state: string,
  text: string | undefined,
  { witness }: RecoveryContext,
): LockVerdict | undefined {
  return text === undefined ? undefined : judgeLock(state, parseLock(text), witness(state));
}

type Comparison = Pick<StackFindings, "imports" | "untaints" | "left"> & Pick<LookedAt, "newState">;

/** What AWS has that the state has not, and what the state has as tainted; tried out on a copy. */
async function compare(
  stack: SynthesizedStack,
  configuration: StackConfiguration,
  base: string | undefined,
  context: RecoveryContext,
): Promise<Comparison> {
  const { environment, access } = context;
  const state = base === undefined ? undefined : parseState(base);
  const account = accountOf(stack.name, environment);
  const { account: accountId, region } = account;
  const inState = addressesIn(state);
  const candidates = candidatesOf(configuration.resources, {
    partition: environment.partition,
    accountId,
    region,
    endpoint: access.endpoint ?? process.env.AWS_ENDPOINT_URL,
  }).filter(({ address }) => !inState.has(address));
  const tainted = taintedIn(state);
  const aws = new StandingResources(environment, account, access);
  const left: string[] = [];
  try {
    const found: Found[] = [];
    for (const candidate of candidates) {
      context.onStatus(`${stack.name}: looking for ${candidate.words}`);
      found.push({ candidate, standing: await aws.find(candidate.sought) });
    }
    const sought = found.flatMap((one) => {
      const problem = refusal(one, found, configuration, state);
      if (problem !== undefined) left.push(problem);
      return problem === undefined && "id" in one.standing
        ? [{ ...one.candidate, id: one.standing.id }]
        : [];
    });
    if (sought.length === 0 && tainted.length === 0) return { imports: [], untaints: [], left };
    const trial = new Trial(stack, join(context.folder, stack.name), base, context.terraform);
    const failure = await trial.init();
    if (failure !== undefined) throw new ExpectedError([oneLine(failure, 500)]);
    const imported: (typeof sought)[number][] = [];
    for (const one of sought) {
      context.onStatus(`${stack.name}: reading ${one.words}`);
      const error = await trial.import(one.address, one.id);
      if (error === undefined) imported.push(one);
      else if (!isNotThere(error))
        left.push(`The ${one.words} is in no state and could not be read: ${oneLine(error, 500)}`);
    }
    for (const address of tainted) await trial.untaint(address);
    context.onStatus(`${stack.name}: planning`);
    const addresses = [...imported.map(({ address }) => address), ...tainted];
    if (addresses.length === 0) return { imports: [], untaints: [], left };
    const plan = await trial.plan(addresses);
    const imports: Import[] = [];
    for (const { address, words, id, sought: by } of imported) {
      const change = plan.changes.get(address);
      const problem = importProblem(words, change);
      if (problem !== undefined) {
        left.push(problem);
        await trial.forget(address);
        continue;
      }
      const read = attributesIn(parseState(trial.state!), address) ?? {};
      const settings = [
        ...(by.kind === "bucket" ? bucketSettings(read, context.declared) : []),
        ...(await aws.settings(by, id)),
      ];
      imports.push({ address, words, id, settings, ...(change ? { change } : {}) });
    }
    const untaints: Untaint[] = [];
    for (const address of tainted) {
      const decision = taintDecision(address, plan);
      if ("untaint" in decision) untaints.push(decision.untaint);
      else {
        left.push(decision.left);
        await trial.taint(address);
      }
    }
    const isChanged = imports.length > 0 || untaints.length > 0;
    const serial = (state?.serial ?? 0) + 1;
    return {
      imports,
      untaints,
      left,
      // The next serial, whatever the copy's: if anybody writes the state meanwhile, Terraform
      // refuses this one.
      ...(isChanged ? { newState: withSerial(trial.state!, serial) } : {}),
    };
  } finally {
    aws.destroy();
  }
}

interface Found {
  readonly candidate: Candidate;
  readonly standing: Standing;
}

/** Why something that stands is not to be imported. */
function refusal(
  { candidate, standing }: Found,
  found: readonly Found[],
  { resources }: StackConfiguration,
  state: StateFile | undefined,
): string | undefined {
  if (standing.kind === "refused") return `${candidate.words}: ${standing.why}`;
  if (standing.kind !== "stands" || standing.aliasOf === undefined) return undefined;
  const target = String(
    resources.find(({ address }) => address === candidate.address)?.body["target_key_id"],
  );
  const [, keyAddress = ""] = /^\$\{(.*)\.\w+\}$/.exec(target) ?? [];
  const key = found.find((one) => one.candidate.address === keyAddress);
  const keyId =
    attributesIn(state, keyAddress)?.["key_id"]?.toString() ??
    (key?.standing.kind === "stands" ? key.standing.id : undefined);
  if (keyId === standing.aliasOf) return undefined;
  const tag = key?.candidate.sought.kind === "key" ? key.candidate.sought.tag : undefined;
  return keyId === undefined
    ? `${candidate.words} stands in AWS for the key ${standing.aliasOf}, which no state has${tag ? ` and which does not carry the tag ${tag.key} = ${tag.value}` : ""}. If it is the key of these logs, say so (\`aws kms tag-resource --key-id ${standing.aliasOf} --tags TagKey=${tag?.key},TagValue=${tag?.value}\`) and run this again; if not, choose another alias in the environment file.`
    : `${candidate.words} stands in AWS for another key, ${standing.aliasOf}, than the one that the state or the tag names, ${keyId}. Which of them encrypted the log files only people can say.`;
}

function accountOf(stack: string, environment: Environment): Account {
  const { destination, members } = environment;
  return members.find((member) => stackNames.member(environment, member) === stack) ?? destination;
}

/**
 * Does what was found to be done about a stack, each in one step of Terraform's own.
 *
 * @param mayUnlock whether its lock may be taken off; without that nothing is done where there is
 *   one
 * @returns what was done, and what went wrong
 */
export async function recover(
  { stack, findings, newState }: LookedAt,
  { folder, terraform: options }: RecoveryContext,
  mayUnlock: boolean,
): Promise<{ readonly done: readonly string[]; readonly error?: string }> {
  const { lock, push, imports, untaints } = findings;
  const done: string[] = [];
  if (lock && !mayUnlock) return { done };
  const run = async (words: readonly string[], ...args: string[]): Promise<void> => {
    const { code, stderr } = await terraform(stack, args, options);
    if (code !== 0) throw new ExpectedError([oneLine(unframed(stderr), 500)]);
    done.push(...words);
  };
  try {
    await run([], "init", ...PLAIN);
    if (lock) await run([`unlocked: ${lock.info.id}`], "force-unlock", "-force", lock.info.id);
    if (push) await run([`pushed ${push.file}; it can be deleted now`], "state", "push", push.file);
    if (newState !== undefined) {
      const file = join(folder, `${stack.name}.tfstate`);
      writeFileSync(file, newState, { mode: 0o600 });
      const words = [
        ...imports.map((one) => `imported: ${one.words}`),
        ...untaints.map(({ address }) => `untainted: ${address}`),
      ];
      await run(words, "state", "push", file);
    }
    return { done };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { done, error: error.message };
  }
}

/** Reads a file that may be a kept state. */
export function keptState(file: string): KeptState {
  return { file, text: readFileSync(file, "utf8") };
}
