/**
 * The services that the local AWS has, how their requests are written, and their operations' names.
 * moto also takes names in other spellings, which no policy speaks of: here they are none.
 */
import { type Protocol, ServiceError } from "./service-error";

interface Service {
  readonly protocols: readonly Protocol[];
  /** All that it has here; or the form of its names, where no policy is asked about its calls. */
  readonly operations: ReadonlySet<string> | RegExp;
}

/** Names of operations, as AWS's API references write them. */
const ANY_NAME = /^[A-Z][A-Za-z0-9]{1,127}$/;

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const SERVICES: ReadonlyMap<string, Service> = new Map([
  ["athena", { protocols: ["json"], operations: ANY_NAME }],
  // Its API says itself what it has.
  ["cloudtrail", { protocols: ["json"], operations: /./ }],
  ["glue", { protocols: ["json"], operations: ANY_NAME }],
  ["iam", { protocols: ["query"], operations: ANY_NAME }],
  [
    "kms",
    {
      protocols: ["json"],
      operations: names(`
        CancelKeyDeletion CreateAlias CreateGrant CreateKey Decrypt DeleteAlias
        DeleteImportedKeyMaterial DescribeKey DisableKey DisableKeyRotation EnableKey
        EnableKeyRotation Encrypt GenerateDataKey GenerateDataKeyPair
        GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac
        GenerateRandom GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey
        ImportKeyMaterial ListAliases ListGrants ListKeyPolicies ListKeyRotations ListKeys
        ListResourceTags ListRetirableGrants PutKeyPolicy ReEncrypt RetireGrant RevokeGrant
        RotateKeyOnDemand ScheduleKeyDeletion Sign TagResource UntagResource UpdateAlias
        UpdateKeyDescription Verify VerifyMac`),
    },
  ],
  [
    "sns",
    {
      protocols: ["query"],
      operations: names(`
        AddPermission ConfirmSubscription CreateTopic DeleteTopic GetSubscriptionAttributes
        GetTopicAttributes ListSubscriptions ListSubscriptionsByTopic ListTagsForResource ListTopics
        Publish PublishBatch RemovePermission SetSubscriptionAttributes SetTopicAttributes Subscribe
        TagResource Unsubscribe UntagResource`),
    },
  ],
  ["sqs", { protocols: ["json", "query"], operations: ANY_NAME }],
  // All others hand out credentials that no trust policy was asked about.
  ["sts", { protocols: ["query"], operations: names("AssumeRole GetCallerIdentity") }],
]);

/**
 * Makes sure that there is such an operation.
 *
 * @param action as the request names it; undefined where it names none
 * @throws ServiceError UnknownOperationException or InvalidAction, by the protocol
 */
export function knownOperation(
  service: string,
  protocol: Protocol,
  action: string | undefined,
): string {
  const known = SERVICES.get(service);
  const says = (what: string): ServiceError =>
    protocol === "json"
      ? new ServiceError("UnknownOperationException", what)
      : new ServiceError("InvalidAction", what);
  if (known === undefined)
    throw says(
      `The local AWS has no service ${service}; it has s3, ${[...SERVICES.keys()].join(", ")}.`,
    );
  const { operations, protocols } = known;
  if (!protocols.includes(protocol))
    throw says(`${service} does not take requests of the ${protocol} protocol.`);
  if (action === undefined || action === "")
    throw says(`The request names no operation of ${service}.`);
  const isKnown = operations instanceof RegExp ? operations.test(action) : operations.has(action);
  if (!isKnown) throw says(`The local AWS's ${service} has no operation ${action}.`);
  return action;
}
