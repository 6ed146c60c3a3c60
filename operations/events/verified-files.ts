import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { type ClientOptions, cloudTrailClient } from "../../aws/clients";
import { AtOnce } from "../../cloudtrail/at-once";
import { accountFolder } from "../../cloudtrail/files/log-layout";
import { validateLogFiles } from "../../cloudtrail/digests/log-validation";
import { isRegionName } from "../../cloudtrail/regions";
import { formatTime } from "../../cloudtrail/time";
import { type Fault, isFault } from "../../cloudtrail/digests/validation-findings";
import type { ValidationSource } from "../../cloudtrail/digests/validation-source";
import { trailIdentity } from "../../envs/trails";
import type { Account, Environment } from "../../envs/types";
import type { SearchedBucket } from "./event-search";
import type { LogFileQuery } from "./log-files";
import { placeOf, type ReadProblem, readProblem } from "./read-problem";
import { listPublicKeys } from "../../verify/account-trails";

/** The log files that valid digest files vouch for. */
export interface VerifiedFiles {
  /** Whether a key is that of one of them. */
  has(key: string): boolean;
  /** What is wrong with the others, and with digest files. */
  readonly problems: readonly ReadProblem[];
}

/** Objects that are read at once. */
const OBJECTS_AT_ONCE = 32;

/**
 * Validates the log files that a query asks for, each by its digest file.
 *
 * @param asks where CloudTrail is asked for public keys, and as whom: they are a region's, not an
 *   account's
 */
export async function verifiedFiles(
  environment: Environment,
  searched: SearchedBucket,
  asks: Omit<ClientOptions, "region">,
  query: LogFileQuery,
): Promise<VerifiedFiles> {
  const { destination, members } = environment;
  const keys = new Set<string>();
  const problems: ReadProblem[] = [];
  const clients = new Map<string, CloudTrailClient>();
  const { bucket } = searched;
  const source: ValidationSource = {
    listKeys: (name, prefix, startAfter) => bucket.keys(name, prefix, startAfter),
    getObject: (name, key) => bucket.get(name, key),
    publicKeys: (region, from, to) => {
      const client = clients.get(region) ?? cloudTrailClient({ ...asks, region });
      clients.set(region, client);
      return listPublicKeys(client, from, to);
    },
  };
  const atOnce = new AtOnce(OBJECTS_AT_ONCE);

  async function validate(account: Account): Promise<void> {
    const folder = `${accountFolder(account.account, query.prefix)}CloudTrail-Digest/`;
    const place = { ...searched, bucket: bucket.name };
    if (!account.trail.logFileValidation) {
      problems.push({
        kind: "not-verified",
        file: placeOf({ ...place, key: folder, doing: "listing" }),
        what: "Log file validation is off in the environment, so no file of the account is verified.",
        how: "Turn trail.logFileValidation on, or search without --verified.",
      });
      return;
    }
    let regions: readonly string[];
    try {
      regions = query.regions ?? (await bucket.folders(folder)).filter(isRegionName);
    } catch (error) {
      problems.push(readProblem(error, { ...place, key: folder, doing: "listing" }));
      return;
    }
    await Promise.all(regions.map((region) => validateRegion(account, region)));
  }

  async function validateRegion(account: Account, region: string): Promise<void> {
    const request = {
      trail: trailIdentity(environment, account),
      region,
      atOnce,
      s3BucketName: bucket.name,
      s3KeyPrefix: query.prefix,
      from: formatTime(query.from),
      to: formatTime(query.to),
    };
    for await (const finding of validateLogFiles(request, source))
      if (!isFault(finding)) {
        if (finding.kind === "log-valid" && finding.bucket === bucket.name) keys.add(finding.key);
        // That no digest file is there yet is seen by the log files that are left out.
      } else if (finding.kind !== "no-digests") problems.push(notVerified(finding));
  }

  try {
    const accounts = [destination, ...members].filter(({ account }) =>
      query.accounts.includes(account),
    );
    await Promise.all(accounts.map(validate));
  } finally {
    for (const client of clients.values()) client.destroy();
  }
  return { has: (key) => keys.has(key), problems };
}

function notVerified({ kind, bucket, key, message, cause }: Fault): ReadProblem {
  return {
    kind: "not-verified",
    what: message,
    file: `s3://${bucket}/${key}`,
    how: "It is left out; docs/verification.md says what to do.",
    about: `${kind} ${cause}`,
  };
}
