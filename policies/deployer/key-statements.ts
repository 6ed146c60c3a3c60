import type { Partition } from "../../cloudtrail/regions";
import type { Statement } from "../../iam/policy-document";

/** The key that a destination's deployer makes and looks after. */
export interface DeployedKey {
  /** The partition of the key. */
  readonly partition: Partition;
  /** The account that owns the key: twelve digits. */
  readonly accountId: string;
  /** The key's region. */
  readonly region: string;
  /** Without `alias/`. */
  readonly alias: string;
  /**
   * The key's ARN, known once it is made.
   *
   * @default - every key of the account and region. Neither tags nor the alias could narrow that
   * down: to make a key with tags, `kms:TagResource` has to cover all keys, and to give it its alias
   * so has `kms:CreateAlias`, so whoever may make this key could put its tag or alias on any other;
   * and KMS takes up to five minutes to apply them, while Terraform goes on at once.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/manage-tags-api.html
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
   */
  readonly keyArn?: string;
}

/**
 * What Terraform reads of the key. ListAliases knows no resources.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export function readKey(key: DeployedKey): Statement[] {
  return [
    {
      Sid: "FindAliases",
      Effect: "Allow",
      Action: "kms:ListAliases",
      Resource: "*",
      Condition: inRegion(key),
    },
    {
      Sid: "ReadKey",
      Effect: "Allow",
      Action: [
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
      ],
      Resource: keyResource(key),
    },
  ];
}

/**
 * What Terraform needs to make and change the key. A key whose ARN is known is not made again. No
 * statement lets anything be encrypted or decrypted.
 *
 * @param mayDelete also to delete the key and its alias
 */
export function changeKey(key: DeployedKey, mayDelete: boolean): Statement[] {
  const { partition, region, accountId, alias } = key;
  return [
    ...(key.keyArn === undefined
      ? [
          {
            Sid: "MakeKey",
            Effect: "Allow",
            Action: "kms:CreateKey",
            Resource: "*",
            Condition: inRegion(key),
          } as const,
        ]
      : []),
    {
      Sid: "ChangeKey",
      Effect: "Allow",
      Action: [
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        ...(mayDelete ? ["kms:ScheduleKeyDeletion"] : []),
        "kms:TagResource",
        "kms:UntagResource",
      ],
      Resource: keyResource(key),
    },
    {
      Sid: "ChangeAlias",
      Effect: "Allow",
      // Both ask for the alias and for the key behind it.
      Action: ["kms:CreateAlias", ...(mayDelete ? ["kms:DeleteAlias"] : [])],
      Resource: [`arn:${partition}:kms:${region}:${accountId}:alias/${alias}`, keyResource(key)],
    },
  ];
}

function keyResource({ partition, region, accountId, keyArn }: DeployedKey): string {
  return keyArn ?? `arn:${partition}:kms:${region}:${accountId}:key/*`;
}

function inRegion({ region }: DeployedKey): Statement["Condition"] {
  return { StringEquals: { "aws:RequestedRegion": region } };
}
