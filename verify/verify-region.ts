import type { GetTrailStatusResponse } from "@aws-sdk/client-cloudtrail";
import type { AtOnce } from "../cloudtrail/at-once";
import type { LogFolderName } from "../cloudtrail/files/log-folders";
import {
  digestFileKey,
  logFileKey,
  parseDigestFileKey,
  parseLogFileKey,
  regionFolder,
} from "../cloudtrail/files/log-layout";
import { causeOf } from "../cloudtrail/digests/digest-check";
import { validateLogFiles } from "../cloudtrail/digests/log-validation";
import type { TrailIdentity } from "../cloudtrail/trails/trail-identity";
import {
  type Count,
  type Fault,
  isFault,
  type ValidationFinding,
  ValidationSummary,
} from "../cloudtrail/digests/validation-findings";
import type { ValidationSource } from "../cloudtrail/digests/validation-source";
import { chainFinding } from "./chain-findings";
import type { ExpectedKey } from "./encryption";
import type { LogBucketReader } from "./log-bucket";
import { newestFile } from "./newest-file";
import { type DeliveredFile, newestFindings } from "./newest-findings";
import { filesNotNamed, NamedFiles } from "./not-named";
import { reasonOf } from "../aws/reason";
import type { RegionReport } from "./report";
import { causeInS3, oneForEachCause, REFUSED } from "./same-cause";
import { toSecond } from "./times";
import { statusFindings } from "./trail-findings";
import { type VerifyFinding, worst } from "./verdict";

/** What is looked at, and by what measure. */
export interface RegionCheck {
  readonly trail: TrailIdentity;
  readonly region: string;
  /** @default - none */
  readonly prefix?: string;
  readonly key: ExpectedKey;
  /** Whether the environment has the trail write digest files. */
  readonly logFileValidation: boolean;
  readonly since: Date;
  readonly now: Date;
  /** Whether the trail, by its settings, covers the region now. */
  readonly covers: boolean;
  /**
   * The folders of log files that the account has.
   * @default - none beside that of management and data events
   */
  readonly logFolders?: readonly LogFolderName[];
  /**
   * Reads the trail's status in this region; undefined where it is not there: the account has the
   * region turned off, say.
   * @default - that it can't be read is said already
   */
  readonly status?: () => Promise<GetTrailStatusResponse | undefined>;
  /**
   * What to do where S3 refuses to let files be read.
   * @default - nothing better than S3's own words is known
   */
  readonly wayToRead?: string;
}

/** Where it is looked at. */
export interface RegionAccess {
  readonly bucket: Pick<LogBucketReader, "name" | "folders" | "keys" | "kmsKeyOf" | "get">;
  readonly publicKeys: ValidationSource["publicKeys"];
  readonly atOnce: AtOnce;
  /** Told of each file that was checked, and each fault. */
  readonly onFinding: (finding: ValidationFinding) => void;
}

/**
 * Checks one trail in one region. What can't be read is a finding, never an error. Where the trail
 * delivers nothing any more, only what was delivered within the period is looked at.
 *
 * @returns why it was left out, where there is nothing to look at
 */
export async function verifyRegion(
  check: RegionCheck,
  access: RegionAccess,
): Promise<RegionReport | RegionLeftOut> {
  const findings: VerifyFinding[] = [];
  const { covers, since } = check;
  const [status, log, digest] = await Promise.all([
    covers && check.status
      ? notedUnlessRead(findings, "GetTrailStatus", "trail", check.status)
      : undefined,
    notedUnlessRead(findings, "The newest log file", "log-file", () => newestLog(check, access)),
    notedUnlessRead(findings, "The newest digest file", "digest-file", () =>
      newestDigest(check, access),
    ),
  ]);
  const isThere = status === undefined || status.value !== undefined;
  const delivers = covers && isThere;
  const files = log && digest ? { log: log.value, digest: digest.value } : undefined;
  const isOfPeriod = (file: DeliveredFile | undefined): boolean =>
    file !== undefined && file.time >= since;
  if (!delivers && files && !isOfPeriod(files.log) && !isOfPeriod(files.digest))
    return {
      region: check.region,
      reason: `${covers ? "the trail is not there any more" : "the trail does not cover it now"}, and no file there is of the period`,
    };
  const named = new NamedFiles();
  const chain = await validateChain(check, status?.value, {
    ...access,
    onFinding: (finding) => {
      named.add(finding);
      access.onFinding(finding);
    },
  });
  const notNamed = await notedUnlessRead(findings, "The other folders", "log-file", () => {
    const region = { accountId: check.trail.accountId, region: check.region, prefix: check.prefix };
    return filesNotNamed(access.bucket, region, check.logFolders ?? [], since, named);
  });
  findings.push(
    ...(status?.value ? statusFindings(status.value) : []),
    // What could not be looked for is not missing.
    ...(files ? newestFindings(files, { ...check, delivers, status: status?.value }) : []),
  );
  findings.push(
    ...chain.faults
      // Said better where the newest digest file was looked for.
      .filter(({ kind }) => kind !== "no-digests" || !findings.some(isAboutDigests))
      .map((fault) => chainFinding(fault, access.bucket.name)),
    ...(check.logFileValidation ? [] : [NOT_VALIDATED]),
  );
  return {
    region: check.region,
    verdict: worst(findings.map(({ verdict }) => verdict)),
    newestLog: log?.value,
    newestDigest: digest?.value,
    ...chain.counts,
    notNamed: notNamed?.value ?? [],
    findings: oneForEachCause(findings).map((finding) =>
      finding.cause === REFUSED && check.wayToRead !== undefined
        ? { ...finding, text: `${finding.text} ${check.wayToRead}` }
        : finding,
    ),
  };
}

