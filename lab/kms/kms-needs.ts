import { keyArn, parseArn, regionalArn, type RegionPlace } from "../../cloudtrail/arn";
import { partitionOfRegion } from "../../cloudtrail/regions";
import { keyResource, type Permission } from "../access/access";
import type { KmsKeys } from "./kms-keys";
import { ServiceError } from "../gateway/service-error";
import type { Needs, UserCall } from "../gateway/user-call";

/**
 * What works on another account's key, if its policy allows it. All else does not, whatever the
 * policy says.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
const ACROSS_ACCOUNTS = [
  "CreateGrant",
  "Decrypt",
  "DeriveSharedSecret",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "GetKeyRotationStatus",
  "GetPublicKey",
  "ListGrants",
  "ReEncrypt",
  "RetireGrant",
  "RevokeGrant",
  "Sign",
  "Verify",
  "VerifyMac",
];

/** One key that a call uses. */
interface KeyUse {
  /** `kms:Action` */
  readonly action: string;
  /** As the request calls it. */
  readonly keyId: unknown;
  /** Says the key where the request does not. */
  readonly ciphertext?: unknown;
  readonly encryptionContext?: unknown;
}

/**
 * What a KMS call needs. Keys that are not a customer's have no policy here: the identity policy
 * alone decides about AWS's own ones, and moto says which do not exist. Grants are not looked at.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export async function kmsNeeds(keys: KmsKeys, call: UserCall): Promise<Needs> {
  const { scope, caller, request } = call;
  const { action, parameters } = request;
  const { region } = scope;
  const own = { partition: partitionOfRegion(region), region, accountId: caller.accountId };
  const permissions = identityPermissions(call, own);
  const accounts = new Set<string>();
  for (const use of keyUses(action, parameters)) {
    const arn =
      typeof use.keyId === "string"
        ? await keys.find(use.keyId, { accountId: caller.accountId, region })
        : keys.findByCiphertext(String(use.ciphertext), region);
    const resource =
      arn === undefined
        ? ({ arn: keyArn(own, "*"), accountId: caller.accountId, type: "other" } as const)
        : keyResource(arn);
    if (resource.accountId !== caller.accountId && !ACROSS_ACCOUNTS.includes(action))
      throw new ServiceError(
        "AccessDeniedException",
        `${action} does not work on a key of another account: ${resource.arn}`,
      );
    accounts.add(resource.accountId);
    const keyId = String(use.keyId);
    const alias = parseArn(keyId)?.resource ?? keyId;
    permissions.push({
      action: use.action,
      resource,
      context: {
        ...encryptionContextKeys(use.encryptionContext),
        ...(alias.startsWith("alias/") ? { "kms:RequestAlias": alias } : {}),
      },
    });
  }
  const [accountId = caller.accountId, ...others] = accounts;
  if (others.length > 0)
    throw new ServiceError(
      "UnsupportedOperationException",
      `The local AWS cannot ${action} with keys of two accounts.`,
    );
  return { permissions, accountId };
}

/** An encryption context as condition keys. */
export function encryptionContextKeys(context: unknown): Permission["context"] {
  const entries = Object.entries(context ?? {}) as [string, unknown][];
  if (entries.length === 0) return {};
  return {
    ...Object.fromEntries(
      entries.map(([key, value]) => [`kms:EncryptionContext:${key}`, String(value)]),
    ),
    "kms:EncryptionContextKeys": entries.map(([key]) => key),
  };
}

/** What is asked of the identity policies alone: about aliases and about no key. */
function identityPermissions({ caller, request }: UserCall, own: RegionPlace): Permission[] {
  const { action, parameters } = request;
  const on = (name: string, arn: string): Permission => ({
    action: `kms:${name}`,
    resource: { arn, accountId: caller.accountId, type: "other" },
    context: {},
  });
  if (action === "CreateKey")
    return [on(action, "*"), ...(parameters["Tags"] ? [on("TagResource", keyArn(own, "*"))] : [])];
  if (action.endsWith("Alias"))
    return [on(action, regionalArn(own, "kms", String(parameters["AliasName"])))];
  return keyUses(action, parameters).length === 0 ? [on(action, "*")] : [];
}

function keyUses(action: string, parameters: Readonly<Record<string, unknown>>): KeyUse[] {
  const { KeyId: keyId, EncryptionContext: encryptionContext } = parameters;
  const { AliasName: alias, TargetKeyId: target, CiphertextBlob: ciphertext } = parameters;
  const name = `kms:${action}`;
  switch (action) {
    case "ListAliases":
      return [];
    case "CreateAlias":
      return [{ action: name, keyId: target }];
    case "DeleteAlias":
      return [{ action: name, keyId: alias }];
    case "UpdateAlias":
      return [
        { action: name, keyId: alias },
        { action: name, keyId: target },
      ];
    case "ReEncrypt":
      return [
        {
          action: "kms:ReEncryptFrom",
          keyId: parameters["SourceKeyId"],
          ciphertext,
          encryptionContext: parameters["SourceEncryptionContext"],
        },
        {
          action: "kms:ReEncryptTo",
          keyId: parameters["DestinationKeyId"],
          encryptionContext: parameters["DestinationEncryptionContext"],
        },
      ];
    default:
      return keyId === undefined && ciphertext === undefined
        ? []
        : [{ action: name, keyId, ciphertext, encryptionContext }];
  }
}
