import { hardeningProblems } from "../hardening/hardening-problems";
import { readerProblems } from "../readers/reader-problems";
import {
  destinationDocuments,
  destinationPolicyInputs,
  type DestinationPolicySettings,
} from "./destination-policies";
import { type OwnStatements, statementProblems } from "./own-statements";

/**
 * What is wrong with readers and hardening, all at once; empty where nothing is.
 *
 * @throws Error as {@link destinationDocuments}
 */
export function destinationProblems(settings: DestinationPolicySettings): string[] {
  const { bucket, key } = destinationPolicyInputs(settings);
  const { accountId } = settings.trail;
  const own = ownStatementProblems(settings);
  // Hardening is found by evaluating the documents, which takes statements that can be read.
  if (own.length > 0) return own.map(({ path, message }) => `${path} ${message}.`);
  return [
    ...readerProblems(settings.readers ?? [], bucket),
    ...hardeningProblems({ bucket, key, accountId, throwaway: settings.throwaway }),
  ];
}

/** What is wrong with one of a destination's own statements. */
export interface OwnStatementProblem {
  /** The policy that it is for. */
  readonly policy: keyof OwnStatements;
  /** Its index in that list, from 0. */
  readonly index: number;
  /** `statements.bucket[0].Condition.StringEqual` */
  readonly path: string;
  /** What was found, what is allowed, and how to fix it. */
  readonly message: string;
}

/**
 * What is wrong with a destination's own statements, all at once; empty where nothing is.
 *
 * @throws Error as {@link destinationDocuments}
 */
export function ownStatementProblems(settings: DestinationPolicySettings): OwnStatementProblem[] {
  const { statements } = settings;
  if (statements === undefined) return [];
  const others = destinationDocuments({ ...settings, statements: undefined });
  return (["bucket", "key", "topic"] as const).flatMap((policy): OwnStatementProblem[] => {
    const own = statements[policy] ?? [];
    const document = others[policy];
    if (own.length > 0 && document === undefined)
      return [{ policy, index: 0, path: `statements.${policy}`, message: NOT_MADE[policy] }];
    return statementProblems(own, document?.Statement).map(({ index, element, message }) => ({
      policy,
      index,
      message,
      path: [`statements.${policy}[${index}]`, element].filter(Boolean).join("."),
    }));
  });
}

/** Why a policy gets no statements. */
const NOT_MADE = {
  bucket: "",
  key: "is for the policy of a key that is made here, and none is; write it where the key is made",
  topic:
    "is for the policy of a topic, and no notifications are set; add notifications, or remove it",
} as const;
