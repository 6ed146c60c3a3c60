import type { PolicyDocument, Statement } from "../iam/policy-document";

/** Condition keys whose values name principals or their accounts. */
const NAMING_KEYS = ["aws:principalarn", "aws:principalaccount", "kms:calleraccount"];

/** Condition keys that follow from who asks alone: what they decide holds for each of their requests. */
const ABOUT_THE_PRINCIPAL = [
  ...NAMING_KEYS,
  "aws:principaltype",
  "aws:principalisawsservice",
  "aws:principalservicename",
];

/**
 * The document with nothing but one statement, without the conditions that the request can meet or not.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function onlyForPrincipals(document: PolicyDocument, index: number): PolicyDocument {
  const { Condition, ...statement } = document.Statement[index]!;
  const kept = Object.entries(Condition ?? {}).flatMap(([operator, keys]) => {
    const about = Object.entries(keys).filter(([key]) =>
      ABOUT_THE_PRINCIPAL.includes(key.toLowerCase()),
    );
    return about.length === 0 ? [] : [[operator, Object.fromEntries(about)] as const];
  });
  const condition = kept.length === 0 ? {} : { Condition: Object.fromEntries(kept) };
  return { ...document, Statement: [{ ...statement, ...condition }] };
}

/**
 * The roles, users and accounts that a document names, be it to let them in or to spare them from a
 * Deny: as ARNs and account IDs, each once. A `*` in a condition's value stands as it is.
 */
export function namedPrincipals(document: PolicyDocument): string[] {
  return [...new Set(document.Statement.flatMap(namedBy))];
}

function namedBy({ Principal, NotPrincipal, Condition }: Statement): string[] {
  const inElements = [Principal, NotPrincipal].flatMap((element) =>
    typeof element === "object" ? [element.AWS ?? []].flat() : [],
  );
  const inConditions = Object.values(Condition ?? {}).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) =>
      NAMING_KEYS.includes(key.toLowerCase()) ? [values].flat().map(String) : [],
    ),
  );
  return [...inElements, ...inConditions].filter((name) => name !== "*");
}
