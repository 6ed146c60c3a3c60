/**
 * Synthesis of one environment with many members, in a process of its own:
 * `node --import tsx bench/synthesis-run.ts MEMBERS OUTDIR` prints one JSON line.
 */
import { App } from "cdktf";
import type { Environment } from "../envs/types";
import { addEnvironmentStacks } from "../stacks/environment-stacks";
import { synthesize } from "../stacks/synthesize";
import { fourAccounts } from "../test/support/environment";

const [members = "0", outdir = ""] = process.argv.slice(2);
const environment = fourAccounts();
const [member] = environment.members;
const many: Environment = {
  ...environment,
  // The one shape that holds so many; no key policy does past some 2,150 accounts.
  destination: {
    ...environment.destination,
    bucketPolicyShape: "source-org-id",
    organizationId: "o-a1b2c3d4e5",
    encryption: { type: "sse-s3" },
  },
  members: Array.from({ length: Number(members) }, (_, index) => {
    const account = String(200_000_000_000 + index);
    return { ...member!, account, roleArn: `arn:aws:iam::${account}:role/deployer` };
  }),
};
const app = new App({ outdir });
addEnvironmentStacks(app, { environment: many, stateDirectory: "/state" });
synthesize(app);
console.log(
  JSON.stringify({ seconds: process.uptime(), megabytes: process.resourceUsage().maxRSS / 1024 }),
);
