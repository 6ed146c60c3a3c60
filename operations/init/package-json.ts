/** The script by which the pipeline runs the command; npm passes on what follows `--`. */
const SCRIPT = "central-trail";

/** What becomes of an app's package.json. */
export interface PackageJson {
  readonly text: string;
  /** Whether its `.js` files are ES modules. */
  readonly module: boolean;
  /** What is in the way. */
  readonly problems: readonly string[];
}

/** Adds the script `central-trail` to the text of a package.json, which else stays as it is. */
export function withScript(text: string): PackageJson {
  const content = parsed(text);
  if (content === undefined)
    return { text, module: false, problems: ["package.json is not a JSON object; fix it first."] };
  const odd = MAPPINGS.filter((name) => !isMapping(content[name] ?? {}));
  if (odd.length > 0)
    return {
      text,
      module: false,
      problems: [`In package.json ${odd.join(" and ")} must be a JSON object; fix it first.`],
    };
  const { type, dependencies, devDependencies } = content;
  const scripts = content.scripts ?? {};
  const problems = [
    ...("central-trail" in { ...dependencies, ...devDependencies }
      ? []
      : [
          "package.json does not name the package central-trail, so a pipeline would not install it; run: npm install central-trail",
        ]),
    ...(scripts[SCRIPT] === undefined || scripts[SCRIPT] === SCRIPT
      ? []
      : [
          `package.json has another script ${JSON.stringify(SCRIPT)}: ${JSON.stringify(scripts[SCRIPT])}; the pipeline needs it to be ${JSON.stringify(SCRIPT)}.`,
        ]),
  ];
  const module = type === "module";
  if (problems.length > 0 || scripts[SCRIPT] === SCRIPT) return { text, module, problems };
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const end = text.endsWith("\n") ? "\n" : "";
  const changed = { ...content, scripts: { ...scripts, [SCRIPT]: SCRIPT } };
  return { text: JSON.stringify(changed, null, indent) + end, module, problems };
}

const MAPPINGS = ["scripts", "dependencies", "devDependencies"] as const;

type Content = { readonly type?: string } & Readonly<
  Partial<Record<(typeof MAPPINGS)[number], Readonly<Record<string, string>> | null>>
>;

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): Content | undefined {
  try {
    // As npm does, without the byte order mark that some editors write.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
