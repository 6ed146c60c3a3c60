import { DEFAULT_EVENT_SELECTORS } from "../../cloudtrail/selection/event-selectors";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import type { StoredTrail, StoredTrailSettings } from "./trails";

/** A trail as CreateTrail and UpdateTrail answer it. */
export function described({ identity, settings }: StoredTrail): object {
  return { TrailARN: trailArn(identity), Name: identity.name, ...describedSettings(settings) };
}

/** A trail as GetTrail and DescribeTrails answer it. */
export function describedInFull(trail: StoredTrail): object {
  return {
    ...described(trail),
    HomeRegion: trail.identity.homeRegion,
    HasCustomEventSelectors: trail.eventSelection !== undefined,
    HasInsightSelectors: trail.insightSelectors.length > 0,
  };
}

function describedSettings(settings: StoredTrailSettings): object {
  return {
    S3BucketName: settings.s3BucketName,
    S3KeyPrefix: settings.s3KeyPrefix,
    SnsTopicName: settings.snsTopicArn,
    SnsTopicARN: settings.snsTopicArn,
    IncludeGlobalServiceEvents: settings.includeGlobalServiceEvents,
    IsMultiRegionTrail: settings.isMultiRegionTrail,
    LogFileValidationEnabled: settings.logFileValidation,
    CloudWatchLogsLogGroupArn: settings.cloudWatchLogsLogGroupArn,
    CloudWatchLogsRoleArn: settings.cloudWatchLogsRoleArn,
    KmsKeyId: settings.kmsKeyArn,
    IsOrganizationTrail: false,
  };
}

/** Its event selectors as GetEventSelectors answers them. */
export function describedSelection({ identity, eventSelection: selection }: StoredTrail): object {
  const TrailARN = trailArn(identity);
  if (selection?.kind === "advanced")
    return { TrailARN, AdvancedEventSelectors: selection.selectors };
  return { TrailARN, EventSelectors: selection?.selectors ?? DEFAULT_EVENT_SELECTORS };
}
