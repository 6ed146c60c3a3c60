/**
 * Partitions and regions, as far as CloudTrail's rules depend on them.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-multi-region-trails.html
 */

/** The partitions that this project knows. */
export const PARTITIONS = [
  "aws",
  "aws-us-gov",
  "aws-cn",
  "aws-eusc",
  "aws-iso",
  "aws-iso-b",
  "aws-iso-e",
  "aws-iso-f",
] as const;

/** An AWS partition: ARNs, policies and trails never cross it. */
export type Partition = (typeof PARTITIONS)[number];

/** Whether the text is a partition that this project knows. */
export function isPartition(text: string): text is Partition {
  return (PARTITIONS as readonly string[]).includes(text);
}

/** Regions of partition `aws` that every account has without opting in. */
const ENABLED_BY_DEFAULT = [
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "ap-south-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
];

/** Regions that an account has to opt in to, as far as known when this was written. */
const OPT_IN = [
  "af-south-1",
  "ap-east-1",
  "ap-east-2",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
];

/**
 * What the names of a partition's regions begin with, those regions, and what its services' hosts
 * end with.
 */
const OTHERS: Readonly<
  Record<
    Exclude<Partition, "aws">,
    { readonly prefix: string; readonly regions: readonly string[]; readonly suffix: string }
  >
> = {
  "aws-us-gov": {
    prefix: "us-gov-",
    regions: ["us-gov-east-1", "us-gov-west-1"],
    suffix: "amazonaws.com",
  },
  "aws-cn": {
    prefix: "cn-",
    regions: ["cn-north-1", "cn-northwest-1"],
    suffix: "amazonaws.com.cn",
  },
  "aws-eusc": { prefix: "eusc-", regions: ["eusc-de-east-1"], suffix: "amazonaws.eu" },
  "aws-iso": {
    prefix: "us-iso-",
    regions: ["us-iso-east-1", "us-iso-west-1"],
    suffix: "c2s.ic.gov",
  },
  "aws-iso-b": {
    prefix: "us-isob-",
    regions: ["us-isob-east-1", "us-isob-west-1"],
    suffix: "sc2s.sgov.gov",
  },
  "aws-iso-e": { prefix: "eu-isoe-", regions: ["eu-isoe-west-1"], suffix: "cloud.adc-e.uk" },
  "aws-iso-f": {
    prefix: "us-isof-",
    regions: ["us-isof-east-1", "us-isof-south-1"],
    suffix: "csp.hci.ic.gov",
  },
};

/** What the hosts of a partition's services end with. */
export function serviceHostSuffix(partition: Partition): string {
  return partition === "aws" ? "amazonaws.com" : OTHERS[partition].suffix;
}

/**
 * Whether AWS's text of CloudTrail's policies is known for a partition. Elsewhere the name that
 * CloudTrail has there is a guess.
 */
export function isDocumentedPartition(partition: Partition): boolean {
  return partition === "aws" || partition === "aws-us-gov";
}

/**
 * The regions known when this was written: to find a slip of the pen, never to refuse a new region.
 */
export const KNOWN_REGIONS: readonly string[] = [
  ...ENABLED_BY_DEFAULT,
  ...OPT_IN,
  ...Object.values(OTHERS).flatMap(({ regions }) => regions),
];

/** The known regions of a partition. */
export function regionsOfPartition(partition: Partition): string[] {
  return KNOWN_REGIONS.filter((region) => partitionOfRegion(region) === partition);
}

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/**
 * Whether the text has the form of a region name. New regions appear every year, so no closed list.
 */
export function isRegionName(region: string): boolean {
  return REGION.test(region);
}

/** The partition that a region belongs to. */
export function partitionOfRegion(region: string): Partition {
  const found = Object.entries(OTHERS).find(([, { prefix }]) => region.startsWith(prefix));
  return (found?.[0] as Partition | undefined) ?? "aws";
}

/**
 * Whether an account has to opt in to a region before it can be used. Every region that AWS
 * opened since March 2019 is such a one, so an unknown name counts as opt-in.
 */
export function isOptInRegion(region: string): boolean {
  return partitionOfRegion(region) === "aws" && !ENABLED_BY_DEFAULT.includes(region);
}
