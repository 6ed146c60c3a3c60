// Writes docs/api/central-trail.api.md: all that the package exports, so that a review shows what
// changed of it. With --check it writes nothing, and fails where that file is out of date. It fails
// also where a public signature speaks of a type that no sub-path exports, where something that is
// public has no comment, and where two things that are public have one name.
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { execFileSync } from "node:child_process";
import console from "node:console";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const file = "docs/api/central-trail.api.md";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "central-trail-api-")));
try {
  writeDeclarations();
  const { report, problems } = extract();
  const known = read(join(root, file));
  if (problems.length > 0) {
    console.error(problems.join("\n"));
    process.exitCode = 1;
  } else if (!process.argv.includes("--check")) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), report);
  } else if (report !== known) {
    console.error(`${file} is out of date: run "npm run api", and commit what changed.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * What TypeScript says of each published file. The types themselves are `npm run types`' matter.
 */
function writeDeclarations() {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(
    process.execPath,
    [
      ...[tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", folder],
      ...["--emitDeclarationOnly", "--noCheck", "--sourceMap", "false", "--inlineSources", "false"],
    ],
    { stdio: "inherit" },
  );
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}

/**
 * One entry with a namespace for each sub-path: so a type is exported if any of them exports it.
 */
function extract() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const subPaths = Object.values(manifest.exports).flatMap(({ types }) =>
    types === undefined ? [] : [types.replace("./dist/", "./").replace("/index.d.ts", "")],
  );
  const namespace = (path) => path.slice(2).replace(/[^a-z]/g, "_");
  const entry = join(folder, "index.d.ts");
  writeFileSync(
    entry,
    [
      ...subPaths.map((path) => `import * as ${namespace(path)} from "${path}/index.js";`),
      `export { ${subPaths.map(namespace).join(", ")} };`,
    ].join("\n"),
  );
  const packageJson = join(folder, "package.json");
  writeFileSync(packageJson, JSON.stringify({ name: manifest.name, version: manifest.version }));
  const error = { logLevel: "error" };
  const none = { logLevel: "none" };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            ...{ target: "ES2022", lib: ["ES2023"], types: ["node"], strict: true },
            ...{ module: "node16", moduleResolution: "node16", skipLibCheck: true, noEmit: true },
          },
          files: ["index.d.ts"],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: "central-trail",
        reportFolder: folder,
        reportTempFolder: join(folder, "temp"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: error },
        extractorMessageReporting: {
          default: error,
          "ae-undocumented": error,
          // All that is exported is public.
          "ae-missing-release-tag": none,
          // typedoc checks links, by the sub-paths that they are in.
          "ae-unresolved-link": none,
        },
        // The comments are JSDoc, which eslint-plugin-jsdoc and typedoc read.
        tsdocMessageReporting: { default: none },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: packageJson,
  });
  const problems = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel !== "error") return;
      const { sourceFilePath = "", sourceFileLine, messageId, text } = message;
      const source = sourceFilePath.replace(`${folder}/`, "");
      problems.push(`${source}:${sourceFileLine ?? ""} ${text} (${messageId})`);
    },
  });
  const report = readFileSync(join(folder, "central-trail.api.md"), "utf8");
  return { report, problems: [...problems, ...sharedNames(report)] };
}

/** API Extractor calls the second thing of a name `Name_2`. */
function sharedNames(report) {
  const names = report.matchAll(
    /^(?:export )?(?:\w+ )*(?:class|interface|type|const|function|enum) (\w+)_\d+\b/gm,
  );
  return [...new Set([...names].map(([, name]) => name))].map(
    (name) => `${name}: two things of this name are public; rename one of them.`,
  );
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
