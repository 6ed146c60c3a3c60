import { program } from "./cli";
import { run } from "./terminal/run-command";

/** The command as the npm package has it. */
void run(program());
