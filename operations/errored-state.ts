import { constants, copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { say } from "./terminal";

/**
 * Terraform leaves the state in its working folder where it could not write it to the backend. That
 * folder goes with the run, so the file is brought to the user's; nothing there is overwritten.
 */
export function keepErroredState({ name, folder }: { name: string; folder: string }): void {
  const left = join(folder, "errored.tfstate");
  if (!existsSync(left)) return;
  const kept = join(process.cwd(), `errored.${name}.${Date.now()}.tfstate`);
  copyFileSync(left, kept, constants.COPYFILE_EXCL);
  say(
    `${name}: Terraform could not write the state. What it knows of this run is in ${kept}: push it`,
    "before the next run (docs/how-to/recover-from-a-failed-deploy.md), and delete it then.",
  );
}
