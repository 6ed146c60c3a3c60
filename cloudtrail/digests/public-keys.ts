import { createPublicKey, type KeyObject } from "node:crypto";
import { formatTime, HOUR, parseTime } from "../time";
import type { ValidationSource } from "./validation-source";

/** The keys that one region's digests may be signed with. */
export class PublicKeys {
  readonly #byFingerprint = new Map<string, KeyObject>();

  readonly #askedAgain = new Set<string>();

  private constructor(
    readonly region: string,
    private readonly from: number,
    private readonly to: number,
    private readonly source: ValidationSource,
  ) {}

  /**
   * The keys of a time, which is in milliseconds, and of two hours after, as the AWS CLI asks for
   * them.
   *
   * @throws whatever the source throws, and where there is no key at all: every region has one
   */
  static async load(
    region: string,
    from: number,
    to: number,
    source: ValidationSource,
  ): Promise<PublicKeys> {
    const keys = new PublicKeys(region, from, to + 2 * HOUR, source);
    await keys.#add(keys.from, keys.to);
    if (keys.#byFingerprint.size === 0)
      throw new Error(`CloudTrail lists no public key in ${region} for that time`);
    return keys;
  }

  /**
   * The key with a fingerprint; undefined where there is none. Never throws.
   *
   * @param generatedAt when a backfill digest was made, as its metadata says: any time after the
   *   hours that it is about
   */
  async find(
    fingerprint: string,
    generatedAt?: string,
  ): Promise<{ readonly key: KeyObject } | { readonly error: unknown } | undefined> {
    const time = generatedAt === undefined ? undefined : parseTime(generatedAt);
    try {
      if (!this.#byFingerprint.has(fingerprint) && time !== undefined)
        await this.#add(time - HOUR, time + HOUR);
      // One bad answer is not tampering. It asks for other times, so that no memory of an answer
      // will do.
      if (!this.#byFingerprint.has(fingerprint) && !this.#askedAgain.has(fingerprint)) {
        await this.#add(this.from - HOUR, this.to + HOUR);
        this.#askedAgain.add(fingerprint);
      }
    } catch (error) {
      return { error };
    }
    const key = this.#byFingerprint.get(fingerprint);
    return key && { key };
  }

  async #add(from: number, to: number): Promise<void> {
    const keys = await this.source.publicKeys(this.region, formatTime(from), formatTime(to));
    for (const { fingerprint, value } of keys)
      this.#byFingerprint.set(
        fingerprint,
        createPublicKey({ key: Buffer.from(value), format: "der", type: "pkcs1" }),
      );
  }
}
