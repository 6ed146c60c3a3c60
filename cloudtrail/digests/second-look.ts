import { type FaultKind, FAULTS } from "./validation-findings";

/** Something that was found wrong. */
interface Wrong {
  readonly kind: FaultKind;
  /** In words: with the hash that was found, say. */
  readonly message: string;
}

/** How often something is looked at before it is called tampered with. */
const LOOKS = 3;

/**
 * Looks again where something seems to be tampered with: one bad read is not tampering. What two
 * looks agree on is taken.
 *
 * @param look reads anew each time
 * @param wrongIn what a look found; undefined where nothing is wrong
 * @returns undefined where each look found something else, and all of it tampering
 */
export async function secondLook<Look>(
  look: (time: number) => Promise<Look>,
  wrongIn: (seen: Look) => Wrong | undefined,
): Promise<Look | undefined> {
  const graves = new Set<string>();
  for (let time = 0; time < LOOKS; time++) {
    const seen = await look(time);
    const wrong = wrongIn(seen);
    if (wrong === undefined || FAULTS[wrong.kind] !== "tampered") return seen;
    const grave = `${wrong.kind} ${wrong.message}`;
    if (graves.has(grave)) return seen;
    graves.add(grave);
  }
  return undefined;
}

/** What is said where {@link secondLook} came to nothing. */
export const EACH_TIME_ANOTHER = `It was read ${LOOKS} times, and was another each time.`;
