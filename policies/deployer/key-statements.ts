import { regionalArn } from "../../cloudtrail/arn";
import type { Partition } from "../../cloudtrail/regions";
import type { Statement } from "../../iam/policy-document";
import { inRegion } from "./in-region";

/** The keys that a destination's deployer makes and looks after: the logs', the notifications'. */
export interface DeployedKeys {
  /** The partition of the keys. */
  readonly partition: Partition;
  /** The account that owns the keys: twelve digits. */
  readonly accountId: string;
  /** The keys' region. */
  readonly region: string;
  /** One or more. */
  readonly keys: readonly DeployedKey[];
}

/** One of the keys. */
export interface DeployedKey {
  /**
   * Without `alias/`.
   * @default - the key has none
   */
  readonly alias?: string;
  /**
   * The key's ARN, known once it is made.
   *
   * @default - every key of the account and region. Neither tags nor the alias could narrow that
   * down: to make a key with tags, `kms:TagResource` has to cover all keys, and to give it its
   * alias so has `kms:CreateAlias`, so whoever may make this key could put its tag or alias on any
   * other; and KMS takes up to five minutes to apply them, while Terraform goes on at once.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/manage-tags-api.html
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
   */
  readonly keyArn?: string;
}

/**
 * What Terraform reads of the keys. ListAliases knows no resources.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export function readKeys(deployed: DeployedKeys): Statement[] {
  return [
    ...(deployed.keys.some(({ alias }) => alias !== undefined)
      ? [
          {
            Sid: "FindAliases",
            Effect: "Allow",
            Action: "kms:ListAliases",
            Resource: "*",
            Condition: inRegion(deployed.region),
          } as const,
        ]
      : []),
    {
      Sid: "ReadKey",
      Effect: "Allow",
      Action: [
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
      ],
      Resource: oneOrMany(keyResources(deployed)),
    },
  ];
}

/** What `drift` asks of the keys, and Terraform does not: who was granted their use. */
export function askForKeys(deployed: DeployedKeys): Statement {
  return {
    Sid: "AskForGrants",
    Effect: "Allow",
    Action: "kms:ListGrants",
    Resource: oneOrMany(keyResources(deployed)),
  };
}

/**
 * What finding a key that is in no state needs: to see which keys there are, and what else one is
 * used for. ListKeys knows no resources.
 */
export function findKeys(deployed: DeployedKeys): Statement[] {
  return [
    {
      Sid: "FindKeys",
      Effect: "Allow",
      Action: "kms:ListKeys",
      Resource: "*",
      Condition: inRegion(deployed.region),
    },
    askForKeys(deployed),
  ];
}

/**
 * What Terraform needs to make and change the keys. Keys whose ARNs are known are not made again.
 * No statement lets anything be encrypted or decrypted.
 *
 * @param mayDelete also to delete the keys and their aliases
 */
export function changeKeys(deployed: DeployedKeys, mayDelete: boolean): Statement[] {
  const { keys } = deployed;
  return [
    ...(keys.some(({ keyArn }) => keyArn === undefined)
      ? [
          {
            Sid: "MakeKey",
            Effect: "Allow",
            Action: "kms:CreateKey",
            Resource: "*",
            Condition: inRegion(deployed.region),
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
      Resource: oneOrMany(keyResources(deployed)),
    },
    ...keys.flatMap(({ alias, keyArn }) =>
      alias === undefined
        ? []
        : [
            {
              Sid: "ChangeAlias",
              Effect: "Allow",
              // Both ask for the alias and for the key behind it.
              Action: ["kms:CreateAlias", ...(mayDelete ? ["kms:DeleteAlias"] : [])],
              Resource: [
                regionalArn(deployed, "kms", `alias/${alias}`),
                keyArn ?? anyKey(deployed),
              ],
            } as const,
          ],
    ),
  ];
}

/** The keys' ARNs; where one is not known, every key, which has the others in it. */
export function keyResources(deployed: DeployedKeys): readonly string[] {
  const known = deployed.keys.flatMap(({ keyArn }) => keyArn ?? []);
  return known.length < deployed.keys.length ? [anyKey(deployed)] : known;
}

function oneOrMany(arns: readonly string[]): Statement["Resource"] {
  return arns.length === 1 ? arns[0] : arns;
}

function anyKey(deployed: DeployedKeys): string {
  return regionalArn(deployed, "kms", "key/*");
}
