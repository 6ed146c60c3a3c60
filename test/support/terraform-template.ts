/** What Terraform reads in the texts of its JSON, for tests that do without Terraform. */

/** What our configurations refer to: nothing else is to be evaluated. */
const REFERENCE =
  /^(try\()?(data\.terraform_remote_state|aws_\w+|terraform_data)\.[\w.[\]-]+(, null\))?$|^terraform\.workspace$|^try\(data\.terraform_remote_state\.[\w-]+\.outputs\.trails\["[^"\\]*"\], null\) != null$/;

/**
 * The text that Terraform makes of a template; a reference becomes nothing.
 *
 * @throws Error where the template holds an expression that is not a reference of ours
 */
export function templateText(template: string): string {
  return template.replace(
    /\$\$\{|%%\{|\$\{("(?:[^"\\]|\\.)*")\}|\$\{((?:[^}"]|"[^"]*")*)\}|[$%]\{/g,
    (found, literal?: string, reference?: string) => {
      if (found.length === 3 && found[0] === found[1]) return found.slice(1);
      if (literal !== undefined) return JSON.parse(literal) as string;
      if (reference !== undefined && REFERENCE.test(reference)) return "";
      throw new Error(`Terraform would evaluate ${found} in ${template}`);
    },
  );
}

/** All texts of a value, the keys of its mappings among them. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap(textsIn)
    : Object.entries(value).flatMap(([key, one]) => [key, ...textsIn(one)]);
}
