import { CloudTrailServiceException, type Trail } from "@aws-sdk/client-cloudtrail";
import type { S3Client } from "@aws-sdk/client-s3";
import { reasonOf } from "../aws/reason";
import { AtOnce } from "../cloudtrail/at-once";
import { accountFolder } from "../cloudtrail/files/log-layout";
import { isRegionName } from "../cloudtrail/regions";
import { trailArn } from "../cloudtrail/trails/trail-identity";
import { trailIdentity } from "../envs/trails";
import type { Account, Environment } from "../envs/types";
import type { AccountTrails } from "./account-trails";
import { expectedKey, type ExpectedKey } from "./encryption";
import { LogBucketReader } from "./log-bucket";
import { wayToRead } from "./may-not-read";
import type { RegionReport, TrailVerification, VerifyReport } from "./report";
import { causeInS3 } from "./same-cause";
import { settingsFindings } from "./trail-findings";
import { type VerifyFinding, worst } from "./verdict";
import type { VerifyOptions } from "./verify-environment";
import { type LeftOut, verifyRegion } from "./verify-region";

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
    const { trail, key, regions, findings } = await this.#trailsAtOnce.run(() =>
      this.#lookAt(account, arn),
    );
    const looked = await Promise.all(
      regions.map((region) =>
        this.#regionsAtOnce.run(() => this.#verifyRegion(account, region, arn, key, trail)),
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
      leftOut: looked.flatMap((one) => ("reason" in one ? [{ ...whose, ...one }] : [])),
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
      this.#regionsOf(account).catch((error: unknown) => {
        const text = `The bucket could not be listed: ${reasonOf(error)}`;
        findings.push({ verdict: "not-checked", check: "log-file", text, cause: causeInS3(error) });
        return { regions: [], others: [] };
      }),
    ]);
    const { destination } = this.environment;
    const { logFileValidation, multiRegion } = account.trail;
    const expected = { destination, key, logFileValidation, multiRegion };
    if (trail) findings.push(...settingsFindings(trail, expected));
    for (const folder of found.others)
      findings.push({
        ...{ verdict: "unvouched", check: "log-file", key: folder },
        text: "CloudTrail makes a folder there for each region, and this is none: what lies in it is somebody else's.",
      });
    return { trail, key, regions: found.regions, findings };
  }

  async #verifyRegion(
    account: Account,
    region: string,
    arn: string,
    key: ExpectedKey,
    trail: Trail | undefined,
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

  /** The home region, and those that the account has files of; and the folders beside theirs. */
  async #regionsOf({ account, region: home }: Account): Promise<FoundRegions> {
    const folder = accountFolder(account, this.environment.destination.prefix);
    const found = await Promise.all(
      ["CloudTrail/", "CloudTrail-Digest/"].map(async (kind) => {
        const names = await this.#bucket.folders(folder + kind);
        return names.map((name) => ({ name, key: `${folder}${kind}${name}/` }));
      }),
    );
    const names = found.flat();
    const others = new Set(
      names.map(({ name }) => name).filter((name) => isRegionName(name) && name !== home),
    );
    return {
      regions: [home, ...[...others].sort()],
      others: names.filter(({ name }) => !isRegionName(name)).map(({ key }) => key),
    };
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
  readonly regions: readonly string[];
  readonly findings: readonly VerifyFinding[];
}

/** What the listing of an account's folders shows. */
interface FoundRegions {
  readonly regions: readonly string[];
  /** Of no region. */
  readonly others: readonly string[];
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
