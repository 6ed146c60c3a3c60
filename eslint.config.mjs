// @ts-check
import eslint from "@eslint/js";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";
import { commentSays } from "./packaging/comment-says.mjs";
import { commentWidth } from "./packaging/comment-width.mjs";

/**
 * The rooms of the house and whom each may import (docs/design.md, "Rooms").
 * Arrows go one way only; test/ and bench/ may import everything.
 */
const rooms = {
  text: [],
  aws: ["envs"],
  cloudtrail: [],
  iam: [],
  policies: ["cloudtrail", "iam"],
  envs: ["cloudtrail", "iam", "policies"],
  review: ["cloudtrail", "iam", "policies", "envs", "text"],
  verify: ["aws", "cloudtrail", "envs"],
  modules: ["cloudtrail", "iam", "policies"],
  stacks: ["cloudtrail", "iam", "policies", "modules", "envs"],
  processes: [],
  lab: ["aws", "cloudtrail", "iam", "processes"],
  operations: [
    "aws",
    "cloudtrail",
    "envs",
    "iam",
    "lab",
    "policies",
    "processes",
    "review",
    "text",
    "verify",
  ],
};

const providerIndex = {
  regex: "^@cdktf/provider-aws(/lib)?(/index)?$",
  message: "The index costs 570 MB and 2 s; import @cdktf/provider-aws/lib/<resource>.",
};
const provider = {
  regex: "^@cdktf/provider-aws",
  message: "Only modules/ and stacks/ build AWS resources; see docs/design.md, Rooms.",
};
const constructs = {
  regex: "^(cdktf|constructs)(/|$)",
  message: "Only modules/, stacks/ and main.ts know constructs; see docs/design.md, Rooms.",
};
const io = {
  regex: "^(node:)?(fs|fs/promises|child_process|os|net|http|https)$",
  message: "No I/O here: Terraform and I/O live at the edges (docs/design.md, Rooms).",
};

const labInside = {
  regex: "^(\\.\\./)+lab/",
  message: "Import from lab itself: its index.ts says what others use.",
};

/** They save a line and cost a thought. */
const idioms = [
  {
    selector: "SpreadElement[argument.type='ObjectExpression']",
    message: "Write the properties themselves, not ...{ a, b }.",
  },
  {
    selector: "SpreadElement[argument.type='ArrayExpression']",
    message: "Write the elements themselves, not ...[a, b].",
  },
  {
    selector: [
      "SpreadElement > ConditionalExpression > ObjectExpression",
      "SpreadElement > ConditionalExpression > ObjectExpression[properties.length=0]",
    ].join(" > "),
    message: "One condition for each spread: `? {} : {…}` inside another cannot be read.",
  },
];

const credentialProviders = {
  regex: "^@aws-sdk/credential-provider",
  message: "Only aws/ makes credentials and clients, with limits to their requests.",
};

const clients = {
  selector: "NewExpression[callee.name=/^[A-Z].*Client$/]",
  message: "Only aws/ makes clients: one made here could wait for ever.",
};
/** Others' text is made visible in one place. */
const printing = [
  {
    selector:
      "CallExpression[callee.property.name='write'][callee.object.property.name=/^std(out|err)$/]",
    message: "Print with operations/terminal/terminal.ts, which makes others' text visible.",
  },
  {
    selector:
      "CallExpression[callee.name=/^(print|say)$/] CallExpression[callee.object.name='JSON'][arguments.length=3]",
    message: "Each argument is one line: use printJson.",
  },
];

/** One place takes ARNs apart and makes them, for all partitions. */
const ARN_PLACE = "cloudtrail/arn.ts";
const arns = [
  'Literal[regex.pattern=/^\\^["(]*arn:/]',
  "CallExpression[callee.property.name='split'][arguments.0.value=':']",
  "TemplateLiteral > TemplateElement:first-child[value.raw=/^arn:/]",
  "CallExpression[callee.property.name='startsWith'][arguments.0.value='arn:']",
].map((selector) => ({ selector, message: `Take ARNs apart and make them with ${ARN_PLACE}.` }));

