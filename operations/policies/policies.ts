import { keyArn as anyKeyArn } from "../../cloudtrail/arn";
import { LIMITS } from "../../cloudtrail/limits";
import { destinationSettings } from "../../envs/destination-settings";
import { logKeyArn } from "../../envs/log-key";
import type { Environment } from "../../envs/types";
import { IAM_LIMITS } from "../../iam/limits";
import { type PolicyDocument, sizeInBytes } from "../../iam/policy-document";
import {
  destinationBudgets,
  readerIdentityPolicies,
} from "../../policies/documents/destination-policies";
import { principalProblem } from "../../policies/readers/principal-problem";
import { deployerRoles, type DeployerRolesOptions } from "./deployer-roles";
import { environmentDocuments } from "./environment-documents";
import { ExpectedError } from "../expected-error";
import { hasPlanRole } from "./plan-role";
import { projectEnvironment } from "../project";
import { table } from "../../text/table";
import { print, printJson, say } from "../terminal/terminal";

/** Options of the verb. */
export interface PoliciesOptions extends DeployerRolesOptions {
  readonly env: string;
  readonly json: boolean;
}

/** A document with what there is to know about its size. */
export interface ListedPolicy {
  /** What it is, e.g. `bucket policy`. */
  readonly kind: string;
  /** What it belongs to: a bucket, a key, a role. */
  readonly of: string;
  /** Of the minified document, in UTF-8. */
  readonly bytes: number;
  /** What AWS takes at most. */
  readonly limit: number;
  /** In which words it says whose trails may deliver, where there is a choice. */
  readonly shape?: string;
  /** How many more accounts fit. Left out where the size does not depend on accounts. */
  readonly roomForAccounts?: number;
  readonly policy: PolicyDocument;
}

/**
 * Prints every policy document of an environment: its resources' and those of its deployer's roles.
 */
export function policies({ env, json, ...options }: PoliciesOptions): void {
  const environment = projectEnvironment(env);
  const problems = optionProblems(environment, options);
  if (problems.length > 0) throw new ExpectedError(problems);
  const listed = listPolicies(environment, options);
  if (json) {
    printJson({ environment: env, policies: listed });
    return;
  }
  print(...overview(listed), ...listed.flatMap(inFull));
  say(...hints(environment, options));
}

function optionProblems(
  environment: Environment,
  { trusted, trustedToPlan, trustedToVerify, keyArn, topicKeyArn }: DeployerRolesOptions,
): string[] {
  const { destination, partition } = environment;
  const ofOurs = anyKeyArn(
    { partition, region: destination.region, accountId: destination.account },
    "",
  );
  const notOurs = (option: string, arn: string | undefined, source: string): string[] =>
    arn === undefined || /^[A-Za-z0-9-]+$/.test(afterStart(arn, ofOurs))
      ? []
      : [
          `${option}: ${JSON.stringify(arn)} is not a key of the destination's account and region; those are ${ofOurs}…, and ${source} is the one.`,
        ];
  const noPrincipals = (option: string, arns: readonly string[] = []): string[] =>
    arns.flatMap((arn) => {
      const problem = principalProblem(arn, partition);
      return problem === undefined ? [] : [`${option}: ${JSON.stringify(arn)} ${problem}.`];
    });
  return [
    ...noPrincipals("--trusted", trusted),
    ...noPrincipals("--trusted-to-plan", trustedToPlan),
    ...noPrincipals("--trusted-to-verify", trustedToVerify),
    ...(trustedToPlan === undefined || hasPlanRole(environment)
      ? []
      : [
          "--trusted-to-plan: this environment has no deployer.planRole, so whoever plans assumes the role that deploys; name them with --trusted, or add the role.",
        ]),
    ...(trustedToVerify === undefined || hasPlanRole(environment)
      ? []
      : [
          "--trusted-to-verify: this environment has no deployer.planRole, so the members' trails are asked as the roles that deploy; add the role.",
        ]),
    ...(keyArn === undefined || destination.encryption.type === "sse-kms"
      ? []
      : ["--key-arn: this environment makes no key; leave it out."]),
    ...(topicKeyArn === undefined || destination.notifications
      ? []
      : ["--topic-key-arn: this environment has no notifications; leave it out."]),
    ...notOurs("--key-arn", keyArn, "the output kms_key_arn of the destination's stack"),
    ...notOurs("--topic-key-arn", topicKeyArn, "the topic's attribute KmsMasterKeyId"),
  ];
}

/** What follows the start; empty where the text starts otherwise. */
function afterStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : "";
}

