/**
 * Bytes of a piece. Of gzip's, 1,000 times as many come out of it at most, of CloudTrail's some 15.
 */
const PIECE = 16 * 1024;

/**
 * A source's bytes in pieces that are cut at the same places, however the source cuts them: whoever
 * works piece by piece does the same with the same bytes.
 */
export class Pieces {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** Of the source's last chunk, what is in no piece yet. */
  #left: Uint8Array = new Uint8Array();
  #piece: Buffer = Buffer.alloc(0);
  #at = 0;
  /** How the source ended. */
  #end: { readonly error?: unknown } | undefined;

  /** Nothing is read yet. */
  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /**
   * What is left of the piece, or the next piece; empty at the end.
   *
   * @throws what the source threw, behind all the bytes before it
   */
  async rest(): Promise<Buffer> {
    if (this.#at === this.#piece.length) {
      this.#piece = await this.#next(PIECE);
      this.#at = 0;
    }
    return this.#piece.subarray(this.#at);
  }

  /** Goes on behind so many bytes of {@link rest}. */
  skip(count: number): void {
    this.#at += count;
  }

  /**
   * The next bytes, and goes on behind them; undefined, and nothing is taken, where there are not
   * so many.
   */
  async take(count: number): Promise<Buffer | undefined> {
    const rest = await this.#atLeast(count);
    if (rest.length < count) return undefined;
    this.#at += count;
    return rest.subarray(0, count);
  }

  /** The next two bytes, which stay; fewer at the end. */
  async peekTwo(): Promise<Buffer> {
    return (await this.#atLeast(2)).subarray(0, 2);
  }

  /** Ends the source. */
  async close(): Promise<void> {
    if (this.#end === undefined) await this.#chunks.return?.();
  }

  /**
   * {@link rest} of so many bytes or more, as far as there are any; longer than a piece if need be.
   */
  async #atLeast(count: number): Promise<Buffer> {
    let rest = await this.rest();
    while (rest.length < count) {
      const more = await this.#next(PIECE);
      if (more.length === 0) break;
      this.#piece = Buffer.concat([rest, more]);
      this.#at = 0;
      rest = this.#piece;
    }
    return rest;
  }

  async #next(size: number): Promise<Buffer> {
    const piece = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      if (this.#left.length === 0) {
        this.#left = await this.#chunk();
        if (this.#left.length === 0) break;
      }
      const taken = this.#left.subarray(0, size - filled);
      piece.set(taken, filled);
      filled += taken.length;
      this.#left = this.#left.subarray(taken.length);
    }
    if (filled === 0 && this.#end && "error" in this.#end) throw this.#end.error;
    return piece.subarray(0, filled);
  }

  /** The source's next chunk that is not empty; empty where it has ended. */
  async #chunk(): Promise<Uint8Array> {
    while (this.#end === undefined) {
      try {
        const next = await this.#chunks.next();
        if (next.done) this.#end = {};
        else if (next.value.length > 0) return next.value;
      } catch (error) {
        this.#end = { error };
      }
    }
    return new Uint8Array();
  }
}
