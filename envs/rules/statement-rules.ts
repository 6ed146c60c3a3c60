import type { Statement } from "../../iam/policy-document";
import { ownStatementProblems } from "../../policies/documents/destination-problems";
import { statementProblems } from "../../policies/documents/own-statements";
import { destinationSettings } from "../destination-settings";
import type { EntryProblem, Path } from "../schema/problems";
import { valueAt } from "../schema/schema-at";
import { carryProblem } from "../schema/wording";
import type { Environment } from "../types";
import type { SoundFile } from "./sound-file";

const POLICIES = ["bucket", "key", "topic"] as const;

/** What must hold for policy statements of one's own, as far as they alone say. */
export function checkStatements(file: SoundFile): EntryProblem[] {
  const { statements } = file.destination ?? {};
  return POLICIES.flatMap((policy) => {
    const own = statements?.[policy];
    if (own === undefined) return [];
    const at = ["destination", "statements", policy];
    return [
      ...policyThatIsMade(file, policy, at),
      // The schema has refused what is missing; the rest can be looked into when that is right.
      ...(own.includes(undefined) ? [] : readable(file, own as readonly Statement[], at)),
      ...textsThatArrive(own, at),
    ];
  });
}

/**
 * What must hold between statements of one's own and those that are made, where all else is right.
 */
export function checkSids(environment: Environment): EntryProblem[] {
  return ownStatementProblems(destinationSettings(environment)).map((problem) => ({
    path: ["destination", "statements", problem.policy, problem.index, "Sid"],
    found: `a statement that can't be: ${problem.path} ${problem.message}`,
    allowed: "what no other statement of the policy is called",
    fix: "give it a Sid of its own",
  }));
}

/** Statements of a policy that nobody writes would look like a safeguard. */
function policyThatIsMade(
  { destination }: SoundFile,
  policy: (typeof POLICIES)[number],
  path: Path,
): EntryProblem[] {
  const type = destination?.encryption?.type ?? "sse-kms";
  if (policy === "key" && type !== "sse-kms")
    return [
      {
        path,
        found: `statements for a key, with encryption of type ${type}`,
        allowed: "statements where the destination makes the key (sse-kms)",
        fix: "remove them, or let the destination make a key",
      },
    ];
  if (policy === "topic" && destination?.notifications === undefined)
    return [
      {
        path,
        found: "statements for a topic, and no notifications",
        allowed: "statements where the destination makes a topic",
        fix: "remove them, or add notifications",
      },
    ];
  return [];
}

function readable(file: SoundFile, own: readonly Statement[], at: Path): EntryProblem[] {
  return statementProblems(own).map(({ index, element, message }) => ({
    path: deepest(file, [...at, index], element),
    found: `a statement that can't be: ${element === "" ? "it" : element} ${message}`,
    allowed: "what AWS takes in a policy of a resource, and this program can evaluate",
    fix: "correct the statement: docs/policy-shapes.md#statements-of-your-own",
  }));
}

/**
 * The place in the file of an element such as `Condition.StringEqual`, as far down as there is one.
 */
function deepest(file: SoundFile, statement: Path, element: string): Path {
  const steps = element.split(/[.[\]]+/).filter((step) => step !== "");
  const path = [...statement, ...steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step))];
  while (path.length > statement.length && valueAt(path, file) === undefined) path.pop();
  return path;
}

/** Every text of a statement must get to AWS as it is. */
function textsThatArrive(value: unknown, path: Path): EntryProblem[] {
  if (typeof value === "string") {
    const problem = carryProblem(value);
    if (problem === undefined) return [];
    return [{ path, found: "a text", allowed: `a text, which ${problem}`, fix: "change it" }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    return [...textsThatArrive(key, below), ...textsThatArrive(one, below)];
  });
}
