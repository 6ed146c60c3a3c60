import type { Command } from "commander";

/** `central-trail schema` */
export function schemaVerb(cli: Command): void {
  cli
    .command("schema")
    .description("print the JSON Schema of environment files, for editors")
    .option("--write", "write it to envs/environment.schema.json instead", false)
    .action((options: { readonly write: boolean }) => {
      const { schema } = require("../check/schema") as typeof import("../check/schema");
      schema(options);
    });
}
