import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { ServiceError } from "../gateway/service-error";

/** A key pair that digests are signed with. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** The public half in DER, PKCS#1. */
  readonly publicKey: Buffer;
  /** MD5 of {@link publicKey}, hexadecimal: what AWS's own published example comes to. */
  readonly fingerprint: string;
  /** Milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** ListPublicKeys' answer. Times are seconds since 1970. */
export interface PublicKeyList {
  readonly PublicKeyList: readonly {
    /** Base64 of the key in DER, PKCS#1. */
    readonly Value: string;
    readonly ValidityStartTime: number;
    readonly ValidityEndTime: number;
    readonly Fingerprint: string;
  }[];
}

/** Before and after any time that a local AWS is set to. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/**
 * The keys by which CloudTrail signs digests: an own one for each region, made when first needed.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
 */
export class SigningKeys {
  readonly #ofRegions = new Map<string, readonly SigningKey[]>();

  /**
   * @param now milliseconds
   * @param rotations when every region goes over to its next key, in milliseconds and in order;
   *   AWS's keys last about a month, here one lasts for good by default
   */
  constructor(
    private readonly now: () => number,
    private readonly rotations: readonly number[] = [],
  ) {}

  /** The key that signs at a time, in milliseconds. */
  keyAt(region: string, time: number): SigningKey {
    return this.#keysOf(region).find(({ validTo }) => time < validTo)!;
  }

  /**
   * The keys that were in use at any time of a range.
   *
   * @param startTime seconds, as are all times of the API; now by default
   * @param endTime now by default
   * @throws ServiceError InvalidTimeRangeException
   */
  listPublicKeys(region: string, startTime?: number, endTime?: number): PublicKeyList {
    const now = this.now() / 1000;
    const [start, end] = [startTime ?? now, endTime ?? now];
    if (start > end)
      throw new ServiceError(
        "InvalidTimeRangeException",
        "The start time must not be after the end time.",
      );
    const keys = this.#keysOf(region).filter(
      ({ validFrom, validTo }) => validFrom / 1000 <= end && start < validTo / 1000,
    );
    return {
      PublicKeyList: keys.map(({ publicKey, validFrom, validTo, fingerprint }) => ({
        Value: publicKey.toString("base64"),
        ValidityStartTime: validFrom / 1000,
        ValidityEndTime: validTo / 1000,
        Fingerprint: fingerprint,
      })),
    };
  }

  #keysOf(region: string): readonly SigningKey[] {
    let keys = this.#ofRegions.get(region);
    if (keys === undefined) {
      const bounds = [EARLIEST, ...this.rotations, LATEST];
      keys = bounds.slice(1).map((validTo, index) => makeKey(bounds[index]!, validTo));
      this.#ofRegions.set(region, keys);
    }
    return keys;
  }
}

function makeKey(validFrom: number, validTo: number): SigningKey {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicKey = pair.publicKey.export({ type: "pkcs1", format: "der" });
  const fingerprint = createHash("md5").update(publicKey).digest("hex");
  return { privateKey: pair.privateKey, publicKey, fingerprint, validFrom, validTo };
}
