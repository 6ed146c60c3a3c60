import { evaluate } from "../../iam/evaluate";
import type { PolicyDocument, Statement } from "../../iam/policy-document";
import { bucketArn, parseArn, roleArn, standInKeyArn } from "../../cloudtrail/arn";
import { changeBuckets, readBuckets } from "../deployer/bucket-statements";
import { changeKeys, readKeys } from "../deployer/key-statements";
import type { Hardening } from "./hardening-options";
import { logBucketPolicy } from "../documents/log-bucket-policy";
import type { LogBucketPolicyInput, LogKeyPolicyInput } from "../documents/inputs";
import { logKeyPolicy } from "../documents/log-key-policy";
import { principalProblem } from "../readers/principal-problem";

/** What the hardening of a destination is checked with. */
export interface HardeningCheck {
  /** The bucket policy's input. A `kmsKeyArn` has to be an ARN, not a Terraform expression. */
  readonly bucket: LogBucketPolicyInput;
  /**
   * The key policy's input.
   * @default - the destination makes no key
   */
  readonly key?: LogKeyPolicyInput;
  /** The destination account: twelve digits. */
  readonly accountId: string;
  /**
   * Whether the destination is made to be destroyed, logs and key included.
   * @default false
   */
  readonly throwaway?: boolean;
}

/**
 * What is wrong with the hardening, all at once; empty where nothing is: roles that are missing or
 * wrong, exceptions that would undo a deny, and denies that would stop the deployer. The last is
 * found by evaluating the documents, as the deployer with all rights of its account.
 */
export function hardeningProblems(check: HardeningCheck): string[] {
  const { hardening = {} } = check.bucket;
  const problems = [...missingRoles(hardening), ...roleProblems(check, hardening)];
  // Without its roles there is no document to evaluate.
  return problems.length > 0 ? problems : stoppedCalls(check, hardening);
}

function missingRoles(hardening: Hardening): string[] {
  const needs = {
    breakGlassRoleArn: ["denyLogDeletion", "denyPolicyChange", "readersOnly"],
    deployerRoleArn: ["denyPolicyChange", "readersOnly"],
  } as const;
  return (["breakGlassRoleArn", "deployerRoleArn"] as const).flatMap((role) => {
    const asking = needs[role].filter((option) => hardening[option]);
    return asking.length > 0 && hardening[role] === undefined
      ? [
          `Hardening: ${asking.join(" and ")} need${asking.length === 1 ? "s" : ""} ${role}, the role that ${asking.length === 1 ? "it spares" : "they spare"}; give its ARN.`,
        ]
      : [];
  });
}

function roleProblems({ bucket, accountId }: HardeningCheck, hardening: Hardening): string[] {
  const { breakGlassRoleArn, deployerRoleArn, planRoleArn } = hardening;
  const roles = { breakGlassRoleArn, deployerRoleArn, planRoleArn };
  const problems = Object.entries(roles).flatMap(([role, arn]) => {
    if (arn === undefined) return [];
    const problem = principalProblem(arn, bucket.partition);
    if (problem !== undefined) return [`Hardening: ${role} ${JSON.stringify(arn)} ${problem}.`];
    return parseArn(arn)?.account === accountId
      ? []
      : [
          `Hardening: ${role} ${arn} is of another account than the destination ${accountId}; name a role of the destination.`,
        ];
  });
  if (breakGlassRoleArn !== undefined && breakGlassRoleArn === deployerRoleArn)
    problems.push(
      `Hardening: ${breakGlassRoleArn} is both the break-glass role and the deployer, and so every deploy could delete logs; make a role of its own for emergencies.`,
    );
  if (!hardening.readersOnly) return problems;
  const readers = bucket.readers ?? [];
  for (const [role, arn] of Object.entries(roles)) {
    const reader = readers.find(
      ({ principals, accounts }) =>
        arn !== undefined &&
        principals.includes(arn) &&
        // Whoever plans may read all logs too, to verify them; of less, it could not list the
        // bucket.
        !(role === "planRoleArn" && accounts === "all"),
    );
    if (reader !== undefined)
      problems.push(
        `Hardening: ${role} ${arn} is a principal of the reader ${reader.name} too, which readersOnly holds to that reader's accounts; take it from the reader.`,
      );
  }
  return problems;
}

function stoppedCalls(check: HardeningCheck, { deployerRoleArn }: Hardening): string[] {
  const { bucket, key, accountId, throwaway = false } = check;
  const { partition } = bucket;
  const place = { partition, accountId, region: "us-east-1" };
  const keyArn = standInKeyArn(place);
  const deployedKeys = { ...place, keys: [{ alias: "log-key", keyArn }] };
  const targets = [
    {
      name: "bucket policy",
      document: logBucketPolicy(bucket),
      type: "other",
      arn: bucketArn(bucket),
      statements: [readBuckets(bucket), ...changeBuckets(bucket, throwaway)],
    },
    ...(key === undefined
      ? []
      : [
          {
            name: "key policy",
            document: logKeyPolicy(key),
            type: "kms-key",
            arn: keyArn,
            statements: [...readKeys(deployedKeys), ...changeKeys(deployedKeys, throwaway)],
          } as const,
        ]),
  ] as const;
  // Where no ARN is given, any role that is nobody's exception stands for the deployer.
  const arn = deployerRoleArn ?? roleArn({ partition, accountId }, "deployer");
  const advice = throwaway
    ? "a throwaway destination has to be destroyed; leave out the deny, or throwaway"
    : "leave out the deny";
  return targets.flatMap(({ name, document, type, arn: target, statements }) =>
    callsOn(target, statements).flatMap(({ action, resource }) => {
      const { decision, decidedBy } = evaluate(
        {
          principal: { kind: "assumed-role", arn, accountId },
          action,
          resource,
          context: { "aws:SecureTransport": "true" },
        },
        {
          resourcePolicy: document,
          identityPolicies: [ADMINISTRATOR],
          resourceAccount: accountId,
          resourceType: type,
        },
      );
      return decision === "allowed"
        ? []
        : [
            `Hardening: ${decidedBy?.sid} of the ${name} would stop the deployer ${arn} at ${action}: ${advice}.`,
          ];
    }),
  );
}

const ADMINISTRATOR: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** What the deployer's own policy lets it do with the bucket and its objects, or with the key. */
function callsOn(
  target: string,
  statements: readonly Statement[],
): { readonly action: string; readonly resource: string }[] {
  return statements.flatMap(({ Action, Resource }) =>
    [Resource ?? []]
      .flat()
      .filter((resource) => resource === target || resource.startsWith(`${target}/`))
      .flatMap((resource) =>
        [Action ?? []].flat().map((action) => ({ action, resource: resource.replace("*", "key") })),
      ),
  );
}
