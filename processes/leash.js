/**
 * Runs a command that must not outlive whoever started it: `node leash.js GRACE_MS COMMAND [ARG...]`.
 *
 * The command gets its own process group. The group is ended when the leash gets SIGTERM, or when
 * its standard input closes, which happens even if the process at the other end is killed with
 * SIGKILL. Whatever the command leaves behind in its group ends with it. The exit code is the
 * command's; 128 plus the signal's number where a signal ended it; 127 where it could not start.
 *
 * Plain JavaScript, so that it starts in milliseconds and without a loader.
 */
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { setTimeout } = require("node:timers");

const [grace, command, ...args] = process.argv.slice(2);

let child;
let exitCode;
let stopping = false;

/** Sends a signal to the whole group; false where nobody of it is left. */
function signalGroup(signal) {
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    return false;
  }
}

function stop() {
  if (stopping || child?.pid === undefined) return;
  stopping = true;
  const deadline = Date.now() + Number(grace);
  signalGroup("SIGTERM");
  const poll = () => {
    if (signalGroup(0) && Date.now() < deadline) {
      setTimeout(poll, 20);
      return;
    }
    signalGroup("SIGKILL");
    if (exitCode === undefined) child.once("exit", () => process.exit(exitCode));
    else process.exit(exitCode);
  };
  poll();
}

// Before the command starts: a leash that ended without them would leave it running.
process.on("SIGTERM", stop);
// Ctrl-C reaches every process of the terminal; whoever holds the leash decides what it means.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.stdin.on("end", stop).on("error", stop).resume();

child = spawn(command, args, { detached: true, stdio: ["ignore", "inherit", "inherit"] });
child.once("error", (error) => {
  process.stderr.write(`${command}: ${error.message}\n`);
  process.exit(127);
});
child.once("exit", (code, signal) => {
  exitCode = code ?? 128 + constants.signals[signal];
  stop();
});