/** A region that was not looked at, on purpose. */
export interface RegionLeftOut {
  readonly region: string;
  readonly reason: string;
}

/** What was read; where it can't be, undefined, and a finding that says why. */
async function notedUnlessRead<Value>(
  findings: VerifyFinding[],
  what: string,
  check: VerifyFinding["check"],
  read: () => Promise<Value>,
): Promise<{ readonly value: Value } | undefined> {
  try {
    return { value: await read() };
  } catch (error) {
    const text = `${what} could not be read: ${reasonOf(error)}`;
    const cause = check === "trail" ? `${what}: ${causeOf(error)}` : causeInS3(error);
    findings.push({ verdict: "not-checked", check, text, cause });
    return undefined;
  }
}

function newestLog(check: RegionCheck, access: RegionAccess): Promise<DeliveredFile | undefined> {
  const { trail, region, prefix } = check;
  const { accountId } = trail;
  return newest("CloudTrail", check, access, (key) => {
    const file = parseLogFileKey(key);
    const expected = file && logFileKey({ ...file, accountId, region, prefix });
    return key === expected ? file?.deliveredAt : undefined;
  });
}

function newestDigest(
  check: RegionCheck,
  access: RegionAccess,
): Promise<DeliveredFile | undefined> {
  const { trail, region, prefix } = check;
  const { accountId, name: trailName, homeRegion } = trail;
  return newest("CloudTrail-Digest", check, access, (key) => {
    const file = parseDigestFileKey(key);
    const names = { accountId, region, prefix, trailName, homeRegion, backfill: false };
    const expected = file && digestFileKey({ ...file, ...names });
    return key === expected ? file?.endTime : undefined;
  });
}

async function newest(
  kind: "CloudTrail" | "CloudTrail-Digest",
  { trail, region, prefix, now }: RegionCheck,
  { bucket }: RegionAccess,
  timeOf: (key: string) => string | undefined,
): Promise<DeliveredFile | undefined> {
  const { accountId } = trail;
  const folder = regionFolder({ accountId, region, prefix }, kind);
  const found = await newestFile(bucket, folder, timeOf, now);
  return found && { ...found, kmsKeyArn: await bucket.kmsKeyOf(found.key) };
}

const NOT_VALIDATED: VerifyFinding = {
  verdict: "not-checked",
  check: "digest-chain",
  text: "Log file validation is off in the environment (trail.logFileValidation): nothing says whether log files were changed.",
};

function isAboutDigests({ check }: VerifyFinding): boolean {
  return check === "digest-file";
}

interface Chain {
  readonly counts: Pick<RegionReport, "digestFiles" | "logFiles" | "covered">;
  readonly faults: readonly Fault[];
}

async function validateChain(
  { trail, region, prefix, logFileValidation, since, now }: RegionCheck,
  status: GetTrailStatusResponse | undefined,
  { bucket, publicKeys, atOnce, onFinding }: RegionAccess,
): Promise<Chain> {
  const period = { from: toSecond(since), to: toSecond(now) };
  const summary = new ValidationSummary(period);
  const faults: Fault[] = [];
  if (logFileValidation) {
    const request = {
      trail,
      region,
      s3BucketName: bucket.name,
      s3KeyPrefix: prefix,
      ...period,
      loggingSince: status?.StartLoggingTime && toSecond(status.StartLoggingTime),
    };
    const source: ValidationSource = {
      listKeys: (name, keyPrefix, startAfter) => bucket.keys(name, keyPrefix, startAfter),
      getObject: (name, key) => bucket.get(name, key),
      publicKeys,
    };
    for await (const finding of validateLogFiles({ ...request, atOnce }, source)) {
      onFinding(finding);
      summary.add(finding);
      if (isFault(finding)) faults.push(finding);
    }
  }
  const { digests, backfillDigests, logs, found } = summary;
  return {
    counts: { digestFiles: plus(digests, backfillDigests), logFiles: logs, covered: found },
    faults,
  };
}

function plus(one: Count, other: Count): Count {
  return {
    valid: one.valid + other.valid,
    invalid: one.invalid + other.invalid,
    notChecked: one.notChecked + other.notChecked,
  };
}
