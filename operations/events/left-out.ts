import { isAccountId, organizationIdProblem } from "../../cloudtrail/names";
import { logsRoot } from "../../cloudtrail/files/log-layout";
import type { LogBucketReader } from "../../verify/log-bucket";
import { reasonOf } from "../../aws/reason";

/** Something in the log bucket that a search did not look into, and that is not a problem. */
export interface LeftOut {
  /** `s3://bucket/key`; a folder's ends with a slash. */
  readonly file: string;
  /** Why, as the end of a sentence. */
  readonly reason: string;
}

/** What was left out, each once. */
export class LeftOutPlaces {
  readonly #places = new Map<string, LeftOut>();

  constructor(private readonly bucket: string) {}

  /** @param key of a folder it ends with a slash */
  add(key: string, reason: string): void {
    const file = `s3://${this.bucket}/${key}`;
    this.#places.set(file, { file, reason });
  }

  get all(): readonly LeftOut[] {
    return [...this.#places.values()];
  }
}

/**
 * Notes the folders beside those of some accounts: other accounts', an organization's, and others.
 *
 * @param accounts whose logs are searched
 */
export async function noteOtherFolders(
  bucket: Pick<LogBucketReader, "folders">,
  prefix: string | undefined,
  accounts: readonly string[],
  places: LeftOutPlaces,
): Promise<void> {
  const root = logsRoot(prefix);
  try {
    for (const name of await bucket.folders(root))
      if (!accounts.includes(name)) places.add(`${root}${name}/`, whose(name));
  } catch (error) {
    places.add(root, `other accounts' folders were not looked for: ${reasonOf(error)}`);
  }
}

function whose(name: string): string {
  if (isAccountId(name)) return "the environment has no such account";
  if (organizationIdProblem(name) === undefined) return "an organization's trail wrote it";
  return "CloudTrail makes no such folder";
}

/** Places that are named one by one. */
const NAMED = 10;

/** What is said of them, a line each. */
export function leftOutLines(places: readonly LeftOut[]): string[] {
  const more = places.length - NAMED;
  return [
    ...places.slice(0, NAMED).map(({ file, reason }) => `Left out: ${file}: ${reason}.`),
    ...(more > 0 ? [`${more} more places were left out; --json has each.`] : []),
  ];
}
