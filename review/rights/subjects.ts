/**
 * Who is asked about when two versions of a resource's policy are compared: whom the environment
 * names, whom one of the documents names, and strangers.
 */
import { isAccountId } from "../../cloudtrail/names";
import { formatArn, parseArn } from "../../cloudtrail/arn";
import type { ServiceCaller } from "../../cloudtrail/service/calls";
import { servicePrincipalIn } from "../../cloudtrail/service/principal";
import {
  parseTrailArn,
  trailArn,
  type TrailIdentity,
} from "../../cloudtrail/trails/trail-identity";
import { callerFor, environmentTrails } from "../../envs/trails";
import type { Environment } from "../../envs/types";
import type { PolicyDocument } from "../../iam/policy-document";
import type { Principal } from "../../iam/request";
import {
  accountOutside,
  namedPrincipals,
  principalOf,
  unnamedRole,
  wholeAccount,
} from "../../policies/principals";

/** Who makes a request. */
export interface Subject {
  /**
   * `trail`: a trail that the environment or a document names. `same-account-trail`: another trail
   * of the environment's accounts. `reader`, `principal`: whom the environment names, and whom only
   * a document does. `owner`: any other principal of the resource's account. The rest is named
   * nowhere.
   */
  readonly kind:
    | "trail"
    | "same-account-trail"
    | "unnamed-trail"
    | "organization-trail"
    | "service"
    | "reader"
    | "operator"
    | "principal"
    | "owner"
    | "unnamed-account"
    | "anonymous";
  /** An ARN, a service; empty where the kind says it all. */
  readonly id: string;
}

/** The kinds of resources whose policies are compared. */
export type CarrierKind = "bucket" | "key" | "topic" | "queue";

/** A resource with its two policies. */
export interface Compared {
  readonly kind: CarrierKind;
  /** The resource's ARN, or what stands for it. */
  readonly arn: string;
  /** The account that owns it. */
  readonly account: string;
  readonly documents: readonly PolicyDocument[];
}

/** A trail that CloudTrail writes for. */
export interface TrailOf {
  readonly subject: Subject;
  readonly caller: ServiceCaller;
}

/** All that there is to ask about one resource. */
export interface World {
  readonly environment: Environment;
  readonly resource: Compared;
  readonly trails: readonly TrailOf[];
  readonly services: readonly string[];
  /** The accounts of the environment, and those that only a document names. */
  readonly accounts: readonly string[];
  /** Those of them that each document names: their folders are there before and after. */
  readonly elsewhere: readonly string[];
  /** An account that nobody names. */
  readonly nobody: string;
}

/** Whom the environment and the documents name, and who is nowhere named. */
export function worldOf(environment: Environment, resource: Compared): World {
  const { destination, partition } = environment;
  const { organizationId } = destination;
  const values = resource.documents.flatMap(conditionValues);
  const ours = environmentTrails(environment);
  const named = values.flatMap(({ value }) => parseTrailArn(value) ?? []);
  const accountsByKey = values
    .filter(({ key, value }) => key === "aws:sourceaccount" && isAccountId(value))
    .map(({ value }) => value);
  // A pattern for any account's trail is made whole with each account that stands beside it.
  const fromPatterns = accountsByKey.flatMap((accountId) => [
    { ...ours[0]!, accountId },
    ...values.flatMap(({ value }) => {
      const pattern = parseArn(value);
      if (pattern?.account !== "*") return [];
      return parseTrailArn(formatArn({ ...pattern, account: accountId })) ?? [];
    }),
  ]);
  const trails = uniqueTrails([...ours, ...named, ...fromPatterns].filter(isPlain));
  const accounts = [...new Set(trails.map(({ accountId }) => accountId))].sort();
  const nobody = accountOutside([
    ...accounts,
    ...values.map(({ value }) => value),
    ...resource.documents.flatMap(namedPrincipals).map((name) => parseArn(name)?.account ?? name),
  ]);
  const written = resource.documents.map((document) => JSON.stringify(document));
  const elsewhere = accounts.filter((account) => written.every((text) => text.includes(account)));
  const trailSubject = (kind: Subject["kind"], trail: TrailIdentity): Subject => ({
    kind,
    id: trailArn(trail),
  });
  const stranger = { ...ours[0]!, accountId: nobody, partition };
  // Of accounts that only a document names it is not known: taken to be members, they get the most.
  const asMember = (identity: TrailIdentity): ServiceCaller => ({
    ...callerFor(environment, identity),
    trail: { kind: "account", identity, organizationId },
  });
  return {
    environment,
    resource,
    accounts,
    elsewhere,
    nobody,
    trails: [
      ...trails.map((trail) => ({
        subject: trailSubject("trail", trail),
        caller: asMember(trail),
      })),
      ...ours.map((trail) => {
        const other = { ...trail, name: `${trail.name}-that-nobody-names`.slice(-128) };
        return {
          subject: trailSubject("same-account-trail", trail),
          caller: asMember(other),
        };
      }),
      { subject: { kind: "unnamed-trail", id: "" }, caller: callerFor(environment, stranger) },
      ...(organizationId === undefined
        ? []
        : [
            {
              subject: { kind: "organization-trail", id: "" },
              caller: asMember(stranger),
            } as const,
          ]),
    ],
    services: [
      ...new Set(resource.documents.flatMap((document) => document.Statement.flatMap(servicesOf))),
    ]
      .filter((service) => service !== servicePrincipalIn(partition, destination.servicePrincipal))
      .sort(),
  };
}

