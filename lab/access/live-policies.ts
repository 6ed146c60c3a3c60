import { bucketArn, keyArn, regionalArn } from "../../cloudtrail/arn";
import { GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { GetBucketLocationCommand } from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import type { AccountClients } from "../account-clients";
import { partitionOfRegion } from "../../cloudtrail/regions";
import { parsePolicy } from "../../iam/parse";
import type { PolicyDocument } from "../../iam/policy-document";

/** A call that moto has answered without an error. */
export interface SucceededCall {
  readonly accountId: string;
  readonly region: string;
  readonly service: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The answer's body; not there for S3. */
  readonly answer?: string;
}

/** Where a bucket is, and whose. */
export interface BucketHome {
  readonly accountId: string;
  readonly region: string;
  /** With the partition of its region. */
  readonly arn: string;
}

interface Version {
  /** When it was written, milliseconds; before all time where it was there from the start. */
  readonly time: number;
  /** Undefined: the resource has none, or is gone. */
  readonly document?: string;
  /** The document read; there once somebody has asked for it. */
  parsed?: PolicyDocument;
}

/**
 * The resource policies as AWS's services see them: some time after they were written. Each call
 * that may change one makes us read the live document; the one in effect is the newest that is old
 * enough. Bucket policies live here only (see bucket-policies.ts).
 */
export class LivePolicies {
  readonly #versions = new Map<string, Version[]>();
  readonly #buckets = new Map<string, BucketHome>();
  readonly #keys = new Map<string, string>();

  /**
   * @param now milliseconds
   * @param delayMs how long a change takes to come into effect
   */
  constructor(
    private readonly clients: AccountClients,
    private readonly now: () => number,
    private readonly delayMs: number,
  ) {}

  /** Undefined where there is no such bucket. */
  bucketHome(name: string): BucketHome | undefined {
    return this.#buckets.get(name);
  }

  /** The ARN of a customer's key by its ID; undefined where the region has no such key. */
  keyArn(id: string, region: string): string | undefined {
    return this.#keys.get(`${region} ${id}`);
  }

  /**
   * The policy in effect on a bucket, key or topic; undefined where there is none.
   *
   * @throws PolicyError where the document is none that can be evaluated
   */
  inEffect(resourceArn: string): PolicyDocument | undefined {
    const settled = this.now() - this.delayMs;
    const version = this.#versions.get(resourceArn)?.findLast(({ time }) => time <= settled);
    if (version?.document === undefined) return undefined;
    return (version.parsed ??= parsePolicy(version.document));
  }

  /** A bucket's policy as last written, in effect or not yet. */
  bucketPolicy(bucket: string): string | undefined {
    const home = this.#buckets.get(bucket);
    return home && this.#versions.get(home.arn)?.at(-1)?.document;
  }

  /** @param document undefined takes the policy away */
  setBucketPolicy(bucket: string, document: string | undefined): void {
    const home = this.#buckets.get(bucket);
    if (home !== undefined) this.#write(home.arn, document);
  }

  /** Takes note of a call; must be over before its caller gets the answer. */
  async note(call: SucceededCall): Promise<void> {
    if (call.service === "s3") await this.#noteBucket(call);
    if (call.service === "kms") await this.#noteKey(call);
    if (call.service === "sns") await this.#noteTopic(call);
  }

  async #noteBucket({ action, accountId, region, parameters }: SucceededCall): Promise<void> {
    const bucket = parameters["bucketName"];
    if (typeof bucket !== "string") return;
    if (action === "CreateBucket") {
      const { LocationConstraint: location = "us-east-1" } = await this.clients
        .s3(accountId, region)
        .send(new GetBucketLocationCommand({ Bucket: bucket }));
      const arn = bucketArn({ partition: partitionOfRegion(location), bucketName: bucket });
      this.#buckets.set(bucket, { accountId, region: location, arn });
    }
    if (action === "DeleteBucket") {
      this.setBucketPolicy(bucket, undefined);
      this.#buckets.delete(bucket);
    }
  }

  async #noteKey(call: SucceededCall): Promise<void> {
    const { action, accountId, region, parameters, answer } = call;
    if (action !== "CreateKey" && action !== "PutKeyPolicy") return;
    const keyId = action === "CreateKey" ? createdKeyId(answer) : parameters["KeyId"];
    const id = String(keyId).replace(/^.*:key\//, "");
    const get = new GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" });
    const { Policy } = await this.clients.kms(accountId, region).send(get);
    const arn = keyArn({ partition: partitionOfRegion(region), region, accountId }, id);
    this.#keys.set(`${region} ${id}`, arn);
    // A key that not even its maker could use for a while would be no AWS: what is late are
    // changes.
    this.#write(arn, Policy, action === "CreateKey" ? -Infinity : this.now());
  }

  async #noteTopic({ action, accountId, region, parameters }: SucceededCall): Promise<void> {
    if (!TOPIC_CHANGES.includes(action)) return;
    const arn =
      action === "CreateTopic"
        ? regionalArn(
            { partition: partitionOfRegion(region), region, accountId },
            "sns",
            String(parameters["Name"]),
          )
        : String(parameters["TopicArn"]);
    if (action === "DeleteTopic") return this.#write(arn, undefined);
    const get = new GetTopicAttributesCommand({ TopicArn: arn });
    const { Attributes } = await this.clients.sns(accountId, region).send(get);
    this.#write(arn, Attributes?.["Policy"]);
  }

  #write(resourceArn: string, document: string | undefined, time = this.now()): void {
    const versions = this.#versions.get(resourceArn) ?? [];
    versions.push({ time, document });
    this.#versions.set(resourceArn, versions);
  }
}

const TOPIC_CHANGES = [
  "CreateTopic",
  "SetTopicAttributes",
  "AddPermission",
  "RemovePermission",
  "DeleteTopic",
];

function createdKeyId(answer: string | undefined): string | undefined {
  const created = JSON.parse(answer ?? "{}") as { KeyMetadata?: { KeyId?: string } };
  return created.KeyMetadata?.KeyId;
}
