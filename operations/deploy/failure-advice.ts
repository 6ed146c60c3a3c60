import { stackNames } from "../../envs/stack-names";
import { commandLine } from "../command-line";
import type { StackOutcome } from "./run-stacks";
import type { StackVerb } from "./stack-order";

/** What the advice names. */
export interface AdviceContext {
  /** The environment's name. */
  readonly environment: string;
  /** The command for these stacks, ready to paste; where no verb is given, the run's own again. */
  readonly command: (stacks: readonly string[], verb?: StackVerb) => string;
}

type Advice = (context: AdviceContext) => string;

const recovering: Advice = ({ environment }) =>
  `Run: ${commandLine("recover", "--env", environment)}`;

/** Something of that name stands already; it may be what an ended run made and no state has. */
const standing =
  (what: string): Advice =>
  (context) =>
    `${what} of this name stands in the account and is in no state: an ended run made it, or somebody else did. See what it is, and take it up. ${recovering(context)}`;

const later =
  (what: string): Advice =>
  ({ environment }) =>
    `AWS does not apply the ${what} yet, or it does not let this trail in. Deploy again; if it happens often, raise policyWaitSeconds in the file of ${environment}.`;

/**
 * Messages of Terraform and of AWS that can't be reworded where they arise, with what to do about
 * them. The first that fits is said, so what a run stopped by comes before what AWS answered.
 */
const known: readonly { readonly message: RegExp; readonly advice: Advice }[] = [
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
    message: /no space left on device|disk quota exceeded/,
    advice: (context) =>
      `the disk is full, and what this run made may not be in the state. Make room (\`df -h\` shows where), then look. ${recovering(context)}`,
  },
  {
    message: /read-only file system/,
    advice: (context) =>
      `the disk can't be written to, and what this run made may not be in the state. Make it writable, or name another folder in CENTRAL_TRAIL_STATE_DIR or TMPDIR; then look. ${recovering(context)}`,
  },
  {
    message: /permission denied/,
    advice: (context) =>
      `a file or folder is not this user's to write (\`ls -l\` on the path above says whose), and what this run made may not be in the state. Set it right, then look. ${recovering(context)}`,
  },
  {
    message: /Terraform was ended by SIG/,
    advice: (context) =>
      `it could not finish, so AWS may have what the state has not, and the state may be locked. SIGKILL that nobody sent is mostly the system's, for want of memory: fewer stacks at once (--parallelism 1) need less. ${recovering(context)}`,
  },
  {
    message: /Plugin did not respond|canceled, context canceled|Two interrupts received/,
    advice: (context) =>
      `a call to AWS was cut off, so AWS may have what the state has not. ${recovering(context)}`,
  },
  {
    message: /Failed to (save|persist) state|Error saving state/i,
    advice: (context) =>
      `the state could not be written; what Terraform knew was kept in a file. ${recovering(context)}`,
  },
  {
    message: /Error acquiring the state lock/,
    advice: (context) =>
      `another run holds the state, or one was killed. Wait for it (--lock-timeout 5m); or see who it is, and unlock. ${recovering(context)}`,
  },
  {
    message:
      /Failed to (query available provider packages|install provider)|(could not|failed to) connect to registry|error while installing [\w-]+\/aws/i,
    advice: () =>
      "the AWS provider could not be had. Is the registry reachable (`curl https://registry.terraform.io/.well-known/terraform.json`)? Offline, name a filesystem mirror in CENTRAL_TRAIL_PROVIDER_MIRROR (`terraform providers mirror` makes one).",
  },
  {
    message: /Saved plan is stale/,
    advice: () =>
      "the state was changed since the plan was made, so the plan would not do what was reviewed. Plan and review again.",
  },
  {
    message: /ExpiredToken|RequestExpired|security token included in the request is expired/,
    advice: () =>
      "the credentials have run out. Get new ones (`aws sso login`, or a new session), see that `aws sts get-caller-identity` answers, and go on.",
  },
  {
    message:
      /No valid credential sources|failed to refresh cached credentials|NoCredentialProviders/i,
    advice: () =>
      "there are no AWS credentials. Set AWS_PROFILE or log in (`aws sso login`), see that `aws sts get-caller-identity` answers, and go on.",
  },
  {
    message: /not authorized to perform: sts:AssumeRole|Cannot assume IAM Role/,
    advice: ({ environment }) =>
      `the role may not be assumed with these credentials: it is not there, its trust policy names somebody else or another external ID, or the caller may assume no such role. See \`aws sts get-caller-identity\`, and what the role needs: ${commandLine("policies", "--env", environment, "--trusted", "<your ARN>")}`,
  },
  {
    // In us-east-1 the AWS provider looks before it asks: a bucket that answers it is mostly this
    // account's.
    message: /creating S3 Bucket \([^)]*\): BucketAlreadyExists/,
    advice: standing("a bucket"),
  },
  {
    message: /BucketAlreadyExists/,
    advice: () =>
      "a bucket of this name is somebody else's: names are one for all of AWS. Choose another `bucket` in the environment file, then check it.",
  },
  { message: /BucketAlreadyOwnedByYou/, advice: standing("a bucket") },
  { message: /TrailAlreadyExistsException/, advice: standing("a trail") },
  { message: /QueueAlreadyExists|QueueNameExists/, advice: standing("a queue") },
  {
    message: /Topic already exists with different (attributes|tags)/,
    advice: standing("a topic"),
  },
  { message: /creating KMS Alias.*AlreadyExistsException/, advice: standing("a key's alias") },
  { message: /AlreadyExistsException|is already created/, advice: standing("something") },
  { message: /InsufficientS3BucketPolicyException/, advice: later("bucket's policy") },
  { message: /InsufficientEncryptionPolicyException/, advice: later("key's policy") },
  { message: /InsufficientSnsTopicPolicyException/, advice: later("topic's policy") },
  {
    message: /MalformedPolicy|invalid principals?\b|Invalid parameter: Policy/i,
    advice: ({ environment }) =>
      `AWS refuses a policy, mostly because a role or user in it does not exist: readers, the break-glass role, the deployer. Make it, or take it out of the environment file; the documents: ${commandLine("policies", "--env", environment)}`,
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
    `To go on${named("failed").length > 0 ? ", when it is fixed" : ""}: ${context.command(left)}`,
  ];
}

/**
 * Terraform's errors on one line, without the places in generated JSON, which say nothing to
 * people.
 */
export function briefly(error: string): string {
  const paragraphs = error
    .split(/\n\s*\n/)
    .filter((paragraph) => !/^\s*(with|on) .*cdk\.tf\.json/s.test(paragraph));
  return fold(paragraphs.join("\n")).replaceAll(/(^|(?<=\. ))Error: /g, "");
}

function fold(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
