/**
 * Runs a command that must not outlive whoever started it by more than it needs to end well:
 * `node leash.js GRACE COMMAND [ARG...]`. Plain JavaScript, so that it starts in milliseconds and
 * without a loader.
 *
 * It is asked to end the command by SIGTERM, or by the end of its standard input, which comes even
 * if the process at the other end is killed with SIGKILL. What that means is GRACE's to say:
 *
 * - a number: the command's whole process group gets SIGTERM, and SIGKILL after so many
 *   milliseconds or where it is asked again.
 * - `own-time`: the command alone gets SIGINT, and takes as long as it needs: Terraform waits for
 *   its providers, saves its state and unlocks it. Providers that got the signal too would lose
 *   what is in the making. Asked again, it gets a second SIGINT, upon which Terraform ends at once;
 *   asked a third time, the group is killed.
 *
 * Whatever the command leaves behind in its group ends with it. The exit code is the command's; 128
 * plus the signal's number where a signal ended it; 127 where it could not start.
 *
 * The command prints into pipes that the leash holds, and that never break. Where nobody takes what
 * it relays, it keeps reading and drops it.
 */
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { performance } = require("node:perf_hooks");
const { setTimeout } = require("node:timers");

const [grace, command, ...args] = process.argv.slice(2);
const ownTime = grace === "own-time";

/** Milliseconds that the rest of a group has once its command has ended in its own time. */
const GRACE_OF_THE_REST = 2000;
/** Milliseconds for output of who left the group, and so is not ended, but holds its pipes. */
const GRACE_OF_PIPES = 1000;
/** Bytes that wait for a reader who is there but does not read; then the command waits too. */
const MOST_WAITING = 16 * 1024 * 1024;
/**
 * Milliseconds in which being asked twice is being asked once: whoever signals all, signals us too.
 */
const AT_ONCE = 500;

let child;
let exitCode;
let asked = 0;
let lastAsked = -AT_ONCE;
let ending = false;
/** Streams of ours that nobody takes anything from any more. */
const gone = new Set();

/** Sends a signal to the whole group; false where nobody of it is left. */
function signalGroup(signal) {
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    return false;
  }
}

function ask() {
  if (child?.pid === undefined || exitCode !== undefined) return;
  if (performance.now() - lastAsked < AT_ONCE) return;
  lastAsked = performance.now();
  asked++;
  if (asked > (ownTime ? 2 : 1)) signalGroup("SIGKILL");
  else if (ownTime) child.kill("SIGINT");
  else endGroup(Number(grace));
}

/** Ends the group, and then itself once the command has ended. */
function endGroup(graceMs) {
  if (ending) return;
  ending = true;
  const deadline = Date.now() + graceMs;
  signalGroup("SIGTERM");
  const poll = () => {
    if (signalGroup(0) && Date.now() < deadline) {
      setTimeout(poll, 20);
      return;
    }
    signalGroup("SIGKILL");
    if (exitCode === undefined) child.once("exit", finish);
    else finish();
  };
  poll();
}

/** Ends with the command's exit code, once all that it printed is relayed. */
function finish() {
  const read = (stream) => new Promise((resolve) => stream.once("close", resolve).resume());
  const open = [child.stdout, child.stderr].filter((stream) => !stream.closed);
  const late = new Promise((resolve) => setTimeout(resolve, GRACE_OF_PIPES));
  void Promise.race([Promise.all(open.map(read)), late]).then(() => exit(exitCode));
}

async function exit(code) {
  const taken = [process.stdout, process.stderr].filter((stream) => !gone.has(stream));
  await Promise.all(taken.map((to) => new Promise((resolve) => to.write("", () => resolve()))));
  process.exit(code);
}

/** What `from` prints goes to `to`, as long as that takes it. */
function relay(from, to) {
  to.on("error", () => {
    gone.add(to);
    from.resume();
  });
  to.on("drain", () => from.resume());
  from.on("data", (piece) => {
    if (gone.has(to)) return;
    to.write(piece);
    if (to.writableLength > MOST_WAITING && exitCode === undefined) from.pause();
  });
}

// Before the command starts: a leash that ended without them would leave it running.
process.on("SIGTERM", ask);
// Those of a terminal are for whoever holds the leash, and decides what they mean.
for (const signal of ["SIGINT", "SIGHUP", "SIGQUIT"]) process.on(signal, () => {});
const abandoned = () => {
  if (asked === 0) ask();
};
process.stdin.on("end", abandoned).on("error", abandoned).resume();

child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
relay(child.stdout, process.stdout);
relay(child.stderr, process.stderr);
child.once("error", (error) => {
  process.stderr.write(`${command}: ${error.message}\n`);
  void exit(127);
});
child.once("exit", (code, signal) => {
  exitCode = code ?? 128 + constants.signals[signal];
  endGroup(ownTime ? GRACE_OF_THE_REST : Number(grace));
});
