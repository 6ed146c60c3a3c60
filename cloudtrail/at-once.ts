/** Lets so many tasks run at a time and no more; the others wait their turn. */
export class AtOnce {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** Nothing runs yet. */
  constructor(
    /** How many tasks run at a time. */
    readonly most: number,
  ) {}

  /** The result of a task, once its turn came. Throws what the task throws. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.most)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await task();
    } finally {
      // A waiting task takes over the place, so that none can come in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

/**
 * The results of an asynchronous function for each item, in the items' order. It is called for
 * `ahead` items before the first result is awaited.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  ahead: number,
  map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const results: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = map(item);
      // A failure is seen when its turn comes, and until then must not count as unhandled.
      result.catch(() => undefined);
      results.push(result);
      if (results.length >= ahead) yield await results.shift()!;
    }
    while (results.length > 0) yield await results.shift()!;
  } finally {
    await Promise.allSettled(results);
  }
}
