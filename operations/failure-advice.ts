import { stackNames } from "../envs/stack-names";
import type { StackOutcome } from "./run-stacks";
import type { StackVerb } from "./stack-order";

/** What the advice names. */
export interface AdviceContext {
  /** The environment's name. */
  readonly environment: string;
  /** The command for these stacks, ready to paste; where no verb is given, the run's own again. */
  readonly command: (stacks: readonly string[], verb?: StackVerb) => string;
}

/** Terraform's messages that can't be reworded where they arise, with what to do about them. */
const known: readonly {
  readonly message: RegExp;
  readonly advice: (context: AdviceContext) => string;
}[] = [
  {
    message: /Unable to find remote state/,
    advice: ({ environment, command }) =>
      `the destination of environment ${environment} was never deployed. Run: ${command([stackNames.destination({ name: environment })], "deploy")}`,
  },
  {
    // In any case before "Failed to install provider", of which it is the reason.
    message:
      /match any of the checksums (previously )?recorded in the dependency lock file|Provider dependency changes detected/,
    advice: () =>
      "the AWS provider is not the one that .terraform.lock.hcl beside cdktf.json names, or the file lacks this platform's hash. A platform is added as docs/versions.md says; if nobody changed provider or platform, find out who changed the package before you go on.",
  },
  {
    message: /Failed to (query available provider packages|install provider)/,
    advice: () =>
      "the AWS provider could not be had. Offline, name a filesystem mirror in CENTRAL_TRAIL_PROVIDER_MIRROR (`terraform providers mirror` makes one).",
  },
  {
    message: /Saved plan is stale/,
    advice: () =>
      "the state was changed since the plan was made, so the plan would not do what was reviewed. Plan and review again.",
  },
  {
    message: /Error acquiring the state lock/,
    advice: () =>
      "another run holds the state, or one was killed. If none is under way: `terraform force-unlock` with the ID above.",
  },
];

/** What to do about an error that Terraform printed; undefined where we know nothing of it. */
export function meaningOf(error: string, context: AdviceContext): string | undefined {
  const text = fold(error);
  for (const { message, advice } of known) {
    if (message.test(text)) return advice(context);
  }
  return undefined;
}

/**
 * The end of a run that did not do all, for people: what failed or was interrupted and what to do
 * about it, what is done, what was declined or not tried, and the command that takes it up again.
 * Empty where all is done.
 */
export function failureAdvice(
  outcomes: readonly StackOutcome[],
  context: AdviceContext,
): readonly string[] {
  const named = (state: StackOutcome["state"]): readonly string[] =>
    outcomes.filter((outcome) => outcome.state === state).map(({ stack }) => stack);
  const left = outcomes.filter(({ state }) => state !== "done").map(({ stack }) => stack);
  if (left.length === 0) return [];
  const explained = outcomes.flatMap(({ stack, state, error = "" }) => {
    if (state !== "failed" && state !== "interrupted") return [];
    const meant = meaningOf(error, context);
    const meaning = meant === undefined ? [] : [`  That is: ${meant}`];
    const what = state === "failed" ? "failed" : "was interrupted";
    return [`${stack} ${what}${error ? `: ${briefly(error)}` : "."}`, ...meaning];
  });
  const list = (title: string, stacks: readonly string[]): string[] =>
    stacks.length > 0 ? [`${title}: ${stacks.join(", ")}`] : [];
  return [
    ...explained,
    ...list("Done", named("done")),
    ...list("Declined", named("declined")),
    ...list("Not tried", named("not tried")),
    `To go on${named("failed").length > 0 ? ", when it is mended" : ""}: ${context.command(left)}`,
  ];
}

/** Terraform's errors without the places in generated JSON, which say nothing to people. */
function briefly(error: string): string {
  const paragraphs = error
    .split(/\n\s*\n/)
    .filter((paragraph) => !/^\s*(with|on) .*cdk\.tf\.json/s.test(paragraph));
  return fold(paragraphs.join("\n")).replaceAll(/(^|(?<=\. ))Error: /g, "");
}

function fold(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
