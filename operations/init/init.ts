import { randomBytes } from "node:crypto";
import { checkEnvironment } from "../../envs/check";
import { ENVIRONMENT_NAME } from "../../envs/load";
import { formatProblems, type Problem } from "../../envs/schema/problems";
import { ExpectedError } from "../expected-error";
import { appFiles } from "./app";
import { type Answers, environmentText } from "./environment-text";
import { writeFiles } from "./write-files";
import { print, printJson, say } from "../terminal/terminal";

/** Options of the verb. */
export interface InitOptions {
  /** The environment's name. */
  readonly env: string;
  /** @default - an example account */
  readonly destinationAccount?: string;
  /** @default - an example account where the destination is one too, else none */
  readonly members?: readonly string[];
  readonly region: string;
  /** @default - a name with environment and destination account in it */
  readonly bucket?: string;
  /** @default - a name with the destination account in it */
  readonly stateBucket?: string;
  readonly role: string;
  /** @default - one that is made up */
  readonly externalId?: string;
  readonly json: boolean;
}

/** Account IDs of AWS's own documentation. */
const EXAMPLE = { destinationAccount: "111122223333", members: ["444455556666"] } as const;

/** Which option a part of the environment file comes from; the first that fits. */
const SOURCES: readonly (readonly [path: RegExp, option: string, name: keyof InitOptions])[] = [
  [/region$/, "--region", "region"],
  [/^optInRegions/, "--region", "region"],
  [/^destination\.account/, "--destination-account", "destinationAccount"],
  [/^destination\.bucket/, "--bucket", "bucket"],
  [/^members/, "--members", "members"],
  [/^state\.bucket/, "--state-bucket", "stateBucket"],
  [/^deployer\.role/, "--role", "role"],
  [/^deployer\.externalId/, "--external-id", "externalId"],
];

/**
 * Writes an app into the working folder: what cdktf needs, an environment file, and a pipeline.
 *
 * @throws ExpectedError with all that is wrong with the options and all that is in the way; nothing
 *   is written then
 */
export function init(options: InitOptions): void {
  const { env: name, json } = options;
  const answers = answersOf(options);
  const text = environmentText(answers);
  const folder = process.cwd();
  const { created, changed, left, problems } = appFiles(folder, { name, text });
  const wrong = optionProblems(options, text);
  const all = [...(wrong.length === 0 ? [] : formatProblems(wrong).split("\n")), ...problems];
  if (all.length > 0) throw new ExpectedError([...all, "Nothing was written."]);
  writeFiles(folder, created, changed);
  const paths = (files: readonly { path: string }[]): string[] => files.map(({ path }) => path);
  if (json) {
    const result = { written: paths(created), changed: paths(changed), left };
    printJson({ environment: name, ...result });
    return;
  }
  print(
    ...paths(created).map((path) => `written   ${path}`),
    ...paths(changed).map((path) => `added to  ${path}`),
    ...left.map((path) => `left      ${path}`),
  );
  say("", "Next:", ...nextSteps(answers).map((step, index) => `${index + 1}. ${step}`));
}

function answersOf(options: InitOptions): Answers {
  const { env: name, region, role, destinationAccount = EXAMPLE.destinationAccount } = options;
  const example = options.destinationAccount === undefined;
  const { members = example ? EXAMPLE.members : [] } = options;
  return {
    name,
    destinationAccount,
    members,
    region,
    role,
    examples: [
      ...(example ? [destinationAccount] : []),
      ...(options.members === undefined ? members : []),
    ],
    bucket: options.bucket ?? `central-trail-${name}-${destinationAccount}`,
    stateBucket: options.stateBucket ?? `terraform-state-${destinationAccount}`,
    externalId: options.externalId ?? `central-trail-${randomBytes(4).toString("hex")}`,
  };
}

/**
 * What {@link checkEnvironment} has against the text, as problems of the options that it comes
 * from.
 */
function optionProblems(options: InitOptions, text: string): readonly Problem[] {
  const { env: name } = options;
  const ofName = ENVIRONMENT_NAME.pattern.test(name)
    ? []
    : [
        {
          file: "--env",
          path: "",
          found: JSON.stringify(name),
          allowed: ENVIRONMENT_NAME.allowed,
          fix: "choose another name",
        },
      ];
  const found = checkEnvironment(name, "the environment file", text).problems ?? [];
  const sourced = found.map((problem) => {
    const source = SOURCES.find(([path]) => path.test(problem.path));
    return { problem, source };
  });
  // What was made up from a wrong value is as wrong as that, and says nothing more.
  const given = sourced.filter(
    ({ source }) => source === undefined || options[source[2]] !== undefined,
  );
  const told = (given.length > 0 || ofName.length > 0 ? given : sourced).map(
    ({ problem, source }) =>
      source === undefined
        ? problem
        : {
            file: source[1],
            path: "",
            fix: problem.fix,
            allowed: problem.allowed,
            // Its lines are nobody's yet.
            found: problem.found.replace(/ in line \d+/, ""),
          },
  );
  const once = new Map(told.map((problem) => [`${problem.file} ${problem.found}`, problem]));
  return [...ofName, ...once.values()];
}

function nextSteps({ name, examples, stateBucket }: Answers): string[] {
  return [
    `${examples.length > 0 ? `Put your accounts into envs/${name}.yaml, then` : `Look through envs/${name}.yaml, then`}: npx central-trail check`,
    `Make the state bucket ${stateBucket} and the roles: npx central-trail policies --env ${name} --trusted <ARN of the role that deploys>`,
    `Look, then deploy: npx central-trail plan --env ${name} --out plans, then npx central-trail deploy --env ${name} --plans plans`,
    `Or with cdktf: export CENTRAL_TRAIL_ENV=${name} && npx cdktf deploy '*' --parallelism 4`,
    "Commit it all, and set the pipeline up: node_modules/central-trail/docs/pipelines.md",
  ];
}
