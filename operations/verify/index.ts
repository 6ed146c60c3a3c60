import { CloudTrailServiceException, type Trail } from "@aws-sdk/client-cloudtrail";
import type { S3Client } from "@aws-sdk/client-s3";
import { s3Client } from "../../aws/clients";
import { AtOnce } from "../../cloudtrail/at-once";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import type { ValidationFinding } from "../../cloudtrail/digests/validation-findings";
import { trailIdentity } from "../../envs/trails";
import type { Account, Environment } from "../../envs/types";
import {
  type AwsAccess,
  destinationClient,
  type ReadAs,
  readerCredentials,
} from "../aws/account-access";
import { ExpectedError } from "../expected-error";
import { type AccountFolders, accountFolders } from "./account-folders";
import { AccountTrails } from "./account-trails";
import { timeOfAws } from "./aws-clock";
import { expectedKey, type ExpectedKey } from "./encryption";
import { LogBucket } from "./log-bucket";
import { wayToRead } from "./may-not-read";
import { reasonOf } from "./reason";
import type { RegionReport, TrailVerification, VerifyReport } from "./report";
import { causeInS3 } from "./same-cause";
import { settingsFindings } from "./trail-findings";
import { type Finding, worst } from "./verdict";
import { type LeftOut, verifyRegion } from "./verify-region";

export { EXIT_CODES } from "./verdict";
export type { VerifyReport } from "./report";

/** How to verify an environment. */
export interface VerifyOptions {
  /**
   * Account IDs.
   * @default - all of the environment
   */
  readonly accounts?: readonly string[];
  /**
   * How far back digest files and their log files are checked, in seconds.
   * @default 86400, a day
   */
  readonly sinceSeconds?: number;
  /**
   * Who asks the destination's account, its bucket and its trail.
   * @default - its own role that reads
   */
  readonly readAs?: ReadAs;
  /**
   * The time that ages count from.
   * @default - S3's own clock
   */
  readonly now?: Date;
  /**
   * S3 objects that are read at once, over all accounts.
   * @default 64
   */
  readonly objectsAtOnce?: number;
  /**
   * Told of each file that was checked, and each fault.
   * @default - nobody is
   */
  readonly onFinding?: (finding: ValidationFinding) => void;
}

/** Trails, and regions of trails, that are looked at at once. */
const REGIONS_AT_ONCE = 32;

/**
 * Whether each trail of an environment logs, delivers in time and with the right encryption, and
 * whether all that it delivered is still as it was. Asks AWS alone, nothing of Terraform's state:
 * each account's CloudTrail with the account's role, the bucket with the destination's.
 *
 * What can't be read is in the report as not checked, and the others are checked all the same.
 *
 * @throws ExpectedError where an account is none of the environment's
 */
export async function verifyEnvironment(
  environment: Environment,
  access: AwsAccess,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { chosen, leftOut } = chooseAccounts(environment, options.accounts);
  const { destination, members } = environment;
  const { readAs = {} } = options;
  const { credentials, who } = readerCredentials(environment, readAs, access);
  const { region } = destination;
  const s3 = s3Client({ region, endpoint: access.endpoint, credentials });
  const trails = new AccountTrails(environment, access, [destination, ...members], credentials);
  try {
    const now = options.now ?? (await timeOfAws(s3, destination.bucket)) ?? new Date();
    const since = new Date(now.getTime() - 1000 * (options.sinceSeconds ?? 86_400));
    const verification = new Verification(environment, trails, s3, who, since, now, options);
    const verified = await Promise.all(chosen.map((account) => verification.verify(account)));
    return {
      environment: environment.name,
      since,
      now,
      verdict: worst(verified.map(({ trail }) => trail.verdict)),
      trails: verified.map(({ trail }) => trail),
      leftOut: [...leftOut, ...verified.flatMap(({ leftOut: regions }) => regions)],
    };
  } finally {
    s3.destroy();
    trails.destroy();
  }
}

/** S3 as the destination account's role reads it. */
export function destinationS3(environment: Environment, access: AwsAccess): S3Client {
  return s3Client(destinationClient(environment, access));
}

function chooseAccounts(
  { destination, members }: Environment,
  wanted: readonly string[] | undefined,
): { readonly chosen: readonly Account[]; readonly leftOut: VerifyReport["leftOut"] } {
  const all = [destination, ...members];
  const known = all.map(({ account }) => account);
  const unknown = (wanted ?? []).filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new ExpectedError(
      unknown.map((id) => `${id} is no account of the environment; it has ${known.join(", ")}.`),
    );
  const asked = all.filter(({ account }) => wanted?.includes(account) ?? true);
  const isRetiring = (account: Account): boolean => "retiring" in account && !!account.retiring;
  return {
    chosen: asked.filter((account) => !isRetiring(account)),
    leftOut: asked.filter(isRetiring).map(({ account, name }) => ({
      account,
      name,
      reason: "it is retiring, and its trail is to be gone",
    })),
  };
}

