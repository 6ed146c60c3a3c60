import type { Construct } from "constructs";
import { LIMITS } from "../../cloudtrail/limits";
import {
  accountIdProblem,
  catalogNameProblem,
  keyPrefixProblem,
  workgroupNameProblem,
} from "../../cloudtrail/names";
import { isRegionName, type Partition } from "../../cloudtrail/regions";
import {
  dayProblem,
  type LogTableInput,
  logTableNames,
  QUERY_DEFAULTS,
} from "../../cloudtrail/table/log-table";
import { checkProps, type ModuleOptions } from "../module-options";

/**
 * Props of LogQuery.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateWorkGroup.html
 */
export interface LogQueryProps extends ModuleOptions, Omit<LogTableInput, "regions"> {
  /** The partition of all buckets. */
  readonly partition: Partition;
  /**
   * The account that owns the log bucket, and that queries run in: twelve digits. Has to be the
   * provider's.
   */
  readonly accountId: string;
  /**
   * The regions that logs come from. One that is not listed is not queried.
   * @default - all of the partition that were known when this was written
   */
  readonly regions?: readonly string[];
  /** The new database's name. */
  readonly databaseName: string;
  /**
   * The new table's name.
   * @default "cloudtrail_logs"
   */
  readonly tableName?: string;
  /** The new workgroup's name. */
  readonly workgroupName: string;
  /** The name of the new bucket for results. */
  readonly resultsBucketName: string;
  /**
   * Days until a result expires.
   * @default 30
   */
  readonly resultsExpireDays?: number;
  /**
   * The KMS key that results are encrypted with, by its ARN, in the bucket's region. Whoever asks
   * needs `kms:GenerateDataKey` and `kms:Decrypt` with it. Not the log key: its policy lets readers
   * decrypt what CloudTrail encrypted, and nothing else.
   * @default - SSE-S3
   */
  readonly resultsKmsKeyArn?: string;
  /**
   * Bytes that one query may scan, 10,485,760 or more; Athena cancels a query that would scan more.
   * What it scanned until then is billed.
   * @default 107374182400 - 100 GiB
   */
  readonly bytesScannedCutoffPerQuery?: number;
}

/** The name of the table of management and data events. */
export function tableNameOf({ tableName = QUERY_DEFAULTS.tableName }: LogQueryProps): string {
  return tableName;
}

/** @throws Error where a prop is not one that AWS takes, or results would be among the logs */
export function checkLogQueryProps(construct: Construct, props: LogQueryProps): void {
  const { accountIds, regions, bytesScannedCutoffPerQuery: cutoff, s3KeyPrefix } = props;
  const named = (prop: string, value: string, problemOf: (text: string) => string | undefined) => ({
    prop,
    value,
    problem: problemOf(value),
  });
  checkProps(construct, [
    named("databaseName", props.databaseName, catalogNameProblem),
    named("tableName", tableNameOf(props), tableNameProblem),
    named("workgroupName", props.workgroupName, workgroupNameProblem),
    named("firstDay", props.firstDay, dayProblem),
    ...(s3KeyPrefix === undefined ? [] : [named("s3KeyPrefix", s3KeyPrefix, keyPrefixProblem)]),
    ...listed("accountIds", accountIds, accountIdProblem),
    ...listed("regions", regions, (region) =>
      isRegionName(region) ? undefined : "is not a region name",
    ),
    {
      prop: "bytesScannedCutoffPerQuery",
      value: cutoff,
      problem:
        cutoff === undefined || (Number.isInteger(cutoff) && cutoff >= LIMITS.athenaScanBytes)
          ? undefined
          : `is not a whole number of bytes from ${LIMITS.athenaScanBytes} on`,
    },
    {
      prop: "resultsBucketName",
      value: props.resultsBucketName,
      problem:
        props.resultsBucketName === props.bucketName
          ? "is the log bucket: results would lie among the logs"
          : undefined,
    },
  ]);
}

/** The names of the other tables begin with this one's, and have to be names too. */
function tableNameProblem(tableName: string): string | undefined {
  const own = catalogNameProblem(tableName);
  if (own !== undefined) return own;
  const tooLong = Object.values(logTableNames(tableName)).find(
    (name) => catalogNameProblem(name) !== undefined,
  );
  return tooLong && `is too long: the table ${tooLong} begins with it`;
}

/** Each value of a list, and that there is one. */
function listed(
  prop: string,
  values: readonly string[] | undefined,
  problemOf: (value: string) => string | undefined,
): { readonly prop: string; readonly value: string; readonly problem?: string }[] {
  if (values?.length === 0) return [{ prop, value: "", problem: "has nothing in it" }];
  return (values ?? []).map((value, index) => ({
    prop: `${prop}[${index}]`,
    value,
    problem: values!.indexOf(value) < index ? "is there twice" : problemOf(value),
  }));
}
