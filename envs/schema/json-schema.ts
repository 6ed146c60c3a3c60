import { z } from "zod";
import { environmentFile } from "./schema";

/**
 * JSON Schema of an environment file, for editors: `envs/environment.schema.json` is this, written
 * by `npm run schema`. Draft 7, which every YAML language server reads.
 */
export function environmentJsonSchema(): object {
  return z.toJSONSchema(environmentFile, { io: "input", target: "draft-7" });
}

/** The text of `envs/environment.schema.json`. */
export function environmentJsonSchemaText(): string {
  return `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`;
}
