import { Command } from "commander";
import { checkVerb } from "./verbs/check";
import { deployVerb, destroyVerb } from "./verbs/deploy";
import { driftVerb } from "./verbs/drift";
import { eventsVerb } from "./verbs/events";
import { explainVerb } from "./verbs/explain";
import { initVerb } from "./verbs/init";
import { planVerb } from "./verbs/plan";
import { policiesVerb } from "./verbs/policies";
import { recoverVerb } from "./verbs/recover";
import { schemaVerb } from "./verbs/schema";
import { stacksVerb } from "./verbs/stacks";
import { verifyVerb } from "./verbs/verify";

const EXIT_CODES = `
Exit codes: 0 done, 1 something is wrong (standard error says what), 2 wrong usage;
129, 130, 143 interrupted by SIGHUP, Ctrl-C, SIGTERM before all was done.`;

/**
 * The verbs that need no more than the environment files, Terraform and AWS; help lists them so.
 */
const VERBS = [
  initVerb,
  deployVerb,
  destroyVerb,
  recoverVerb,
  planVerb,
  driftVerb,
  stacksVerb,
  checkVerb,
  policiesVerb,
  explainVerb,
  verifyVerb,
  eventsVerb,
  schemaVerb,
];

/**
 * The command with its verbs. Each owns its options, help and exit codes in `verbs/`, and loads
 * what it does only when it is run.
 *
 * @param more verbs that the npm package does not have
 */
export function program(more: readonly ((cli: Command) => void)[] = []): Command {
  const cli = new Command("central-trail")
    .description("CloudTrail logs of many AWS accounts in one bucket: deploy, check, try out.")
    .addHelpText("after", EXIT_CODES)
    .showHelpAfterError("(add --help for what is allowed)")
    .showSuggestionAfterError()
    .exitOverride();
  for (const verb of [...VERBS, ...more]) verb(cli);
  return cli;
}
