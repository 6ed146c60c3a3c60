import type { ResolvedTrail } from "../envs/types";
import type { TrailSettings } from "../modules/trail/trail";

/** The environment file's words for a trail in Terraform's, which the modules have. */
export function trailSettings(trail: ResolvedTrail): TrailSettings {
  return {
    isMultiRegionTrail: trail.multiRegion,
    includeGlobalServiceEvents: trail.includeGlobalServiceEvents,
    enableLogFileValidation: trail.logFileValidation,
    events: trail.events,
    insights: trail.insights,
  };
}
