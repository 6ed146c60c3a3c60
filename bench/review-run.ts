/**
 * One review of a folder of plans, in a process of its own for its memory: as `central-trail plan`
 * makes it, from the plans' JSON to the files of the review. Takes the folder, and a file with the
 * environment and its plans as JSON.
 */
import { readFileSync } from "node:fs";
import { formatDay } from "../cloudtrail/time";
import type { Environment } from "../envs/types";
import type { SavedPlan } from "../operations/plan/plan-folder";
import { reviewSavedPlans, writeReview } from "../operations/plan/review-saved";

const [folder = "", file = ""] = process.argv.slice(2);
const { environment, plans } = JSON.parse(readFileSync(file, "utf8")) as {
  environment: Environment;
  plans: SavedPlan[];
};

const used = process.cpuUsage();
const start = performance.now();
const today = formatDay(Date.now());
const review = reviewSavedPlans({ environment, today, folder, plans, trailsShown: new Map() });
writeReview(folder, review);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(used);
const megabytes = process.resourceUsage().maxRSS / 1024;
const { totals, verdict } = review;
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, megabytes, verdict, ...totals }));
