import type { EventSettings, InsightType } from "../cloudtrail/selection/event-settings";
import type { AccountProjection } from "../cloudtrail/table/log-table";
import type { Partition } from "../cloudtrail/regions";
import type { DestinationPolicyOptions } from "../policies/documents/destination-policies";
import type { RetentionDays } from "../policies/retention";
import type { GuardId } from "./rules/guard-ids";

/**
 * One environment as the rest of the project reads it: the file `envs/<name>.yaml`, checked, with
 * every default filled in. {@link loadEnvironment} makes it; nothing else reads the file.
 */
export interface Environment {
  /** The file's name without `.yaml`. Stack names and state keys start with it. */
  readonly name: string;
  /** The partition of the destination's region; every account is in it. */
  readonly partition: Partition;
  /**
   * An environment made to be destroyed: no `prevent_destroy`, and `force_destroy` from the first
   * apply.
   */
  readonly throwaway: boolean;
  /** The account that owns the bucket. */
  readonly destination: Destination;
  /** Every other account whose trail delivers to the destination, one entry for each account. */
  readonly members: readonly Member[];
  /** How Terraform gets into the accounts. */
  readonly deployer: Deployer;
  /** Where Terraform keeps its state. */
  readonly state: StateBackend;
  /** Tags of every resource (the provider's default tags). */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Terraform version constraint of the AWS provider.
   * @default the one that `@cdktf/provider-aws` asks for
   */
  readonly awsProviderVersion?: string;
  /**
   * One URL for every AWS service, for a local AWS.
   * @default AWS's own endpoints
   */
  readonly endpoint?: string;
  /**
   * What guards of the plan review find and somebody says is all right.
   * @default none
   */
  readonly acknowledgements?: readonly Acknowledgement[];
}

/** Something that a guard of the plan review finds, and why it is all right. */
export interface Acknowledgement {
  /** The guard that finds it. */
  readonly guard: GuardId;
  /** What the guard names: an account, a bucket's name, an ARN or a stack. */
  readonly subject: string;
  /** For people. */
  readonly reason: string;
  /**
   * The last day on which it counts, in UTC: `2026-01-31`.
   * @default for ever, of which `check` and each review warn
   */
  readonly until?: string;
}

/** What destination and members have in common. */
export interface Account {
  /** Twelve digits. */
  readonly account: string;
  /** For people, in comments and messages; the account ID where the file gives none. */
  readonly name: string;
  /** The trail's home region. */
  readonly region: string;
  /** The role that the AWS provider assumes in this account. */
  readonly roleArn: string;
  /**
   * The role that only reads, for everything that changes nothing.
   * @default the role of {@link roleArn}
   */
  readonly planRoleArn?: string;
  /**
   * External ID for assuming either role.
   * @default none
   */
  readonly externalId?: string;
  /** The file's `trail:` with this account's own `trail:` laid over it. */
  readonly trail: ResolvedTrail;
}

/** The account that owns the bucket, and what is made there. */
export interface Destination extends Account, DestinationPolicyOptions {
  /** The log bucket's name. */
  readonly bucket: string;
  /**
   * The part of each object key before `AWSLogs/`.
   * @default none
   */
  readonly prefix?: string;
  /** How log files are encrypted. */
  readonly encryption: Encryption;
  /**
   * How long log files stay.
   * @default for ever
   */
  readonly retention?: RetentionDays;
  /**
   * Name of a bucket that is made to take S3's server access logs; never the log bucket itself.
   * @default no access logs
   */
  readonly accessLogBucket?: string;
  /**
   * The table to query the logs with.
   * @default none
   */
  readonly query?: Query;
  /** Seconds to wait after a policy change before trails are made, 0 to 600. */
  readonly policyWaitSeconds: number;
}

/** How log files are encrypted. */
export type Encryption = NewKeyEncryption | ExistingKeyEncryption | S3KeyEncryption;

