import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentJsonSchemaText } from "../../envs/json-schema";
import { environmentsFolder } from "../project";
import { print, say } from "../terminal";

/** Prints the JSON Schema of environment files, or writes it where editors look for it. */
export function schema({ write = false }: { readonly write?: boolean }): void {
  const text = environmentJsonSchemaText();
  if (!write) {
    print(...text.trimEnd().split("\n"));
    return;
  }
  const file = join(environmentsFolder(), "environment.schema.json");
  writeFileSync(file, text);
  say(`${file} is written.`);
}