/** All documents of an environment: resource policies first, then role by role. */
export function listPolicies(
  environment: Environment,
  options: DeployerRolesOptions = {},
): ListedPolicy[] {
  const { accounts, state, caller, planCaller, verifier } = deployerRoles(environment, options);
  const trust = (of: string, policy: PolicyDocument | undefined): ListedPolicy[] =>
    policy === undefined ? [] : [listed("trust policy", of, policy, IAM_LIMITS.trustPolicy)];
  const permissions = (kind: string, of: string, policy: PolicyDocument): ListedPolicy =>
    listed(kind, of, policy, IAM_LIMITS.managedPolicy);
  const deployer = "whoever deploys";
  const planner = planCaller === undefined ? deployer : "whoever only plans";
  const { roleArn: stateUser = deployer, planRoleArn: stateReader = planner } = state ?? {};
  return [
    ...resourcePolicies(environment, options),
    ...Object.entries(readerIdentityPolicies(destinationSettings(environment), options.keyArn)).map(
      ([name, policy]) => permissions("reader's identity policy", name, policy),
    ),
    ...accounts.flatMap(({ roleArn, planRoleArn, ...role }) => [
      ...trust(roleArn, role.trust),
      permissions("permissions to deploy", roleArn, role.deploy),
      ...trust(planRoleArn, role.planTrust),
      permissions("permissions to plan", planRoleArn, role.plan),
      ...(role.verify ? [permissions("permissions to verify", planRoleArn, role.verify)] : []),
    ]),
    ...(state === undefined
      ? []
      : [
          ...trust(stateUser, state.trust),
          permissions("permissions on the state to deploy", stateUser, state.deploy),
          ...trust(stateReader, state.planTrust),
          permissions("permissions on the state to plan", stateReader, state.plan),
        ]),
    permissions("permissions to assume the roles", deployer, caller),
    ...(planCaller === undefined
      ? []
      : [permissions("permissions to assume the roles", planner, planCaller)]),
    ...(verifier === undefined
      ? []
      : [
          ...trust(verifier.roleArn, verifier.trust),
          permissions("permissions to verify alone", verifier.roleArn, verifier.permissions),
          permissions("permissions to assume the roles", "whoever only verifies", verifier.caller),
        ]),
  ];
}

function resourcePolicies(
  environment: Environment,
  { keyArn }: DeployerRolesOptions,
): ListedPolicy[] {
  const { bucket, encryption, accessLogBucket, query, notifications } = environment.destination;
  const documents = environmentDocuments(environment, keyArn);
  const budgets = destinationBudgets(destinationSettings(environment));
  const one = (
    kind: string,
    of: string | undefined,
    policy: PolicyDocument | undefined,
    limit: number,
  ): ListedPolicy[] => {
    if (policy === undefined || of === undefined) return [];
    return [listed(kind, of, policy, limit)];
  };
  const shaped = (...document: Parameters<typeof one>): ListedPolicy[] =>
    one(...document).map((policy) => {
      const budget = budgets.find(({ document: name }) => name === policy.kind);
      return { ...policy, shape: budget?.shape, roomForAccounts: budget?.room };
    });
  const { bucketPolicyBytes, keyPolicyBytes, topicPolicyBytes, queuePolicyBytes } = LIMITS;
  const alias = encryption.type === "sse-kms" ? `alias/${encryption.alias}` : undefined;
  const topic = notifications?.topicName;
  return [
    ...shaped("bucket policy", bucket, documents.bucket, bucketPolicyBytes),
    ...shaped("key policy", alias, documents.key, keyPolicyBytes),
    ...one("bucket policy", accessLogBucket, documents.accessLogBucket, bucketPolicyBytes),
    ...one("bucket policy", query?.resultsBucket, documents.resultsBucket, bucketPolicyBytes),
    ...shaped("topic policy", topic, documents.topic, topicPolicyBytes),
    ...one("key policy", `the key of topic ${topic}`, documents.topicKey, keyPolicyBytes),
    ...one("queue policy", notifications?.queueName, documents.queue, queuePolicyBytes),
  ];
}

function listed(kind: string, of: string, policy: PolicyDocument, limit: number): ListedPolicy {
  return { kind, of, bytes: sizeInBytes(policy), limit, policy };
}

function overview(policies: readonly ListedPolicy[]): string[] {
  return table([
    ["POLICY", "OF", "SHAPE", "BYTES", "LIMIT", "USED", "ROOM FOR"],
    ...policies.map(({ kind, of, shape = "-", bytes, limit, roomForAccounts: room }) => [
      kind,
      of,
      shape,
      String(bytes),
      String(limit),
      `${Math.round((100 * bytes) / limit)} %${bytes > limit ? ", TOO LARGE" : ""}`,
      room === undefined ? "-" : `${room} more accounts`,
    ]),
  ]);
}

function inFull({ kind, of, policy }: ListedPolicy): string[] {
  return ["", `# ${kind}: ${of}`, ...JSON.stringify(policy, null, 2).split("\n")];
}

function hints(
  environment: Environment,
  { trusted, trustedToPlan, keyArn, topicKeyArn }: DeployerRolesOptions,
): string[] {
  const { destination } = environment;
  const { notifications } = destination;
  const lines = [
    ...(trusted === undefined
      ? ["Trust policies need to know who deploys: add --trusted <ARN of a role or user> …"]
      : []),
    ...(hasPlanRole(environment) && trustedToPlan === undefined
      ? [
          "Who only plans is not known: add --trusted-to-plan <ARN of a role or user> … to have them in the trust policies of the roles that only read.",
        ]
      : []),
    ...(destination.encryption.type === "sse-kms" && keyArn === undefined
      ? [
          `The key is not made yet: ${logKeyArn(environment)} stands for it.`,
          "Once the first deploy has made the key, add --key-arn <its ARN>: the destination's role then reaches that key alone.",
        ]
      : []),
    ...(notifications && topicKeyArn === undefined
      ? [
          "The notifications' key is not made yet either: add --topic-key-arn <its ARN> once it is. Until then the destination's role reaches every key, with --key-arn too.",
        ]
      : []),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}
