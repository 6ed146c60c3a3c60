import { parseTime } from "../time";

/**
 * Where CloudTrail puts its files in a bucket. All times are ISO 8601 in UTC.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */

/** `prefix/AWSLogs/111111111111/`: all that CloudTrail writes for one account lies below. */
export function accountFolder(accountId: string, prefix?: string): string {
  return `${prefix === undefined ? "" : `${prefix}/`}AWSLogs/${accountId}/`;
}

/** Whose files, and of which region. */
export interface LogFolder {
  /** The trail's account: twelve digits. */
  readonly accountId: string;
  /** Where the events happened. */
  readonly region: string;
  /**
   * The part of the key before `AWSLogs/`.
   * @default - none
   */
  readonly prefix?: string;
}

/** `…AWSLogs/111111111111/CloudTrail/us-east-1/`: the log files of one region. */
export function logFilesFolder({ accountId, region, prefix }: LogFolder): string {
  return `${accountFolder(accountId, prefix)}CloudTrail/${region}/`;
}

/** `…AWSLogs/111111111111/CloudTrail/us-east-1/2026/01/31/`: the log files of one day of delivery. */
export function logFileFolder(folder: LogFolder, time: string): string {
  return `${logFilesFolder(folder)}${day(time)}/`;
}

/** A log file, as its key names it. */
export interface LogFileName extends LogFolder {
  /** When it was delivered, to the minute: `2026-01-31T23:55Z`. It holds records of any time before. */
  readonly deliveredAt: string;
  /** 16 characters without meaning. */
  readonly uniqueString: string;
}

/** `…/111111111111_CloudTrail_us-east-1_20260131T2355Z_Mu0KsOhtH1ar15ZZ.json.gz` */
export function logFileKey(file: LogFileName): string {
  const { accountId, region, deliveredAt, uniqueString } = file;
  const minute = `${compact(deliveredAt).slice(0, 13)}Z`;
  return `${logFileFolder(file, deliveredAt)}${accountId}_CloudTrail_${region}_${minute}_${uniqueString}.json.gz`;
}

/** The reverse of {@link logFileKey}; undefined where the key is no log file's, or names no time that there is. */
export function parseLogFileKey(key: string): LogFileName | undefined {
  const match =
    /^(?:(.+)\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/CloudTrail\/([a-z0-9-]+)\/\d{4}\/\d\d\/\d\d\/\2_CloudTrail_\3_(\d{8}T\d{4})Z_([^/_]+)\.json\.gz$/.exec(
      key,
    );
  if (!match) return undefined;
  const [, prefix, accountId, region, time, uniqueString] = match as unknown as string[];
  const deliveredAt = `${time!.slice(0, 4)}-${time!.slice(4, 6)}-${time!.slice(6, 11)}:${time!.slice(11)}Z`;
  if (parseTime(deliveredAt) === undefined) return undefined;
  return {
    prefix,
    accountId: accountId!,
    region: region!,
    deliveredAt,
    uniqueString: uniqueString!,
  };
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

/** `…AWSLogs/111111111111/CloudTrail-Digest/us-east-1/`: the digest files of one region. */
export function digestFilesFolder({ accountId, region, prefix }: LogFolder): string {
  return `${accountFolder(accountId, prefix)}CloudTrail-Digest/${region}/`;
}

/** `…AWSLogs/111111111111/CloudTrail-Digest/us-east-1/2026/01/31/`: the digest files of one day. */
export function digestFileFolder(folder: LogFolder, time: string): string {
  return `${digestFilesFolder(folder)}${day(time)}/`;
}

/** `…/111111111111_CloudTrail-Digest_us-east-1_my-trail_us-east-1_20260131T231205Z.json.gz` */
export function digestFileKey(file: DigestFileName): string {
  const { accountId, region, trailName, homeRegion, endTime, backfill } = file;
  const name = `${accountId}_CloudTrail-Digest_${region}_${trailName}_${homeRegion}_${compact(endTime)}`;
  return `${digestFileFolder(file, endTime)}${name}${backfill ? "_backfill" : ""}.json.gz`;
}

/** The reverse of {@link digestFileKey}; undefined where the key is no digest file's, or names no time that there is. */
export function parseDigestFileKey(key: string): DigestFileName | undefined {
  const match =
    /^(?:(.+)\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/CloudTrail-Digest\/([a-z0-9-]+)\/\d{4}\/\d\d\/\d\d\/\2_CloudTrail-Digest_\3_(.+)_([a-z0-9-]+)_(\d{8}T\d{6})Z(_backfill)?\.json\.gz$/.exec(
      key,
    );
  if (!match) return undefined;
  const [, prefix, accountId, region, trailName, homeRegion, time, backfill] =
    match as unknown as string[];
  const endTime = `${time!.slice(0, 4)}-${time!.slice(4, 6)}-${time!.slice(6, 11)}:${time!.slice(11, 13)}:${time!.slice(13)}Z`;
  if (parseTime(endTime) === undefined) return undefined;
  return {
    prefix,
    accountId: accountId!,
    region: region!,
    trailName: trailName!,
    homeRegion: homeRegion!,
    endTime,
    backfill: backfill !== undefined,
  };
}

/** `2026/01/31` */
function day(time: string): string {
  return time.slice(0, 10).replaceAll("-", "/");
}

/** `20260131T231205Z`, seconds as far as given. */
function compact(time: string): string {
  return `${time.slice(0, 19).replaceAll(/[-:Z]/g, "")}Z`;
}
