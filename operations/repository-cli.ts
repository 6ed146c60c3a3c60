import { program } from "./cli";
import { run } from "./terminal/run-command";
import { demoVerb } from "./verbs/demo";
import { labVerb } from "./verbs/lab";

/** The command of the repository: with the verbs that need the local AWS. */
void run(program([demoVerb, labVerb]));
