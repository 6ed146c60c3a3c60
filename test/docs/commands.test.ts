import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command, CommanderError } from "commander";
import { Page } from "../support/pages";
import { REPOSITORY } from "../support/repository";
import { requires } from "../support/requirements";
import { type ShellCommand, shellCommands, SOMETHING } from "../support/shell";

// Dozens of programs say what they take; a busy machine takes its time for each.
jest.setTimeout(120_000);

// The real program of both command lines: what they would run is kept instead.
let mockCaptured: Command | undefined;
jest.mock("../../operations/terminal/run-command", () => ({
  run: (cli: Command) => {
    mockCaptured = cli;
  },
}));

/** A command of a page; one within a sentence may leave out what it needs. */
interface PageCommand extends ShellCommand {
  readonly where: string;
  readonly isWhole: boolean;
}

const ofBlocks = Page.all().flatMap((page) =>
  ["sh", "bash", "console"].flatMap((language) =>
    page
      .fences(language)
      .flatMap(({ where, text }) =>
        shellCommands(text).map((command) => ({ ...command, where, isWhole: true })),
      ),
  ),
);
const ofSentences = Page.all().flatMap(({ path, codeSpans }) =>
  codeSpans
    .filter((text) => /^(npm|npx|central-trail|cdktf|terraform|aws|git) [^…]+$/.test(text))
    .flatMap((text) =>
      shellCommands(text).map((command) => ({ ...command, where: path, isWhole: false })),
    ),
);
const commands: readonly PageCommand[] = [...ofBlocks, ...ofSentences];

/** Commands that no program here can judge, word for word, and what holds them. */
const REVIEWED: Readonly<Record<string, string>> = {};

const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
  scripts: Readonly<Record<string, string>>;
};

/** npm's own, whose options nothing here looks at. */
const NPM_VERBS = ["audit", "ci", "init", "install", "ls", "pack", "test"];

/** What is wrong with a command, as a sentence; undefined where nothing is. */
type Check = (words: readonly string[], command: PageCommand) => string | undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  npm: ([verb = "", ...rest], command) => {
    if (NPM_VERBS.includes(verb)) return undefined;
    if (verb !== "run") return `npm ${verb} is none of ${NPM_VERBS.join(", ")}, run`;
    const [name = "", dashes, ...args] = rest;
    const script = scripts[name];
    if (script === undefined) return `package.json has no script ${name}`;
    if (dashes !== undefined && dashes !== "--")
      return `npm takes ${dashes} for itself: put -- first`;
    const [, ours] = script.split("node bin/central-trail.js");
    return ours === undefined
      ? undefined
      : ourProblem("repository-cli", [...ours.trim().split(" ").filter(Boolean), ...args], command);
  },
  npx: ([program = "", ...args], command) =>
    CHECKS[program]?.(args, command) ??
    (program in CHECKS ? undefined : `npx ${program} is none of those that the docs use`),
  "central-trail": (args, command) => ourProblem("package-cli", args, command),
  cdktf: (args) => helpProblem(cdktfHelp, args, /^-/),
  cd: () => undefined,
  mkdir: () => undefined,
  // What synthesis wrote is there by then.
  cp: ([from = ""]) =>
    existsSync(join(REPOSITORY, from)) || from.startsWith("cdktf.out/stacks/")
      ? undefined
      : `there is no ${from}`,
};

/** What Commander says of the words, by the program that would get them. */
function ourProblem(
  cli: "repository-cli" | "package-cli",
  args: readonly string[],
  { environment, isWhole }: PageCommand,
): string | undefined {
  if (args[0] === SOMETHING) return undefined;
  const program = programs[cli]();
  const outside = process.env.CENTRAL_TRAIL_ENV;
  delete process.env.CENTRAL_TRAIL_ENV;
  if (environment.CENTRAL_TRAIL_ENV) process.env.CENTRAL_TRAIL_ENV = environment.CENTRAL_TRAIL_ENV;
  try {
    program.parse([...args], { from: "user" });
    return undefined;
  } catch (error) {
    const { code, exitCode, message } = error as CommanderError;
    if (!code?.startsWith("commander.")) throw error;
    const isFragment = code === "commander.missingMandatoryOptionValue" && !isWhole;
    return exitCode === 0 || isFragment ? undefined : message;
  } finally {
    if (outside === undefined) delete process.env.CENTRAL_TRAIL_ENV;
    else process.env.CENTRAL_TRAIL_ENV = outside;
  }
}