const roomRules = Object.entries(rooms).map(([room, allowed]) => {
  const forbidden = [...Object.keys(rooms), "test", "bench"].filter(
    (other) => other !== room && !allowed.includes(other),
  );
  const pure = ["text", "cloudtrail", "iam", "policies", "review"].includes(room);
  const buildsResources = ["modules", "stacks"].includes(room);
  return {
    files: [`${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${forbidden.join("|")})(/|$)`,
              message: `${room}/ may import only: ${allowed.join(", ") || "nothing of ours"} (docs/design.md, Rooms).`,
            },
            providerIndex,
            ...(room === "operations" ? [labInside] : []),
            ...(room === "aws" ? [] : [credentialProviders]),
            ...(buildsResources ? [] : [provider, constructs]),
            ...(pure || buildsResources ? [io] : []),
          ],
        },
      ],
      "no-restricted-syntax": [
        "error",
        ...idioms,
        ...(room === "aws" ? [] : [clients]),
        ...(room === "operations" ? printing : []),
        // iam/ imports nothing of ours.
        ...(room === "iam" ? [] : arns),
      ],
      ...(["aws", "operations"].includes(room)
        ? {}
        : {
            "no-restricted-properties": [
              "error",
              {
                object: "process",
                property: "env",
                message: "Only main.ts, aws/ and operations/ read the environment.",
              },
            ],
          }),
      ...(pure || buildsResources
        ? {
            "no-restricted-globals": [
              "error",
              { name: "Date", message: "No clock here: pass times in." },
              { name: "process", message: "No process here: pass values in." },
            ],
          }
        : {}),
    },
  };
});

const awsPage = (selector) => ({
  selector,
  pattern: "@see https://docs\\.aws\\.amazon\\.com/",
  message: "Name the AWS page that this follows: @see https://docs.aws.amazon.com/…",
});

/** What others build on says what it is: each exported thing and each of its public members. */
const apiComments = {
  files: [
    "{cloudtrail,iam,modules,policies,stacks}/**/*.ts",
    "envs/{check,index,load,types}.ts",
    "envs/schema/problems.ts",
    // What review/index.ts and verify/index.ts export comes from these.
    "review/{index,report,review}.ts",
    "review/{coverage/coverage,rights/policies,rights/rights,writing/markdown,writing/summary}.ts",
    "verify/{index,report,verdict,verify-environment}.ts",
    "aws/account-access.ts",
  ],
  // Not in the package's exports: they go out as documents, through the command.
  ignores: ["policies/deployer/**"],
  plugins: { jsdoc, api: { rules: { "comment-says": commentSays } } },
  settings: { jsdoc: { mode: "typescript" } },
  rules: {
    "jsdoc/require-jsdoc": [
      "error",
      {
        publicOnly: { esm: true, cjs: false },
        enableFixer: false,
        require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: true },
        contexts: [
          "ExportNamedDeclaration > VariableDeclaration",
          "PropertyDefinition[accessibility!=private][key.type!=PrivateIdentifier]",
          "TSInterfaceDeclaration",
          "TSMethodSignature",
          "TSPropertySignature",
          "TSTypeAliasDeclaration",
        ],
      },
    ],
    "jsdoc/require-throws": "error",
    "api/comment-says": [
      "error",
      {
        selector:
          "ExportNamedDeclaration [optional=true]:matches(TSMethodSignature, TSPropertySignature)",
        pattern: "@default \\S",
        message: "Say what holds where this is left out: @default",
      },
      {
        selector: "MethodDefinition[kind=constructor]:has(CallExpression[callee.name=checkProps])",
        pattern: "@throws \\S",
        message: "checkProps throws: say when, with @throws",
      },
      awsPage(
        "ExportNamedDeclaration > TSInterfaceDeclaration[id.name=/(Bucket|Destination|Key|Query|Retention|Topic|Trail)Props$/]",
      ),
      awsPage(
        "ExportNamedDeclaration > ClassDeclaration[superClass.name=/Construct|Bucket|Stack/]",
      ),
      awsPage(
        "ExportNamedDeclaration > FunctionDeclaration[returnType.typeAnnotation.typeName.name=PolicyDocument]",
      ),
    ],
  },
};

export default tseslint.config(
  { ignores: ["node_modules/", "cdktf.out/", "coverage/", "dist/", "api-docs/"] },
  eslint.configs.recommended,
  {
    // The width is Prettier's: .prettierrc.json.
    plugins: { layout: { rules: { "comment-width": commentWidth } } },
    rules: { "layout/comment-width": ["error", 100] },
  },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ["**/*.ts"] })),
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-imports": ["error", { patterns: [providerIndex] }],
      "no-restricted-syntax": ["error", ...idioms],
      eqeqeq: "error",
    },
  },
  ...roomRules,
  { files: [ARN_PLACE], rules: { "no-restricted-syntax": ["error", clients, ...idioms] } },
  {
    // Each verb loads what it does when it is run: help, and every other verb, starts without it.
    files: ["operations/verbs/*.ts"],
    rules: {
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
    },
  },
  {
    files: ["operations/terminal/terminal.ts"],
    rules: { "no-restricted-syntax": ["error", ...idioms] },
  },
  apiComments,
  {
    // Each has a tsconfig.json for outside of this repository; this one finds the modules inside.
    files: ["examples/**/*.ts"],
    languageOptions: {
      parserOptions: { projectService: false, project: "examples/tsconfig.json" },
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        require: "readonly",
        module: "writable",
        process: "readonly",
        __dirname: "readonly",
      },
    },
  },
);
