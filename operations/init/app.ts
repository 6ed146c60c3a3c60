import { join } from "node:path";
import { environmentJsonSchemaText } from "../../envs/schema/json-schema";
import { OUTPUT_FOLDER, PROJECT_FILE } from "../terraform/cdktf-files";
import { withScript } from "./package-json";
import { pipelineFiles } from "./pipeline";
import { providerLockFiles } from "./provider-lock";
import { type ChangedFile, look, type NewFile } from "./write-files";

/** What has to be done in a folder so that it holds an app. */
export interface AppFiles {
  readonly created: readonly NewFile[];
  readonly changed: readonly ChangedFile[];
  /** Paths of files that are there, as they would be written. */
  readonly left: readonly string[];
  /** What is in the way; then nothing may be written. */
  readonly problems: readonly string[];
}

/**
 * What no app wants to have in git: what npm and cdktf write, and plans and states, which hold
 * secrets.
 */
const IGNORED = [
  "node_modules/",
  `${OUTPUT_FOLDER}/`,
  ".terraform/",
  "*.tfstate",
  "*.tfstate.*",
  "plans/",
  "review/",
];

/**
 * Compares a folder with the app that it is to hold. A file that is there with other content is in
 * the way; package.json and .gitignore are added to.
 */
export function appFiles(
  folder: string,
  environment: { readonly name: string; readonly text: string },
): AppFiles {
  const packageJson = readPackageJson(folder);
  const ignore = readIgnored(folder);
  const files = [
    ...ofApp(environment, packageJson.module),
    ...providerLockFiles(folder),
    ...pipelineFiles(),
    ...ignore.created,
  ];
  const found = files.map((file) => ({ file, found: look(join(folder, file.path)) }));
  const inTheWay = found.flatMap(({ file, found: there }) => {
    if (there.kind === "nothing") return [];
    if (there.kind === "obstacle") return [`${file.path} (${there.code})`];
    return there.text === file.text ? [] : [file.path];
  });
  return {
    created: found.flatMap(({ file, found: { kind } }) => (kind === "nothing" ? [file] : [])),
    changed: [...packageJson.changed, ...ignore.changed],
    left: found.flatMap(({ file, found: { kind } }) => (kind === "file" ? [file.path] : [])),
    problems: [
      ...packageJson.problems,
      ...(inTheWay.length === 0
        ? []
        : [
            `Already there, with other content than init would write: ${inTheWay.join(", ")}. Nothing is overwritten: move them away, or begin in an empty folder.`,
          ]),
    ],
  };
}

function ofApp(
  { name, text }: { readonly name: string; readonly text: string },
  module: boolean,
): NewFile[] {
  const cdktf = {
    language: "typescript",
    app: "node main.js",
    sendCrashReports: "false",
    terraformProviders: [],
    terraformModules: [],
    context: {},
  };
  return [
    { path: PROJECT_FILE, text: `${JSON.stringify(cdktf, null, 2)}\n` },
    {
      path: "main.js",
      text: `// The stacks of the environment that CENTRAL_TRAIL_ENV names.\n${module ? 'import "central-trail/app";' : 'require("central-trail/app");'}\n`,
    },
    { path: `envs/${name}.yaml`, text },
    { path: "envs/environment.schema.json", text: environmentJsonSchemaText() },
  ];
}

function readPackageJson(folder: string): {
  readonly module: boolean;
  readonly changed: readonly ChangedFile[];
  readonly problems: readonly string[];
} {
  const path = "package.json";
  const found = look(join(folder, path));
  const bad = (problem: string): ReturnType<typeof readPackageJson> => ({
    module: false,
    changed: [],
    problems: [problem],
  });
  if (found.kind === "nothing")
    return bad(
      "There is no package.json here; run: npm init -y && npm install central-trail cdktf @cdktf/provider-aws constructs",
    );
  if (found.kind === "obstacle") return bad(`package.json can't be read (${found.code}).`);
  const { text, module, problems } = withScript(found.text);
  const change = text === found.text ? [] : [{ path, before: found.text, text }];
  return { module, changed: change, problems };
}

function readIgnored(folder: string): {
  readonly created: readonly NewFile[];
  readonly changed: readonly ChangedFile[];
} {
  const path = ".gitignore";
  const found = look(join(folder, path));
  const lines = (wanted: readonly string[]): string => wanted.map((line) => `${line}\n`).join("");
  if (found.kind !== "file") return { created: [{ path, text: lines(IGNORED) }], changed: [] };
  const before = found.text;
  const there = before.split(/\r?\n/).map((line) => line.trim().replace(/^\//, ""));
  const missing = IGNORED.filter(
    (line) => !there.includes(line) && !there.includes(line.replace(/\/$/, "")),
  );
  if (missing.length === 0) return { created: [], changed: [] };
  const start = before === "" || before.endsWith("\n") ? before : `${before}\n`;
  return { created: [], changed: [{ path, before, text: start + lines(missing) }] };
}