/** SSE-KMS with a key that the destination makes. */
export interface NewKeyEncryption {
  /** Which of the three it is. */
  readonly type: "sse-kms";
  /** Without `alias/`. */
  readonly alias: string;
  /** 7 to 30. */
  readonly deletionWindowDays: number;
  /** Whether S3 uses a bucket key: fewer calls to KMS. */
  readonly bucketKey: boolean;
}

/** SSE-KMS with a key that somebody else made, in the bucket's region. */
export interface ExistingKeyEncryption {
  /** Which of the three it is. */
  readonly type: "sse-kms-existing";
  /** The key's ARN. */
  readonly keyArn: string;
  /** Whether S3 uses a bucket key: fewer calls to KMS. */
  readonly bucketKey: boolean;
}

/** SSE-S3: S3's own keys. */
export interface S3KeyEncryption {
  /** Which of the three it is. */
  readonly type: "sse-s3";
}

/** A table over the logs and a workgroup to query it with Athena. */
export interface Query {
  /** Name of the database. */
  readonly database: string;
  /** Name of the workgroup. */
  readonly workgroup: string;
  /** Name of the bucket that is made for results. */
  readonly resultsBucket: string;
  /** Days until a result expires. */
  readonly resultsExpireDays: number;
  /**
   * The key that results are encrypted with, by its ARN.
   * @default SSE-S3
   */
  readonly resultsKmsKeyArn?: string;
  /** The first day with logs: `2026-01-31`. */
  readonly firstDay: string;
  /**
   * How the table knows the accounts.
   * @default "enum" for a few dozen accounts, "injected" for more
   */
  readonly accountProjection?: AccountProjection;
  /**
   * The regions that logs come from.
   * @default all known regions of the partition
   */
  readonly regions?: readonly string[];
  /** Bytes that one query may scan. */
  readonly bytesScannedCutoffPerQuery: number;
}

/** A member account. */
export interface Member extends Account {
  /** On its way out: its stack and its place in the policies stay, its trail goes. */
  readonly retiring: boolean;
}

/** An account's trail. */
export interface ResolvedTrail {
  /** The trail's name. */
  readonly name: string;
  /** Whether it logs every region that the account has enabled. */
  readonly multiRegion: boolean;
  /** Whether it logs events of global services such as IAM. */
  readonly includeGlobalServiceEvents: boolean;
  /** Whether CloudTrail writes signed digest files. */
  readonly logFileValidation: boolean;
  /**
   * Which events it records.
   * @default all management events, and no selector is written
   */
  readonly events?: EventSettings;
  /**
   * The kinds of CloudTrail Insights.
   * @default none
   */
  readonly insights?: readonly InsightType[];
}

/** How Terraform gets into the accounts. */
export interface Deployer {
  /** Role name with optional path, or (for an account's own role) a full ARN. */
  readonly role: string;
  /**
   * The same of the role that only reads; every account has one, or none has.
   * @default none: the role that deploys reads too
   */
  readonly planRole?: string;
  /**
   * External ID for assuming either role.
   * @default none
   */
  readonly externalId?: string;
  /** What CloudTrail shows as the session of either role. */
  readonly sessionName: string;
}

/** Where Terraform keeps its state. */
export type StateBackend = LocalState | S3State;

/** State files in the working folder. */
export interface LocalState {
  /** Which of the two it is. */
  readonly backend: "local";
}

/** State in S3, with S3's own lock file. */
export interface S3State {
  /** Which of the two it is. */
  readonly backend: "s3";
  /** The state bucket's name. */
  readonly bucket: string;
  /** The state bucket's region. */
  readonly region: string;
  /** State keys are `<keyPrefix>/<stack name>.tfstate`. */
  readonly keyPrefix: string;
  /**
   * The role that reads and writes state.
   * @default the credentials that run Terraform
   */
  readonly roleArn?: string;
  /**
   * The role that reads state, and writes nothing but the lock file.
   * @default that of {@link roleArn}
   */
  readonly planRoleArn?: string;
  /**
   * External ID for assuming either role.
   * @default none
   */
  readonly externalId?: string;
  /**
   * The key that state is encrypted with, by its ARN.
   * @default the state bucket's own default encryption
   */
  readonly kmsKeyArn?: string;
}
