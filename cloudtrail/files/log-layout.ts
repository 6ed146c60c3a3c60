import { organizationIdProblem } from "../names";
import { parseTime } from "../time";
import { type FolderName, LOG_FOLDERS, type LogFolderName, LOGS_FOLDER } from "./log-folders";

/**
 * Where CloudTrail puts its files in a bucket. All times are ISO 8601 in UTC. A key that CloudTrail
 * gives is the same when it is parsed and written again.
 *
 * That the files of each folder have its name in theirs is documented of log files and digests, and
 * seen of Insights; of network activity and aggregated events it is our reading.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */

/** `prefix/AWSLogs/`: all that CloudTrail writes lies below. */
export function logsRoot(prefix?: string): string {
  return `${prefix === undefined ? "" : `${prefix}/`}${LOGS_FOLDER}/`;
}

/**
 * `prefix/AWSLogs/111111111111/`: all that CloudTrail writes for one account lies below.
 *
 * @param organizationId `o-…`, for an organization's trail: its files lie in a folder of that name
 */
export function accountFolder(accountId: string, prefix?: string, organizationId?: string): string {
  const organization = organizationId === undefined ? "" : `${organizationId}/`;
  return `${logsRoot(prefix)}${organization}${accountId}/`;
}

/** Whose files, and of which region. */
export interface LogFolder {
  /** The account whose events they are: twelve digits. */
  readonly accountId: string;
  /** Where the events happened. */
  readonly region: string;
  /**
   * The part of the key before `AWSLogs/`.
   * @default - none
   */
  readonly prefix?: string;
  /**
   * Of an organization's trail: its ID, `o-…`.
   * @default - the account's own trail
   */
  readonly organizationId?: string;
}

/** `…AWSLogs/111111111111/CloudTrail-Insight/us-east-1/`: what one folder has of one region. */
export function regionFolder(folder: LogFolder, name: FolderName): string {
  const { accountId, region, prefix, organizationId } = folder;
  return `${accountFolder(accountId, prefix, organizationId)}${name}/${region}/`;
}

/** `…AWSLogs/111111111111/CloudTrail/us-east-1/2026/01/31/`: what it has of one day of delivery. */
export function dayFolder(folder: LogFolder, name: FolderName, time: string): string {
  return `${regionFolder(folder, name)}${time.slice(0, 10).replaceAll("-", "/")}/`;
}

/** A log file, as its key names it. */
export interface LogFileName extends LogFolder {
  /**
   * The kind of its events.
   * @default "CloudTrail" - management and data events
   */
  readonly folder?: LogFolderName;
  /**
   * When it was delivered, to the minute: `2026-01-31T23:55Z`. It holds records of any time before.
   */
  readonly deliveredAt: string;
  /** 16 characters without meaning. */
  readonly uniqueString: string;
}

/** `…/111111111111_CloudTrail_us-east-1_20260131T2355Z_Mu0KsOhtH1ar15ZZ.json.gz` */
export function logFileKey(file: LogFileName): string {
  const { accountId, region, deliveredAt, uniqueString, folder = "CloudTrail" } = file;
  const minute = `${compact(deliveredAt).slice(0, 13)}Z`;
  return `${dayFolder(file, folder, deliveredAt)}${accountId}_${folder}_${region}_${minute}_${uniqueString}.json.gz`;
}

/**
 * What all keys begin with: prefix, organization, account, folder and region. Account, folder and
 * region are in the file's name again.
 */
function keyPattern(folders: readonly FolderName[], nameEnd: string): RegExp {
  const start = `^(?:(.+)/)?${LOGS_FOLDER}/(?:(o-[^/]+)/)?(\\d{12})/(${folders.join("|")})/([a-z0-9-]+)`;
  return new RegExp(`${start}/\\d{4}/\\d\\d/\\d\\d/\\3_\\4_\\5_${nameEnd}\\.json\\.gz$`);
}

const LOG_FILE_KEY = keyPattern(LOG_FOLDERS, "(\\d{8}T\\d{4})Z_([^/_]+)");
const DIGEST_FILE_KEY = keyPattern(
  ["CloudTrail-Digest"],
  "(.+)_([a-z0-9-]+)_(\\d{8}T\\d{6})Z(_backfill)?",
);

/** What a key names before the file's own name; undefined where no organization has such an ID. */
function placeOf(match: readonly (string | undefined)[]): LogFolder | undefined {
  const [, prefix, organizationId, accountId, , region] = match;
  if (organizationId !== undefined && organizationIdProblem(organizationId) !== undefined)
    return undefined;
  return { prefix, organizationId, accountId: accountId!, region: region! };
}

/** A log file's name, and the account's folder that it lies in. */
export interface LogFileInFolder extends LogFileName {
  /** The folder, which says what the file holds. */
  readonly folder: LogFolderName;
}

/**
 * The reverse of {@link logFileKey}; undefined where the key is not a log file's, or names no time
 * that there is.
 */
export function parseLogFileKey(key: string): LogFileInFolder | undefined {
  const match = LOG_FILE_KEY.exec(key);
  const place = match && placeOf(match);
  if (!match || !place) return undefined;
  const [folder, time, uniqueString] = [match[4]!, match[6]!, match[7]!];
  const deliveredAt = `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 11)}:${time.slice(11)}Z`;
  if (parseTime(deliveredAt) === undefined) return undefined;
  return { ...place, folder: folder as LogFolderName, deliveredAt, uniqueString };
}

/** A digest file, as its key names it. */
export interface DigestFileName extends LogFolder {
  /** The trail's name. */
  readonly trailName: string;
  /** The trail's home region; {@link LogFolder.region} is where the events happened. */
  readonly homeRegion: string;
  /** The end of the hour that it covers: `2026-01-31T23:12:05Z`. */
  readonly endTime: string;
  /** Whether it was made later, for hours whose digest could not be delivered. */
  readonly backfill: boolean;
}

/** `…/111111111111_CloudTrail-Digest_us-east-1_my-trail_us-east-1_20260131T231205Z.json.gz` */
export function digestFileKey(file: DigestFileName): string {
  const { accountId, region, trailName, homeRegion, endTime, backfill } = file;
  const name = `${accountId}_CloudTrail-Digest_${region}_${trailName}_${homeRegion}_${compact(endTime)}`;
  return `${dayFolder(file, "CloudTrail-Digest", endTime)}${name}${backfill ? "_backfill" : ""}.json.gz`;
}

/**
 * The reverse of {@link digestFileKey}; undefined where the key is not a digest file's, or names no
 * time that there is.
 */
export function parseDigestFileKey(key: string): DigestFileName | undefined {
  const match = DIGEST_FILE_KEY.exec(key);
  const place = match && placeOf(match);
  if (!match || !place) return undefined;
  const [trailName, homeRegion, time] = [match[6]!, match[7]!, match[8]!];
  const endTime = `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 11)}:${time.slice(11, 13)}:${time.slice(13)}Z`;
  if (parseTime(endTime) === undefined) return undefined;
  return { ...place, trailName, homeRegion, endTime, backfill: match[9] !== undefined };
}

/** `20260131T231205Z`, seconds as far as given. */
function compact(time: string): string {
  return `${time.slice(0, 19).replaceAll(/[-:Z]/g, "")}Z`;
}
