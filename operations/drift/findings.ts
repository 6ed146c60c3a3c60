import { reasonOf } from "../../aws/reason";

/** What of one resource AWS has and no resource of the environment declares. */
export interface SettingDrift {
  readonly kind: "bucket" | "key" | "topic";
  /** The bucket's name; the ARN of a key or topic. */
  readonly name: string;
  /** A sentence each; none where nothing was found. */
  readonly differences: readonly string[];
  /** @default - all could be asked */
  readonly error?: string;
}

/** One question about a resource: sentences for what is not as the environment says. */
export type DriftQuestion = () => Promise<readonly string[]>;

/**
 * Asks all questions about one resource, whichever of them AWS refuses.
 *
 * @param gone the names of the errors by which AWS says that there is no such resource
 */
export async function askAll(
  resource: Pick<SettingDrift, "kind" | "name">,
  gone: readonly string[],
  questions: readonly DriftQuestion[],
): Promise<SettingDrift> {
  const answers = await Promise.allSettled(questions.map((question) => question()));
  const errors = answers.flatMap((answer) =>
    answer.status === "rejected" ? [answer.reason as unknown] : [],
  );
  if (errors.some((error) => error instanceof Error && gone.includes(error.name)))
    return { ...resource, differences: [`AWS knows no such ${resource.kind}.`] };
  // One missing right may refuse several questions.
  const reasons = [...new Set(errors.map(reasonOf))];
  return {
    ...resource,
    differences: answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : [])),
    ...(reasons.length === 0 ? {} : { error: reasons.join(" ") }),
  };
}

/** `The environment does not declare this lifecycle rule: {"ID":"…"}` */
export function undeclared(what: string, item: unknown): string {
  return `The environment does not declare this ${what}: ${JSON.stringify(item)}`;
}
