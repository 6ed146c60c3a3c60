/**
 * The folders that CloudTrail writes to below an account's, and what lies in each.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */

/** The folder that all others lie in, right behind a trail's prefix. */
export const LOGS_FOLDER = "AWSLogs";

/** What is known of one folder. */
export interface FolderFacts {
  /** What lies in it, in words. */
  readonly holds: string;
  /** How its content is written: see cloudtrail/records/record-fields.ts, and digest.ts for digests. */
  readonly shape: "event" | "insight" | "aggregated" | "digest";
  /** The field that says when it happened. */
  readonly time: "eventTime" | "timeWindow" | "digestEndTime";
  /**
   * Whether AWS documents that digest files name its files. For digests it does: each names the one
   * before it. Where it does not, a digest file that names one is believed all the same.
   */
  readonly namedByDigests: boolean;
}

/** The folders that CloudTrail is known to write to. */
export const FOLDERS = {
  CloudTrail: {
    holds: "management and data events",
    shape: "event",
    time: "eventTime",
    namedByDigests: true,
  },
  "CloudTrail-Digest": {
    holds: "digest files",
    shape: "digest",
    time: "digestEndTime",
    namedByDigests: true,
  },
  "CloudTrail-Insight": {
    holds: "Insights events",
    shape: "insight",
    time: "eventTime",
    namedByDigests: false,
  },
  "CloudTrail-NetworkActivity": {
    holds: "network activity events",
    shape: "event",
    time: "eventTime",
    namedByDigests: false,
  },
  "CloudTrail-Aggregated": {
    holds: "aggregated data events",
    shape: "aggregated",
    time: "timeWindow",
    namedByDigests: false,
  },
} as const satisfies Record<string, FolderFacts>;

/** One of {@link FOLDERS}. */
export type FolderName = keyof typeof FOLDERS;

/** A folder of log files. */
export type LogFolderName = Exclude<FolderName, "CloudTrail-Digest">;

/** The folders of log files, in the table's order. */
export const LOG_FOLDERS = (Object.keys(FOLDERS) as FolderName[]).filter(
  (name): name is LogFolderName => name !== "CloudTrail-Digest",
);

/** Whether a folder of that name is one of log files. */
export function isLogFolder(name: string): name is LogFolderName {
  return (LOG_FOLDERS as readonly string[]).includes(name);
}

/** Whether a folder of that name is one that CloudTrail is known to write to. */
export function isKnownFolder(name: string): name is FolderName {
  return Object.hasOwn(FOLDERS, name);
}
