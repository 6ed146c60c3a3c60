import { setMaxListeners } from "node:events";
import { constants } from "node:os";
import { ExpectedError } from "../expected-error";
import { say } from "./terminal";

/** What asks a verb to end: Ctrl-C, a cancelled job, a closed terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Event of an {@link interruption}: who interrupted it does not want to wait. */
export const AGAIN = "again";

/**
 * Milliseconds in which two signals are one: npm passes on what its child got from the terminal
 * too.
 */
const AT_ONCE = 1000;

/** Milliseconds for all that is left to do, once nothing is waited for any more. */
const LAST_GRACE = 5000;

/** Of verbs that run Terraform. */
const WAITS =
  "waiting for what is under way to end well. Another Ctrl-C ends it at once, and may lose what it makes.";

/** Of verbs that run a local AWS. */
export const CLEANS_UP = "cleaning up …";

/**
 * Aborted by the first Ctrl-C, SIGTERM or SIGHUP, with the signal's name as its reason. Each Ctrl-C
 * after it dispatches {@link AGAIN}; upon the second of them the process ends, whatever is under
 * way. A SIGTERM or SIGHUP that follows changes nothing: a runner of CI jobs sends several within
 * seconds.
 *
 * @param what is done about it, for people; by default that Terraform is waited for
 */
export function interruption(what = WAITS): AbortSignal {
  const controller = new AbortController();
  // One for each stack that is under way.
  setMaxListeners(0, controller.signal);
  let last = -AT_ONCE;
  let again = 0;
  const handle = (name: (typeof SIGNALS)[number]): void => {
    const now = performance.now();
    if (now - last < AT_ONCE) return;
    if (!controller.signal.aborted) {
      last = now;
      say(`${name}: ${what}`);
      if (name === "SIGHUP") process.once("exit", endWithTheTerminal);
      controller.abort(name);
    } else if (name === "SIGINT") {
      last = now;
      again++;
      say(again === 1 ? "Once more: ending at once." : "And again: killing what is left.");
      controller.signal.dispatchEvent(new Event(AGAIN));
      if (again > 1) setTimeout(() => process.exit(interruptedCode(name)), LAST_GRACE).unref();
    }
  };
  for (const name of SIGNALS) process.on(name, handle);
  return controller.signal;
}

/**
 * Node aborts as it ends, since it cannot give back a terminal that is gone; the signal ends it
 * too.
 */
function endWithTheTerminal(): void {
  if (![process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)) return;
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}

/** As shells have it: 128 plus the signal's number; 1 where no signal is the reason. */
function interruptedCode(reason: unknown): number {
  const name = SIGNALS.find((one) => one === reason);
  return name === undefined ? 1 : 128 + constants.signals[name];
}

/** Thrown where something did not come to its end since it was interrupted. */
export class Interrupted extends ExpectedError {
  /**
   * @param signal of the {@link interruption}
   * @param said what a process that was interrupted printed to standard error
   * @param lines for people
   */
  constructor(
    signal: AbortSignal,
    readonly said = "",
    lines: readonly string[] = ["Interrupted."],
  ) {
    super(lines, interruptedCode(signal.reason));
    this.name = "Interrupted";
  }
}
