/**
 * The repository runs its sources, by a script of its package.json; the npm package holds what was
 * compiled.
 */
const COMMAND = __filename.endsWith(".ts") ? "npm run central-trail --" : "npx central-trail";

/**
 * A run of this command as it is typed where it is installed: in the repository, or as the npm
 * package.
 */
export function commandLine(...words: readonly string[]): string {
  return [COMMAND, ...words].join(" ");
}
