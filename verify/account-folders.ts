import { isKnownFolder, isLogFolder, type LogFolderName } from "../cloudtrail/files/log-folders";
import { accountFolder } from "../cloudtrail/files/log-layout";
import { isRegionName } from "../cloudtrail/regions";
import type { LogBucketReader } from "./log-bucket";

/** What the listing of an account's folders shows. */
export interface AccountFolders {
  /** The home region, and those that the account has files of. */
  readonly regions: readonly string[];
  /** The folders of log files that it has. */
  readonly logFolders: readonly LogFolderName[];
  /** Keys of folders beside the regions' that are none. */
  readonly strange: readonly string[];
  /** Keys of folders below the account's that are not known, and not looked into. */
  readonly unknown: readonly string[];
}

/**
 * Lists an account's folders.
 *
 * @param home the trail's home region
 * @throws whatever the bucket throws
 */
export async function accountFolders(
  bucket: Pick<LogBucketReader, "folders">,
  accountId: string,
  home: string,
  prefix: string | undefined,
): Promise<AccountFolders> {
  const account = accountFolder(accountId, prefix);
  const names = await bucket.folders(account);
  const found = await Promise.all(
    names.filter(isKnownFolder).map(async (name) => {
      const below = await bucket.folders(`${account}${name}/`);
      return below.map((region) => ({ region, key: `${account}${name}/${region}/` }));
    }),
  );
  const below = found.flat();
  const regions = new Set(below.map(({ region }) => region).filter(isRegionName));
  regions.delete(home);
  return {
    regions: [home, ...[...regions].sort()],
    logFolders: names.filter(isLogFolder),
    strange: below.filter(({ region }) => !isRegionName(region)).map(({ key }) => key),
    unknown: names.filter((name) => !isKnownFolder(name)).map((name) => `${account}${name}/`),
  };
}
