/** cdktf's files, by the names that it gives them. */

/** What says how an app is run; its folder is the project. */
export const PROJECT_FILE = "cdktf.json";

/** The project's folder of written stacks, where nothing else is said. */
export const OUTPUT_FOLDER = "cdktf.out";

/** The folder of the stacks' folders, in the output; a folder of saved plans has the same. */
export const STACKS_FOLDER = "stacks";

/** A stack's Terraform JSON, in its folder. */
export const STACK_FILE = "cdk.tf.json";
