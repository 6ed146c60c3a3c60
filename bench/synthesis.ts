/**
 * Synthesis of an environment with many members, in a process of its own:
 * `node --import tsx bench/synthesis.ts MEMBERS OUTDIR` prints one JSON line.
 */
import { App } from "cdktf";
import { addEnvironmentStacks } from "../stacks/environment-stacks";
import { synthesize } from "../stacks/synthesize";
import { fourAccounts } from "../test/support/environment";

const members = Number(process.argv[2]);
const outdir = process.argv[3]!;
const environment = fourAccounts();
const [member] = environment.members;
const many = {
  ...environment,
  members: Array.from({ length: members }, (_, index) => {
    const account = String(200_000_000_000 + index);
    return { ...member!, account, roleArn: `arn:aws:iam::${account}:role/deployer` };
  }),
};
const start = process.hrtime.bigint();
const app = new App({ outdir });
addEnvironmentStacks(app, { environment: many, stateDirectory: "/state" });
synthesize(app);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ members, seconds, wholeProcessSeconds: process.uptime(), peakMegabytes }));
