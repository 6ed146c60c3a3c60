/** The apps of examples/ as their readers have them: copies outside of this repository. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ended, type Ended } from "./deployment";
import { REPOSITORY } from "./repository";

/** A copy of an example. */
export class Example {
  /** @param parent the folder above it: where packages may lie that several copies share */
  static copy(name: string, parent: string): Example {
    const folder = join(parent, name);
    cpSync(join(REPOSITORY, "examples", name), folder, { recursive: true });
    return new Example(folder);
  }

  private constructor(readonly folder: string) {}

  /**
   * Has npm take central-trail from a tarball: the version that package.json names may not be out
   * yet.
   */
  useTarball(tarball: string): void {
    this.edit("package.json", /("central-trail": )"[^"]+"/, `$1"file:${tarball}"`);
  }

  /** Changes a file, as its reader would. */
  edit(file: string, found: RegExp, text: string): void {
    const path = join(this.folder, file);
    const before = readFileSync(path, "utf8");
    if (!found.test(before)) throw new Error(`${path} has nothing like ${String(found)}.`);
    writeFileSync(path, before.replace(found, text));
  }

  typeCheck(): Promise<Ended> {
    return this.run("npx", ["tsc", "--noEmit"]);
  }

  /** Runs the command of cdktf.json, as `cdktf synth` does. */
  synthesize(env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
    const { app } = JSON.parse(readFileSync(join(this.folder, "cdktf.json"), "utf8")) as {
      app: string;
    };
    return this.run("sh", ["-c", app], env);
  }

  /** A script of package.json. */
  script(name: string, ...args: readonly string[]): Promise<Ended> {
    return this.run("npm", ["run", "--silent", name, "--", ...args]);
  }

  /** Terraform in the folder of a stack that was synthesized. */
  terraform(env: NodeJS.ProcessEnv, stack: string, ...args: readonly string[]): Promise<Ended> {
    const folder = join(this.folder, "cdktf.out", "stacks", stack);
    return ended("terraform", [...args, "-no-color"], folder, env);
  }

  private run(program: string, args: readonly string[], env = process.env): Promise<Ended> {
    return ended(program, args, this.folder, env);
  }
}
