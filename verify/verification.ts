import { CloudTrailServiceException, type Trail } from "@aws-sdk/client-cloudtrail";
import type { S3Client } from "@aws-sdk/client-s3";
import { reasonOf } from "../aws/reason";
import { AtOnce } from "../cloudtrail/at-once";
import { trailArn } from "../cloudtrail/trails/trail-identity";
import { trailIdentity } from "../envs/trails";
import type { Account, Environment } from "../envs/types";
import { type AccountFolders, accountFolders } from "./account-folders";
import type { AccountTrails } from "./account-trails";
import { expectedKey, type ExpectedKey } from "./encryption";
import { LogBucketReader } from "./log-bucket";
import { wayToRead } from "./may-not-read";
import type { RegionReport, TrailVerification, VerifyReport } from "./report";
import { causeInS3 } from "./same-cause";
import { settingsFindings } from "./trail-findings";
import { type VerifyFinding, worst } from "./verdict";
import type { VerifyOptions } from "./verify-options";
import { type RegionLeftOut, verifyRegion } from "./verify-region";

/** Trails, and regions of trails, that are looked at at once. */
const REGIONS_AT_ONCE = 32;

/** One run over the trails of an environment. */
export class Verification {
  readonly #bucket: LogBucketReader;
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
    this.#bucket = new LogBucketReader(s3, environment.destination.bucket);
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
    const findings: VerifyFinding[] = [];
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
        verdict: "unvouched",
        check: "log-file",
        key: folder,
        text: "CloudTrail makes a folder there for each region, and this is none: what lies in it is somebody else's.",
      });
    return { trail, key, folders: found, findings };
  }

  async #verifyRegion(
    account: Account,
    region: string,
    arn: string,
    { key, trail, folders }: TrailFacts,
  ): Promise<RegionReport | RegionLeftOut> {
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
  readonly findings: readonly VerifyFinding[];
}

/**
 * What CloudTrail answers where a trail has no copy in a region, or the account has the region
 * turned off.
 */
const NOT_THERE = ["TrailNotFoundException", "UnrecognizedClientException", "OptInRequired"];

function isNotThere(error: unknown): boolean {
  return error instanceof CloudTrailServiceException && NOT_THERE.includes(error.name);
}

function unreadTrail(error: unknown): VerifyFinding {
  if (error instanceof CloudTrailServiceException && error.name === "TrailNotFoundException")
    return { verdict: "amiss", check: "trail", text: "AWS knows no such trail." };
  const text = `Its CloudTrail could not be asked: ${reasonOf(error)}`;
  return { verdict: "not-checked", check: "trail", text };
}
