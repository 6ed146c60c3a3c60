import { type CloudTrailClient, DescribeTrailsCommand } from "@aws-sdk/client-cloudtrail";
import {
  DescribeKeyCommand,
  type KMSClient,
  ListResourceTagsCommand,
  paginateListAliases,
  paginateListGrants,
  paginateListKeys,
} from "@aws-sdk/client-kms";
import {
  GetBucketNotificationConfigurationCommand,
  HeadBucketCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand, NotFoundException, type SNSClient } from "@aws-sdk/client-sns";
import { cloudTrailClient, kmsClient, s3Client, snsClient } from "../../aws/clients";
import { type AwsAccess, roleCredentials } from "../../aws/account-access";
import type { Account, Environment } from "../../envs/types";
import { reasonOf } from "../../aws/reason";
import type { Sought } from "./candidates";

/** What AWS says of something that is sought. */
export type Standing =
  | { readonly kind: "absent" }
  /** @param id as Terraform imports it */
  | { readonly kind: "stands"; readonly id: string; readonly aliasOf?: string }
  /** Whether it stands is known once Terraform has tried to import it. */
  | { readonly kind: "maybe"; readonly id: string }
  /** It stands, and is not to be imported: a sentence. */
  | { readonly kind: "refused"; readonly why: string };

/** AWS as the role that deploys sees it in one account. Methods throw what AWS answers. */
export class StandingResources {
  readonly #s3: S3Client;
  readonly #kms: KMSClient;
  readonly #sns: SNSClient;
  readonly #cloudTrail: CloudTrailClient;

  constructor(
    environment: Pick<Environment, "deployer">,
    private readonly account: Account,
    access: AwsAccess,
  ) {
    const { region } = account;
    const { endpoint } = access;
    const credentials = roleCredentials(environment, account, access);
    const options = { region, endpoint, credentials };
    this.#s3 = s3Client(options);
    this.#kms = kmsClient(options);
    this.#sns = snsClient(options);
    this.#cloudTrail = cloudTrailClient(options);
  }

  async find(sought: Sought): Promise<Standing> {
    switch (sought.kind) {
      case "bucket":
        return this.#bucket(sought.name);
      case "key":
        return this.#key(sought.tag);
      case "alias":
        return this.#alias(sought.name);
      case "trail":
        return this.#trail(sought.arn);
      case "topic":
        return this.#topic(sought.arn);
      case "other":
        return { kind: "maybe", id: sought.id };
    }
  }

  /** What it has that Terraform does not show. Where that can't be read, it says so. */
  async settings(sought: Sought, id: string): Promise<readonly string[]> {
    try {
      if (sought.kind === "bucket") return await this.#notifications(sought.name);
      if (sought.kind === "key") return await this.#grants(id);
      return [];
    } catch (error) {
      return [`not all of its settings could be read: ${reasonOf(error)}`];
    }
  }

  destroy(): void {
    for (const client of [this.#s3, this.#kms, this.#sns, this.#cloudTrail]) client.destroy();
  }

  async #notifications(Bucket: string): Promise<readonly string[]> {
    const configuration: object = await this.#s3.send(
      new GetBucketNotificationConfigurationCommand({
        Bucket,
        ExpectedBucketOwner: this.account.account,
      }),
    );
    const set = Object.entries(configuration).filter(([name]) => name !== "$metadata");
    return set.map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  }

  async #grants(KeyId: string): Promise<readonly string[]> {
    const lines: string[] = [];
    for await (const { Grants = [] } of paginateListGrants({ client: this.#kms }, { KeyId })) {
      lines.push(
        ...Grants.map(
          ({ GranteePrincipal, Operations = [] }) =>
            `a grant lets ${GranteePrincipal} use it: ${Operations.join(", ")}`,
        ),
      );
    }
    return lines;
  }

  async #bucket(name: string): Promise<Standing> {
    const { account: ExpectedBucketOwner } = this.account;
    try {
      await this.#s3.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner }));
      return { kind: "stands", id: name };
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      const status = error.$metadata.httpStatusCode;
      if (status === 404) return { kind: "absent" };
      // HeadBucket has no body, so no code that says more.
      if (status === 403 || status === 301) {
        return {
          kind: "refused",
          why: `the bucket ${name} exists, and account ${ExpectedBucketOwner} does not own it in ${this.account.region}, or its role may not see it. Bucket names are one for all of AWS: if it is somebody else's, choose another name in the environment file.`,
        };
      }
      throw error;
    }
  }

  async #key({ key, value }: { readonly key: string; readonly value: string }): Promise<Standing> {
    const found: { readonly id: string; readonly made: string }[] = [];
    const hidden: string[] = [];
    for await (const { Keys = [] } of paginateListKeys({ client: this.#kms }, {})) {
      for (const { KeyId } of Keys) {
        try {
          const { Tags = [] } = await this.#kms.send(new ListResourceTagsCommand({ KeyId }));
          if (!Tags.some(({ TagKey, TagValue }) => TagKey === key && TagValue === value)) continue;
          const { KeyMetadata } = await this.#kms.send(new DescribeKeyCommand({ KeyId }));
          // One that is on its way out is not to be taken up again.
          if (KeyMetadata?.KeyState === "PendingDeletion") continue;
          found.push({ id: KeyId!, made: KeyMetadata?.CreationDate?.toISOString() ?? "?" });
        } catch (error) {
          // AWS's own keys have no tags to be read, and others' policies may let nobody in.
          if ((error as Error).name !== "AccessDeniedException") throw error;
          hidden.push(KeyId!);
        }
      }
    }
    const [first, ...more] = found;
    if (first === undefined) return { kind: "absent" };
    if (more.length === 0) return { kind: "stands", id: first.id };
    return {
      kind: "refused",
      why: `${found.length} keys carry the tag ${key} = ${value}: ${found.map(({ id, made }) => `${id} of ${made}`).join(", ")}. Which of them encrypted the log files only people can say: take the tag off the others (\`aws kms untag-resource --key-id … --tag-keys ${key}\`) and run this again.`,
    };
  }

  async #alias(name: string): Promise<Standing> {
    for await (const { Aliases = [] } of paginateListAliases({ client: this.#kms }, {})) {
      const alias = Aliases.find(({ AliasName }) => AliasName === name);
      if (alias) return { kind: "stands", id: name, aliasOf: alias.TargetKeyId };
    }
    return { kind: "absent" };
  }

  async #trail(arn: string): Promise<Standing> {
    const { trailList = [] } = await this.#cloudTrail.send(
      new DescribeTrailsCommand({ trailNameList: [arn], includeShadowTrails: false }),
    );
    return trailList.some(({ TrailARN }) => TrailARN === arn)
      ? { kind: "stands", id: arn }
      : { kind: "absent" };
  }

  async #topic(arn: string): Promise<Standing> {
    try {
      await this.#sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
      return { kind: "stands", id: arn };
    } catch (error) {
      if (error instanceof NotFoundException) return { kind: "absent" };
      throw error;
    }
  }
}
