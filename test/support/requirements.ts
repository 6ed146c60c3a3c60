import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ExpectedError } from "../../operations/expected-error";
import { findTools, type ToolName } from "../../operations/terraform/requirements";

const run = promisify(execFile);

/** Clients by which only tests look at the local AWS, and how to see that they are there. */
const CLIENTS = {
  boto3: { probe: ["python3", "-c", "import boto3"], install: "python3 -m pip install boto3" },
  "aws-cli": { probe: ["aws", "--version"], install: "python3 -m pip install awscli" },
} as const;

type ClientName = keyof typeof CLIENTS;

/**
 * `describe` for tests that need programs which npm cannot bring. Where one is missing they fail
 * with the line that says what to install. CENTRAL_TRAIL_SKIP turns them off, by name and with
 * commas: `CENTRAL_TRAIL_SKIP=terraform,moto npm test`; a line says which tests that leaves out.
 */
export function requires(
  ...names: (ToolName | ClientName)[]
): (title: string, tests: () => void) => void {
  const off = (process.env.CENTRAL_TRAIL_SKIP ?? "").split(",").map((name) => name.trim());
  const left = names.filter((name) => off.includes(name));
  if (left.length > 0)
    return (title, tests) => {
      process.stderr.write(`CENTRAL_TRAIL_SKIP=${left.join(",")} leaves out: ${title}\n`);
      describe.skip(title, tests);
    };
  return (title, tests) =>
    describe(title, () => {
      beforeAll(async () => {
        try {
          await findTools(names.filter((name) => !isClient(name)));
          await findClients(names.filter(isClient));
        } catch (error) {
          if (error instanceof ExpectedError) error.stack = error.message;
          throw error;
        }
      });
      tests();
    });
}

function isClient(name: ToolName | ClientName): name is ClientName {
  return name in CLIENTS;
}

async function findClients(names: readonly ClientName[]): Promise<void> {
  for (const name of names) {
    const { probe, install } = CLIENTS[name];
    const [program, ...args] = probe;
    await run(program, args).catch(() => {
      throw new ExpectedError([`${name} is needed; install it with: ${install}`]);
    });
  }
}
