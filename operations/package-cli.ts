import { program, run } from "./cli";

/** The command as the npm package has it. */
void run(program());
