/** TypeScript examples of the documentation, compiled and run as another repository would. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import ts from "typescript";
import type { Fence } from "./pages";
import { REPOSITORY } from "./repository";
import type { Configuration } from "./synthesized";

const PACKAGE = "central-trail";

/** Where the sources of the package's sub-paths lie: what `exports` names, before the build. */
const sources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(
    (
      JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
        exports: Record<string, string | { default: string }>;
      }
    ).exports,
  ).map(([path, target]) => [
    path.replace(/^\./, PACKAGE),
    (typeof target === "string" ? target : target.default)
      .replace("/dist/", "/")
      .replace(/\.js$/, ".ts"),
  ]),
);

function options(): ts.CompilerOptions {
  const file = join(REPOSITORY, "tsconfig.json");
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, REPOSITORY);
  const paths = Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, [join(REPOSITORY, source)]]),
  );
  return { ...options, types: ["node"], paths };
}

/** What the compiler says of the examples, with where they stand; empty where nothing is wrong. */
export function compileErrors(examples: readonly Fence[]): string[] {
  const files = new Map(
    examples.map((example, index) => [join(REPOSITORY, "docs", `example-${index}.ts`), example]),
  );
  const disk = ts.createCompilerHost(options());
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => files.has(path) || disk.fileExists(path),
    readFile: (path) => files.get(path)?.text ?? disk.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const example = files.get(path);
      return example
        ? ts.createSourceFile(path, `${example.text}\nexport {};`, version)
        : disk.getSourceFile(path, version, ...rest);
    },
  };
  const program = ts.createProgram([...files.keys()], options(), host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const where = file && (files.get(file.fileName)?.where ?? file.fileName);
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${where}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

/** Runs an example that is an app; what it writes, by the name of the stack. */
export function synthesizeExample(example: Fence): Readonly<Record<string, Configuration>> {
  const output = mkdtempSync(join(tmpdir(), "central-trail-test-"));
  const outside = process.env.CDKTF_OUTDIR;
  process.env.CDKTF_OUTDIR = output;
  try {
    run(example);
    return Object.fromEntries(
      readdirSync(join(output, "stacks")).map((stack) => {
        const text = readFileSync(join(output, "stacks", stack, "cdk.tf.json"), "utf8");
        return [stack, JSON.parse(text) as Configuration];
      }),
    );
  } finally {
    if (outside === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = outside;
    rmSync(output, { recursive: true, force: true });
  }
}

function run({ text }: Fence): void {
  const { outputText } = ts.transpileModule(text, { compilerOptions: options() });
  const requireFor = (name: string): unknown => {
    const source = sources[name];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the example says what it needs
    return require(source === undefined ? name : join(REPOSITORY, source)) as unknown;
  };
  const program = runInThisContext(`(require, exports) => {${outputText}\n}`) as (
    require: (name: string) => unknown,
    exports: object,
  ) => void;
  program(requireFor, {});
}
