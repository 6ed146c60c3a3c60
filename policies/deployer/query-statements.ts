import { regionalArn } from "../../cloudtrail/arn";
import type { Partition } from "../../cloudtrail/regions";
import { logTableNames } from "../../cloudtrail/table/log-table";
import type { Statement } from "../../iam/policy-document";

/** What a destination's deployer makes and looks after so that logs can be queried. */
export interface DeployedQuery {
  /** The partition of all of it. */
  readonly partition: Partition;
  /** The account that owns it: twelve digits. */
  readonly accountId: string;
  /** Its region. */
  readonly region: string;
  /** The database's name. */
  readonly database: string;
  /** The name of the table of management and data events; those of the others begin with it. */
  readonly table: string;
  /** The workgroup's name. */
  readonly workgroup: string;
}

/**
 * What Terraform reads of database, table, workgroup and saved queries: settings, never a result.
 * AWS asks for an action on a table on its database and on the catalog too; for one on a saved
 * query, on its workgroup.
 *
 * @see https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
 */
export function readQuery(query: DeployedQuery): Statement[] {
  const { catalog, database, tables } = glueArns(query);
  return [
    {
      Sid: "ReadLogDatabase",
      Effect: "Allow",
      Action: "glue:GetDatabase",
      Resource: [catalog, database],
    },
    { Sid: "ReadLogDatabaseTags", Effect: "Allow", Action: "glue:GetTags", Resource: database },
    {
      Sid: "ReadLogTable",
      Effect: "Allow",
      Action: ["glue:GetPartitionIndexes", "glue:GetTable"],
      Resource: [catalog, database, ...tables],
    },
    {
      Sid: "ReadWorkgroup",
      Effect: "Allow",
      Action: ["athena:GetNamedQuery", "athena:GetWorkGroup", "athena:ListTagsForResource"],
      Resource: workgroupArn(query),
    },
  ];
}

/**
 * What Terraform needs to make and change them. A saved query that changes is deleted and made
 * anew. No statement lets a query run.
 *
 * @param mayDelete also to delete database, table and workgroup
 */
export function changeQuery(query: DeployedQuery, mayDelete: boolean): Statement[] {
  const { catalog, database, tables, inDatabase } = glueArns(query);
  return [
    {
      Sid: "MakeLogDatabase",
      Effect: "Allow",
      Action: "glue:CreateDatabase",
      Resource: [catalog, database],
    },
    {
      Sid: "ChangeLogTable",
      Effect: "Allow",
      Action: ["glue:CreateTable", ...(mayDelete ? ["glue:DeleteTable"] : []), "glue:UpdateTable"],
      Resource: [catalog, database, ...tables],
    },
    {
      Sid: "TagLogDatabase",
      Effect: "Allow",
      Action: ["glue:TagResource", "glue:UntagResource"],
      Resource: database,
    },
    {
      Sid: "ChangeWorkgroup",
      Effect: "Allow",
      Action: [
        "athena:CreateNamedQuery",
        "athena:CreateWorkGroup",
        "athena:DeleteNamedQuery",
        ...(mayDelete ? ["athena:DeleteWorkGroup"] : []),
        "athena:TagResource",
        "athena:UntagResource",
        "athena:UpdateWorkGroup",
      ],
      Resource: workgroupArn(query),
    },
    // A database goes with all that is in it, so AWS asks for that too.
    ...(mayDelete
      ? [
          {
            Sid: "DeleteLogDatabase",
            Effect: "Allow",
            Action: "glue:DeleteDatabase",
            Resource: [catalog, database, ...inDatabase],
          } as const,
        ]
      : []),
  ];
}

function glueArns({ database, table, ...place }: DeployedQuery): {
  readonly catalog: string;
  readonly database: string;
  readonly tables: readonly string[];
  /** Whatever may be in the database. */
  readonly inDatabase: readonly string[];
} {
  const arn = (resource: string): string => regionalArn(place, "glue", resource);
  return {
    catalog: arn("catalog"),
    database: arn(`database/${database}`),
    tables: Object.values(logTableNames(table)).map((name) => arn(`table/${database}/${name}`)),
    inDatabase: [arn(`table/${database}/*`), arn(`userDefinedFunction/${database}/*`)],
  };
}

function workgroupArn({ workgroup, ...place }: DeployedQuery): string {
  return regionalArn(place, "athena", `workgroup/${workgroup}`);
}
