import { serviceHostSuffix } from "../../cloudtrail/regions";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import type { Partition } from "../../cloudtrail/regions";
import { topicArn } from "../../cloudtrail/arn";
import { KEY_TAGS } from "../../policies/key-tags";
import type { ResourceBlock } from "./configuration";

/** Where a stack's resources are. */
export interface Place {
  readonly partition: Partition;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** @default - AWS's own */
  readonly endpoint?: string;
}

/** How a resource that stands in AWS and is in no state can be found, before Terraform knows it. */
export type Sought =
  | { readonly kind: "bucket"; readonly name: string }
  | { readonly kind: "key"; readonly tag: { readonly key: string; readonly value: string } }
  | { readonly kind: "alias"; readonly name: string }
  | { readonly kind: "trail"; readonly arn: string }
  | { readonly kind: "topic"; readonly arn: string }
  /** Terraform is asked, which says what does not exist. */
  | { readonly kind: "other"; readonly id: string };

/** A resource of the configuration that AWS may have although no state has it. */
export interface Candidate {
  readonly address: string;
  /** For people: `bucket central-trail-logs` */
  readonly words: string;
  readonly sought: Sought;
}

/** What of the configuration AWS refuses to make twice, or makes twice, and how to find it. */
export function candidatesOf(resources: readonly ResourceBlock[], place: Place): Candidate[] {
  return resources.flatMap(({ address, type, body }) => {
    const found = soughtBy(type, resolved(body, resources), place);
    return found === undefined ? [] : [{ address, ...found }];
  });
}

function soughtBy(
  type: string,
  body: ResourceBlock["body"],
  place: Place,
): Omit<Candidate, "address"> | undefined {
  const text = (name: string): string => String(body[name]);
  const { accountId, partition, region } = place;
  switch (type) {
    case "aws_s3_bucket":
      return {
        words: `bucket ${text("bucket")}`,
        sought: { kind: "bucket", name: text("bucket") },
      };
    case "aws_kms_key": {
      const tags = (body["tags"] ?? {}) as Readonly<Record<string, string>>;
      const ours: readonly string[] = Object.values(KEY_TAGS);
      const tag = Object.entries(tags).find(([key]) => ours.includes(key));
      if (tag === undefined) return undefined;
      const [key, value] = tag;
      return {
        words: `key with the tag ${key} = ${value}`,
        sought: { kind: "key", tag: { key, value } },
      };
    }
    case "aws_kms_alias":
      return {
        words: text("name").replace("/", " "),
        sought: { kind: "alias", name: text("name") },
      };
    case "aws_cloudtrail": {
      const arn = trailArn({ partition, accountId, homeRegion: region, name: text("name") });
      return { words: `trail ${arn}`, sought: { kind: "trail", arn } };
    }
    case "aws_sns_topic": {
      const arn = topicArn({ partition, accountId, region, topicName: text("name") });
      return { words: `topic ${arn}`, sought: { kind: "topic", arn } };
    }
    case "aws_sqs_queue":
      return {
        words: `queue ${text("name")}`,
        sought: { kind: "other", id: `${queueHost(place)}/${accountId}/${text("name")}` },
      };
    case "aws_athena_workgroup":
      return { words: `workgroup ${text("name")}`, sought: { kind: "other", id: text("name") } };
    case "aws_glue_catalog_database":
      return {
        words: `database ${text("name")}`,
        sought: { kind: "other", id: `${accountId}:${text("name")}` },
      };
    case "aws_glue_catalog_table":
      return {
        words: `table ${text("database_name")}.${text("name")}`,
        sought: { kind: "other", id: `${accountId}:${text("database_name")}:${text("name")}` },
      };
    default:
      return undefined;
  }
}

/** The body with other resources' names in the place of references to them. */
function resolved(
  body: ResourceBlock["body"],
  resources: readonly ResourceBlock[],
): ResourceBlock["body"] {
  const nameOf = (value: unknown): unknown => {
    const [, address, attribute = ""] =
      /^\$\{([a-z0-9_]+\.[\w-]+)\.(\w+)\}$/.exec(String(value)) ?? [];
    return resources.find((one) => one.address === address)?.body[attribute] ?? value;
  };
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, nameOf(value)]));
}

function queueHost({ endpoint, region, partition }: Place): string {
  return endpoint ?? `https://sqs.${region}.${serviceHostSuffix(partition)}`;
}