/** The command lines of this repository and of the package, without what the verbs do. */
const programs = {
  "repository-cli": loaded("repository-cli"),
  "package-cli": loaded("package-cli"),
};

function loaded(cli: "repository-cli" | "package-cli"): () => Command {
  let program: Command | undefined;
  return () => {
    if (program) return program;
    jest.requireActual(`../../operations/${cli}`);
    program = mockCaptured!;
    for (const command of [program, ...program.commands]) {
      command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
      command.exitOverride((error) => {
        throw error;
      });
      if (command !== program) command.action(() => undefined);
    }
    return program;
  };
}

/** That a program's help of the verb knows the verb, and names each option. */
function helpProblem(
  help: (verbs: readonly string[]) => string | undefined,
  args: readonly string[],
  option: RegExp,
): string | undefined {
  const first = args.findIndex((word) => option.test(word));
  const verbs = (first === -1 ? args : args.slice(0, first)).filter((word) => /^[a-z]/.test(word));
  const text = help(verbs);
  if (text === undefined) return `there is no ${verbs.join(" ")}`;
  const unknown = args
    .filter((word) => option.test(word))
    .map((word) => word.replace(/=.*/s, ""))
    .filter((word) => !new RegExp(`(^|[\\s,])${word}\\b`, "m").test(text));
  return unknown.length === 0 ? undefined : `${verbs.join(" ")} has no ${unknown.join(", ")}`;
}

const helps = new Map<string, string>();

function cdktfHelp([verb = ""]: readonly string[]): string | undefined {
  const bin = join(REPOSITORY, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf.js");
  if (!helps.has(verb)) {
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    helps.set(
      verb,
      execFileSync(process.execPath, [bin, verb, "--help"], {
        env,
        encoding: "utf8",
        stdio: "pipe",
      }),
    );
  }
  const text = helps.get(verb)!;
  return text.includes(`cdktf.js ${verb}`) ? text : undefined;
}

function problems(of: readonly PageCommand[], checks: Readonly<Record<string, Check>>): string[] {
  return of.flatMap((command) => {
    const { words, where } = command;
    const [program = "", ...args] = words;
    const text = words.join(" ");
    if (text in REVIEWED) return [];
    const problem = checks[program]
      ? checks[program](args, command)
      : "nothing checks this program: add it to CHECKS, or the command to REVIEWED";
    return problem === undefined ? [] : [`${where}: ${text}: ${problem}`];
  });
}

const BY_OTHER_PROGRAMS = ["terraform", "aws"];
const isOurs = ({ words: [program = ""] }: PageCommand): boolean =>
  !BY_OTHER_PROGRAMS.includes(program);

test("every command of a page is one that its program takes", () => {
  expect(ofBlocks.length).toBeGreaterThan(10);
  expect(problems(commands.filter(isOurs), CHECKS)).toEqual([]);
});

test("what was reviewed is still in use", () => {
  const texts = commands.map(({ words }) => words.join(" "));
  expect(Object.keys(REVIEWED).filter((text) => !texts.includes(text))).toEqual([]);
});

requires("terraform")("Terraform's commands", () => {
  test("are in its help, with their options", () => {
    const terraform: Check = (args) =>
      helpProblem(
        ([verb = "", second = ""]) => {
          const verbs = ["providers", "state", "workspace"].includes(verb)
            ? [verb, second]
            : [verb];
          const { stdout } = spawnSync("terraform", [...verbs, "-help"], { encoding: "utf8" });
          return stdout.includes(`terraform [global options] ${verbs.join(" ")} `)
            ? stdout
            : undefined;
        },
        args.filter((word) => !word.startsWith("-chdir=")),
        /^-/,
      );
    const own = commands.filter(({ words }) => words[0] === "terraform");
    expect(own).not.toEqual([]);
    expect(problems(own, { terraform })).toEqual([]);
  });
});

requires("aws-cli")("the AWS CLI's commands", () => {
  test("are taken by it, as far as it looks before it calls", () => {
    const aws: Check = (args, { isWhole }) => {
      const { status, stderr } = spawnSync("aws", [...args, "--generate-cli-skeleton", "output"], {
        env: { ...process.env, AWS_DEFAULT_REGION: "us-east-1" },
        encoding: "utf8",
      });
      if (status === 0 || (!isWhole && /arguments are required/.test(stderr))) return undefined;
      return stderr.trim().split("\n").at(-1);
    };
    const own = commands.filter(({ words }) => words[0] === "aws");
    expect(own).not.toEqual([]);
    expect(problems(own, { aws })).toEqual([]);
  });
});
