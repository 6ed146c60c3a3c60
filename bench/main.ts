/**
 * `npm run bench`, or `npm run bench -- synthesis`: measures, and prints what it measured. Nothing
 * is judged here; docs/design.md says what the numbers are for.
 */
import { cpus, loadavg } from "node:os";
import { benchDeployment } from "./deployment";
import { benchPackage } from "./package";
import { benchPolicies } from "./policies";
import { benchReading } from "./reading";
import { benchReview } from "./review";
import { benchSynthesis } from "./synthesis";
import { benchVerify } from "./verify";

const benches: Record<string, () => string[] | Promise<string[]>> = {
  package: benchPackage,
  policies: benchPolicies,
  review: benchReview,
  synthesis: benchSynthesis,
  deployment: benchDeployment,
  reading: benchReading,
  verify: benchVerify,
};

async function main(): Promise<void> {
  // It would stand in the midst of the figures; package.json says which Node versions will do.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    console.error(`No bench ${unknown.join(", ")}; there are: ${Object.keys(benches).join(", ")}.`);
    process.exitCode = 2;
    return;
  }
  console.log(
    `${cpus().length} cores, ${cpus()[0]?.model}; load ${loadavg()[0]!.toFixed(1)} at the start`,
  );
  for (const name of chosen.length > 0 ? chosen : Object.keys(benches)) {
    console.log(`\n${name}`);
    for (const line of await benches[name]!()) console.log(`  ${line}`);
  }
}

void main();
