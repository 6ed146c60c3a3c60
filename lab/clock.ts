/** The time of the local AWS: that of its source, plus what it was moved forward by. */
export class LabClock {
  #ahead = 0;

  /** @param source milliseconds */
  constructor(private readonly source: () => number) {}

  /** Milliseconds. */
  readonly now = (): number => this.source() + this.#ahead;

  /** Moves on to a time, milliseconds; stays where that has passed. */
  forwardTo(time: number): void {
    this.#ahead += Math.max(0, time - this.now());
  }
}