function servicesOf({ Principal }: PolicyDocument["Statement"][number]): string[] {
  return typeof Principal === "object" ? [Principal.Service ?? []].flat() : [];
}

/** Every condition's values with their keys in lower case. */
export function conditionValues(
  document: PolicyDocument,
): { readonly key: string; readonly value: string }[] {
  return document.Statement.flatMap(({ Condition }) =>
    Object.values(Condition ?? {}).flatMap((keys) =>
      Object.entries(keys).flatMap(([key, values]) =>
        [values].flat().map((value) => ({ key: key.toLowerCase(), value: String(value) })),
      ),
    ),
  );
}

function isPlain({ homeRegion, name }: TrailIdentity): boolean {
  return !/[*?$]/.test(homeRegion + name);
}

function uniqueTrails(trails: readonly TrailIdentity[]): TrailIdentity[] {
  const byArn = new Map(trails.map((trail) => [trailArn(trail), trail]));
  return [...byArn.keys()].sort().map((arn) => byArn.get(arn)!);
}

/** Somebody who makes requests. */
export interface Person {
  readonly subject: Subject;
  readonly principal: Principal;
  /** Whether each account's logs are asked about, or one's for all. */
  readonly everyAccount: boolean;
}

/** Readers, operators, whom the documents name, and strangers. */
export function people({ environment, resource, nobody }: World): Person[] {
  const { destination, partition } = environment;
  const readers = (destination.readers ?? []).flatMap(({ principals }) => principals);
  const operators = [destination.roleArn, destination.hardening?.breakGlassRoleArn].filter(
    (arn) => arn !== undefined,
  );
  const anyRole = (accountId: string): string => unnamedRole({ partition, accountId });
  const person = (kind: Subject["kind"], id: string, arn = id, everyAccount = true): Person => ({
    subject: { kind, id },
    principal: principalOf(arn),
    everyAccount,
  });
  const named = resource.documents
    .flatMap(namedPrincipals)
    .filter((name) => !readers.includes(name) && !operators.includes(name))
    .map((name) => wholeAccount(name) ?? name)
    .filter((name) => name !== resource.account);
  return [
    ...[...new Set(readers)].sort().map((arn) => person("reader", arn)),
    ...[...new Set(operators)].sort().map((arn) => person("operator", arn, arn, false)),
    ...[...new Set(named)]
      .sort()
      .map((name) => person("principal", name, isAccountId(name) ? anyRole(name) : name)),
    person("owner", resource.account, anyRole(resource.account), false),
    person("unnamed-account", "", anyRole(nobody), false),
    {
      subject: { kind: "anonymous", id: "" },
      principal: { kind: "anonymous" },
      everyAccount: false,
    },
  ];
}
