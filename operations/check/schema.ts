import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentJsonSchemaText } from "../../envs/schema/json-schema";
import { ExpectedError } from "../expected-error";
import { environmentsFolder } from "../project";
import { print, say } from "../terminal/terminal";

/** Prints the JSON Schema of environment files, or writes it where editors look for it. */
export function schema({ write = false }: { readonly write?: boolean }): void {
  const text = environmentJsonSchemaText();
  if (!write) {
    print(...text.trimEnd().split("\n"));
    return;
  }
  const file = join(environmentsFolder(), "environment.schema.json");
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new ExpectedError([`${file} can't be written: ${(error as Error).message}`]);
  }
  say(`${file} is written.`);
}
