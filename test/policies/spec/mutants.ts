import type {
  ConditionElement,
  OneOrMany,
  PolicyDocument,
  Statement,
} from "../../../iam/policy-document";

/** A document with one thing taken away or weakened. */
export interface Mutant {
  readonly what: string;
  readonly document: PolicyDocument;
  /**
   * Whether the request's action is one that the statement, before or after, speaks of: no other
   * can tell.
   */
  readonly concerns: (action: string) => boolean;
}

type StatementMutant = readonly [what: string, statement: Statement];

/**
 * Every way to take one thing from a document, or to weaken one: each statement, each value of a
 * list, each condition key, each key's values, each principal; actions to the whole service,
 * resources to all, principals to everyone, a condition to one that any value meets, and each
 * effect turned round.
 */
export function mutants(document: PolicyDocument): Mutant[] {
  const { Statement: statements } = document;
  const at = (index: number, ...replacement: Statement[]): PolicyDocument => ({
    ...document,
    Statement: [...statements.slice(0, index), ...replacement, ...statements.slice(index + 1)],
  });
  return statements.flatMap((statement, index) => {
    const name = statement.Sid ?? `statement ${index + 1}`;
    return [
      ...(statements.length > 1
        ? [{ what: `${name}: gone`, document: at(index), concerns: speaksOf(statement) }]
        : []),
      ...statementMutants(statement).map(([what, mutant]) => ({
        what: `${name}: ${what}`,
        document: at(index, mutant),
        concerns: speaksOf(statement, mutant),
      })),
    ];
  });
}

function statementMutants(statement: Statement): StatementMutant[] {
  const { Principal, Action, Resource, NotResource, Condition } = statement;
  return [
    [
      "effect turned round",
      { ...statement, Effect: statement.Effect === "Allow" ? "Deny" : "Allow" },
    ],
    ...without(Action).map(([what, rest]): StatementMutant => [
      `Action ${what}`,
      { ...statement, Action: rest },
    ]),
    ...widened(Action, `${serviceOf(Action)}:*`).map((all): StatementMutant => [
      `Action ${all}`,
      { ...statement, Action: all },
    ]),
    ...without(Resource).map(([what, rest]): StatementMutant => [
      `Resource ${what}`,
      { ...statement, Resource: rest },
    ]),
    ...widened(Resource, "*").map((all): StatementMutant => [
      "Resource *",
      { ...statement, Resource: all },
    ]),
    ...without(NotResource).map(([what, rest]): StatementMutant => [
      `NotResource ${what}`,
      { ...statement, NotResource: rest },
    ]),
    ...widened(NotResource, "*").map((all): StatementMutant => [
      "NotResource *",
      { ...statement, NotResource: all },
    ]),
    ...(Principal === undefined || Principal === "*"
      ? []
      : [
          ["Principal *", { ...statement, Principal: "*" }] as const,
          ...Object.entries(Principal).flatMap(([kind, names]) =>
            without(names).map(([what, rest]): StatementMutant => [
              `Principal ${what}`,
              { ...statement, Principal: { ...Principal, [kind]: rest } },
            ]),
          ),
        ]),
    ...conditionMutants(Condition ?? {}).map(([what, mutant]): StatementMutant => {
      const rest = omit(statement, "Condition");
      return [what, Object.keys(mutant).length === 0 ? rest : { ...rest, Condition: mutant }];
    }),
  ];
}

function conditionMutants(condition: ConditionElement): [string, ConditionElement][] {
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]): [string, ConditionElement][] => {
      const otherKeys = omit(keys, key);
      const otherOperators = omit(condition, operator);
      const rest: ConditionElement = {
        ...otherOperators,
        ...(Object.keys(otherKeys).length > 0 ? { [operator]: otherKeys } : {}),
      };
      const flipped = operator === "Bool" || operator === "Null";
      const any = /Not/.test(operator) ? "StringNotLike" : "StringLike";
      return [
        [`${operator} ${key} gone`, rest],
        ...without(values).map(([what, remaining]): [string, ConditionElement] => [
          `${operator} ${key} ${what}`,
          { ...rest, [operator]: { ...otherKeys, [key]: remaining } },
        ]),
        flipped
          ? [
              `${operator} ${key} flipped`,
              {
                ...rest,
                [operator]: { ...otherKeys, [key]: values === "true" ? "false" : "true" },
              },
            ]
          : [
              `${operator} ${key} weakened to ${any} *`,
              { ...rest, [any]: { ...(rest[any] ?? {}), [key]: "*" } },
            ],
      ];
    }),
  );
}

function speaksOf(...statements: readonly Statement[]): (action: string) => boolean {
  const patterns = statements
    .flatMap(({ Action }) => [Action ?? []].flat())
    .map((pattern) => new RegExp(`^${pattern.replace("*", ".*")}$`));
  return (action) => patterns.some((pattern) => pattern.test(action));
}

function omit<T extends object>(from: T, key: string): T {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key)) as T;
}

/** The list without each of its values in turn; a single value cannot be left out. */
function without<T>(values: OneOrMany<T> | undefined): [string, OneOrMany<T>][] {
  if (!Array.isArray(values) || values.length < 2) return [];
  const list = values as readonly T[];
  return list.map((value, index) => [
    `without ${String(value)}`,
    list.filter((_, i) => i !== index),
  ]);
}

function widened(values: OneOrMany<string> | undefined, to: string): string[] {
  return values === undefined || values === to ? [] : [to];
}

function serviceOf(action: OneOrMany<string> | undefined): string {
  return String([action].flat()[0]).split(":")[0]!;
}
