import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import { GlueCatalogTable } from "@cdktf/provider-aws/lib/glue-catalog-table";
import { Construct } from "constructs";
import { FOLDERS, type LogFolderName } from "../../cloudtrail/files/log-folders";
import { LIMITS } from "../../cloudtrail/limits";
import { LOG_COLUMNS, PARTITION_COLUMNS } from "../../cloudtrail/table/log-columns";
import { logTable, logTableNames, QUERY_DEFAULTS } from "../../cloudtrail/table/log-table";
import { regionsOfPartition } from "../../cloudtrail/regions";
import { savedQueries } from "../../cloudtrail/table/saved-queries";
import { queryResultsBucketPolicy } from "../../policies/documents/query-results-bucket-policy";
import { ClosedBucket } from "../closed-bucket";
import { LogRetention } from "../log-retention/log-retention";
import { verbatim } from "../terraform-text";
import { checkLogQueryProps, type LogQueryProps, tableNameOf } from "./log-query-props";

/**
 * The logs of all accounts as a table for Athena, and a workgroup to query it in, whose settings
 * nobody who queries can get around: a limit of bytes for each query, and encrypted results in a
 * bucket of their own, where they expire.
 *
 * What people may read stays the log bucket's matter: Athena reads logs as whoever asks.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html
 * @see https://docs.aws.amazon.com/athena/latest/ug/workgroups-manage-queries-control-costs.html
 */
export class LogQuery extends Construct {
  /** The bucket for results. */
  readonly resultsBucket: ClosedBucket;
  /** The table of management and data events, as a resource of the AWS provider. */
  readonly resource: GlueCatalogTable;
  /** The table of each of CloudTrail's folders, as a resource. */
  readonly tableResources: Readonly<Record<LogFolderName, GlueCatalogTable>>;
  /** The database as a resource. */
  readonly databaseResource: GlueCatalogDatabase;
  /** The workgroup as a resource. */
  readonly workgroupResource: AthenaWorkgroup;
  /** The saved queries as resources. */
  readonly queryResources: readonly AthenaNamedQuery[];

  /** @throws Error where a prop is not one that AWS takes, or results would be among the logs */
  constructor(scope: Construct, id: string, props: LogQueryProps) {
    super(scope, id);
    checkLogQueryProps(this, props);
    const { provider, throwaway, partition, resultsBucketName, resultsKmsKeyArn } = props;
    this.resultsBucket = new ClosedBucket(this, "results", {
      provider,
      throwaway,
      bucketName: resultsBucketName,
      policy: queryResultsBucketPolicy({ partition, bucketName: resultsBucketName }),
      encryption: { kmsKeyArn: resultsKmsKeyArn, bucketKeyEnabled: resultsKmsKeyArn !== undefined },
    });
    new LogRetention(this, "results-retention", {
      provider,
      bucketName: this.resultsBucket.resource.id,
      expireDays: props.resultsExpireDays ?? QUERY_DEFAULTS.resultsExpireDays,
      noncurrentExpireDays: 1,
    });
    this.databaseResource = new GlueCatalogDatabase(
      this,
      "database",
      verbatim({
        provider,
        name: props.databaseName,
        description: "CloudTrail logs of all accounts",
      }),
    );
    const database = this.databaseResource;
    this.resource = this.#table("table", database, "CloudTrail", props);
    this.tableResources = {
      CloudTrail: this.resource,
      "CloudTrail-Insight": this.#table("insights-table", database, "CloudTrail-Insight", props),
      "CloudTrail-NetworkActivity": this.#table(
        "network-activity-table",
        database,
        "CloudTrail-NetworkActivity",
        props,
      ),
      "CloudTrail-Aggregated": this.#table(
        "aggregated-table",
        database,
        "CloudTrail-Aggregated",
        props,
      ),
    };
    this.workgroupResource = this.#workgroup(props);
    const { databaseName, accountIds } = props;
    const queries = savedQueries({ database: databaseName, table: tableNameOf(props), accountIds });
    this.queryResources = queries.map(
      ({ name, description, sql }) =>
        new AthenaNamedQuery(
          this,
          name,
          verbatim({
            provider,
            name,
            description,
            query: sql,
            database: this.resource.databaseName,
            workgroup: this.workgroupResource.name,
          }),
        ),
    );
    this.node.addValidation({
      validate: () =>
        queries
          .filter(({ sql }) => Buffer.byteLength(sql) > LIMITS.athenaQueryBytes)
          .map(
            ({ name, sql }) =>
              `the saved query ${name} has ${Buffer.byteLength(sql)} bytes with ${accountIds.length} accounts; Athena takes ${LIMITS.athenaQueryBytes}. Give fewer accountIds: with accountProjection "injected" a query may name any account.`,
          ),
    });
  }

  #table(
    id: string,
    database: GlueCatalogDatabase,
    folder: LogFolderName,
    props: LogQueryProps,
  ): GlueCatalogTable {
    const { provider, partition, regions = regionsOfPartition(partition) } = props;
    const { location, properties } = logTable({ ...props, regions }, folder);
    return new GlueCatalogTable(
      this,
      id,
      verbatim({
        provider,
        databaseName: database.name,
        name: logTableNames(tableNameOf(props))[folder],
        description: DESCRIPTIONS[folder],
        tableType: "EXTERNAL_TABLE",
        parameters: {
          EXTERNAL: "TRUE",
          ...properties,
        },
        partitionKeys: [...PARTITION_COLUMNS],
        storageDescriptor: {
          location,
          columns: [...LOG_COLUMNS[folder]],
          inputFormat: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
          outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
          serDeInfo: { serializationLibrary: "org.apache.hive.hcatalog.data.JsonSerDe" },
        },
      }),
    );
  }

  #workgroup(props: LogQueryProps): AthenaWorkgroup {
    const { provider, throwaway = false, resultsKmsKeyArn } = props;
    return new AthenaWorkgroup(
      this,
      "workgroup",
      verbatim({
        provider,
        name: props.workgroupName,
        description: "Queries of CloudTrail logs",
        forceDestroy: throwaway,
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery:
            props.bytesScannedCutoffPerQuery ?? QUERY_DEFAULTS.bytesScannedCutoffPerQuery,
          resultConfiguration: {
            outputLocation: `s3://${this.resultsBucket.resource.id}/`,
            expectedBucketOwner: props.accountId,
            encryptionConfiguration:
              resultsKmsKeyArn === undefined
                ? { encryptionOption: "SSE_S3" }
                : { encryptionOption: "SSE_KMS", kmsKeyArn: resultsKmsKeyArn },
          },
        },
        // Complete before the first result lies in it.
        dependsOn: [this.resultsBucket.policyResource],
      }),
    );
  }
}

/** What each table holds. */
const DESCRIPTIONS: Readonly<Record<LogFolderName, string>> = {
  // As it was before there were other tables, so that no plan changes it.
  CloudTrail: "CloudTrail log files, one row for each record; partitions are projected",
  "CloudTrail-Insight": described("CloudTrail-Insight"),
  "CloudTrail-NetworkActivity": described("CloudTrail-NetworkActivity"),
  "CloudTrail-Aggregated": described("CloudTrail-Aggregated"),
};

function described(folder: LogFolderName): string {
  return `CloudTrail's ${FOLDERS[folder].holds}, one row for each record; partitions are projected`;
}