/** One run over the trails of an environment. */
class Verification {
  readonly #bucket: LogBucket;
  readonly #regionsAtOnce = new AtOnce(REGIONS_AT_ONCE);
  readonly #trailsAtOnce = new AtOnce(REGIONS_AT_ONCE);
  readonly #objectsAtOnce: AtOnce;
  #destinationKey: Promise<string | undefined> | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly trails: AccountTrails,
    s3: S3Client,
    private readonly who: string,
    private readonly since: Date,
    private readonly now: Date,
    private readonly options: VerifyOptions,
  ) {
    this.#bucket = new LogBucket(s3, environment.destination.bucket);
    this.#objectsAtOnce = new AtOnce(options.objectsAtOnce ?? 64);
  }

  async verify(
    account: Account,
  ): Promise<{ readonly trail: TrailVerification; readonly leftOut: VerifyReport["leftOut"] }> {
    const arn = trailArn(trailIdentity(this.environment, account));
    const facts = await this.#trailsAtOnce.run(() => this.#lookAt(account, arn));
    const { findings, folders } = facts;
    const looked = await Promise.all(
      folders.regions.map((region) =>
        this.#regionsAtOnce.run(() => this.#verifyRegion(account, region, arn, facts)),
      ),
    );
    const reports = looked.flatMap((one) => ("reason" in one ? [] : [one]));
    const whose = { account: account.account, name: account.name };
    return {
      trail: {
        ...whose,
        trailArn: arn,
        verdict: worst([...findings, ...reports].map(({ verdict }) => verdict)),
        findings,
        regions: reports,
      },
      leftOut: [
        ...folders.unknown.map((key) => ({
          ...whose,
          reason: `${key} was not looked into: this version knows no such folder`,
        })),
        ...looked.flatMap((one) => ("reason" in one ? [{ ...whose, ...one }] : [])),
      ],
    };
  }

  /** What has to be known before its regions are looked at. */
  async #lookAt(account: Account, arn: string): Promise<TrailFacts> {
    const findings: Finding[] = [];
    const [trail, key, found] = await Promise.all([
      this.trails.trail(account, arn).catch((error: unknown) => {
        findings.push(unreadTrail(error));
        return undefined;
      }),
      this.#expectedKey(),
      accountFolders(
        this.#bucket,
        account.account,
        account.region,
        this.environment.destination.prefix,
      ).catch((error: unknown): AccountFolders => {
        const text = `The bucket could not be listed: ${reasonOf(error)}`;
        findings.push({ verdict: "not-checked", check: "log-file", text, cause: causeInS3(error) });
        return { regions: [], logFolders: [], strange: [], unknown: [] };
      }),
    ]);
    const { destination } = this.environment;
    const { logFileValidation, multiRegion } = account.trail;
    const expected = { destination, key, logFileValidation, multiRegion };
    if (trail) findings.push(...settingsFindings(trail, expected));
    for (const folder of found.strange)
      findings.push({
        ...{ verdict: "unvouched", check: "log-file", key: folder },
        text: "CloudTrail makes a folder there for each region, and this is none: what lies in it is somebody else's.",
      });
    return { trail, key, folders: found, findings };
  }

  async #verifyRegion(
    account: Account,
    region: string,
    arn: string,
    { key, trail, folders }: TrailFacts,
  ): Promise<RegionReport | LeftOut> {
    const isMultiRegion = trail?.IsMultiRegionTrail ?? account.trail.multiRegion;
    const isHome = region === account.region;
    return verifyRegion(
      {
        trail: trailIdentity(this.environment, account),
        region,
        prefix: this.environment.destination.prefix,
        key,
        logFileValidation: account.trail.logFileValidation,
        since: this.since,
        now: this.now,
        covers: isHome || isMultiRegion,
        logFolders: folders.logFolders,
        wayToRead: wayToRead(this.environment, this.who),
        ...(trail
          ? {
              status: () =>
                this.trails.status(account, arn, region).catch((error: unknown) => {
                  if (!isHome && isNotThere(error)) return undefined;
                  throw error;
                }),
            }
          : {}),
      },
      {
        bucket: this.#bucket,
        publicKeys: (where, from, to) => this.trails.publicKeys(where, from, to),
        atOnce: this.#objectsAtOnce,
        onFinding: this.options.onFinding ?? (() => undefined),
      },
    );
  }

  #expectedKey(): Promise<ExpectedKey> {
    const { destination } = this.environment;
    this.#destinationKey ??= this.trails
      .trail(destination, trailArn(trailIdentity(this.environment, destination)))
      // What is wrong with that trail is said in its own account.
      .then(({ KmsKeyId }) => KmsKeyId)
      .catch(() => undefined);
    return this.#destinationKey.then((arn) => expectedKey(destination.encryption, arn));
  }
}

/** What a trail's regions are checked with. */
interface TrailFacts {
  /** Undefined where it could not be read. */
  readonly trail: Trail | undefined;
  readonly key: ExpectedKey;
  readonly folders: AccountFolders;
  readonly findings: readonly Finding[];
}

/**
 * What CloudTrail answers where a trail has no copy in a region, or the account has the region
 * turned off.
 */
const NOT_THERE = ["TrailNotFoundException", "UnrecognizedClientException", "OptInRequired"];

function isNotThere(error: unknown): boolean {
  return error instanceof CloudTrailServiceException && NOT_THERE.includes(error.name);
}

function unreadTrail(error: unknown): Finding {
  if (error instanceof CloudTrailServiceException && error.name === "TrailNotFoundException")
    return { verdict: "amiss", check: "trail", text: "AWS knows no such trail." };
  const text = `Its CloudTrail could not be asked: ${reasonOf(error)}`;
  return { verdict: "not-checked", check: "trail", text };
}
