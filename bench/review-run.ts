/** One run of bench/review.ts, in a process of its own for its memory: members, kind of change. */
import { stackNames } from "../envs/stack-names";
import type { Environment } from "../envs/types";
import { renderMarkdown } from "../operations/review/markdown";
import { reviewPlans } from "../operations/review/review";
import { edited, plansBetween } from "../test/support/plans";
import { fourAccounts } from "../test/support/environment";

const [members, what] = process.argv.slice(2);
const after = environmentOf(Number(members));
const before = { ...after, members: after.members.slice(1) };
const plans =
  what === "one account added"
    ? plansBetween(before, after)
    : plansBetween(after, after, {
        now: (all) => {
          for (const [index, { account }] of after.members.entries()) {
            edited(stackNames.member(after, { account }), "aws_cloudtrail.trail", {
              enable_logging: index % 2 === 0,
              s3_key_prefix: `prefix-${index}`,
            })(all);
          }
        },
      });
// Real plans hold more than what changes: as much again as these have, of the kind that is skipped.
const texts = plans.map(({ stack, plan }) => ({
  stack,
  text: JSON.stringify({ ...(plan as object), planned_values: plan }),
}));

const used = process.cpuUsage();
const start = performance.now();
const stacks = texts.map(({ stack, text }) => ({ stack, plan: JSON.parse(text) as unknown }));
const markdown = renderMarkdown(reviewPlans({ environment: after, stacks }));
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(used);
console.log(
  JSON.stringify({
    seconds,
    cpu: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
    plans: texts.reduce((sum, { text }) => sum + text.length, 0),
    markdown: markdown.length,
  }),
);

function environmentOf(count: number): Environment {
  const four = fourAccounts();
  return fourAccounts({
    destination: {
      ...four.destination,
      bucketPolicyShape: count > 1000 ? "organization" : "account-list",
      organizationId: "o-a1b2c3d4e5",
      keyPolicyShape: "account-list",
      readers: [
        {
          name: "security",
          principals: ["arn:aws:iam::111111111111:role/security"],
          accounts: "all",
        },
      ],
    },
    members: Array.from({ length: count }, (_, index) => {
      const account = String(200_000_000_000 + index);
      const roleArn = `arn:aws:iam::${account}:role/central-trail-deployer`;
      return { ...four.members[0]!, account, name: `account-${index}`, roleArn };
    }),
  });
}
