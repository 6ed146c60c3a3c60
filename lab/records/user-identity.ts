/**
 * Who called, as records say it.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
import { parseArn, roleArn, sessionRole } from "../../cloudtrail/arn";
import { createHash } from "node:crypto";
import type { UserIdentity } from "../../cloudtrail/records/record";
import { formatTime } from "../../cloudtrail/time";
import type { Caller } from "../access/principals";
import type { RoleSession } from "./observed-call";

/** In the copy for the caller's own account. */
export function userIdentity(caller: Caller, session: RoleSession | undefined): UserIdentity {
  const { accessKeyId, accountId, arn } = caller;
  const principalId = principalIdOf(caller, session);
  const role = roleOf(caller, session);
  const common = { principalId, arn, accountId, accessKeyId };
  if (isRoot(caller)) return { type: "Root", ...common };
  if (role === undefined) return { type: "IAMUser", ...common, userName: nameIn(arn) };
  return {
    type: "AssumedRole",
    ...common,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: roleId(role),
        arn: role,
        accountId,
        userName: nameIn(role),
      },
      attributes: {
        ...(session === undefined ? {} : { creationDate: formatTime(session.created) }),
        mfaAuthenticated: "false",
      },
    },
  };
}

/**
 * In the copy for another account, which learns no more than account and principal ID: so in AWS's
 * sample of AssumeRole. For S3 and KMS AWS shows no such copy; that it is the same there is our
 * reading.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export function foreignIdentity(caller: Caller, session: RoleSession | undefined): UserIdentity {
  return {
    type: "AWSAccount",
    principalId: principalIdOf(caller, session),
    accountId: caller.accountId,
  };
}

/**
 * The unique ID of a role: one and the same for all its sessions, where moto makes up one for each.
 */
export function roleId(roleArn: string): string {
  return uniqueId("AROA", roleArn);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
function uniqueId(prefix: string, arn: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bytes = createHash("sha256").update(arn).digest().subarray(0, 17);
  return prefix + Array.from(bytes, (byte) => alphabet[byte % 32]).join("");
}

function principalIdOf(caller: Caller, session: RoleSession | undefined): string {
  const { accountId, arn } = caller;
  if (isRoot(caller)) return accountId;
  const role = roleOf(caller, session);
  return role === undefined ? uniqueId("AIDA", arn) : `${roleId(role)}:${nameIn(arn)}`;
}

function isRoot({ arn }: Caller): boolean {
  return arn.endsWith(":root");
}

/** The ARN of the caller's role. A session's own ARN has lost the role's path. */
function roleOf({ arn, accountId }: Caller, session: RoleSession | undefined): string | undefined {
  const parsed = parseArn(arn);
  const name = sessionRole(parsed);
  if (parsed === undefined || name === undefined) return undefined;
  return session?.roleArn ?? roleArn({ partition: parsed.partition, accountId }, name);
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
