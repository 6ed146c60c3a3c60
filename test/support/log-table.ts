import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { LOG_FOLDERS, type LogFolderName } from "../../cloudtrail/files/log-folders";
import {
  LOG_COLUMNS,
  type LogTableColumn,
  PARTITION_COLUMNS,
} from "../../cloudtrail/table/log-columns";
import {
  type LogTable,
  logTable,
  type LogTableInput,
  logTableNames,
} from "../../cloudtrail/table/log-table";
import type { SavedQueriesInput } from "../../cloudtrail/table/saved-queries";

/** One row of a result, by column. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * What DuckDB calls otherwise than Athena: the whole translation. Functions become macros, so the
 * statements that use them run as they are.
 */
export const MACROS = [
  // The letters of years, months and days are the same in both.
  "CREATE MACRO date_format(moment, pattern) AS strftime(moment, pattern)",
  "CREATE MACRO from_iso8601_timestamp(moment) AS CAST(moment AS TIMESTAMPTZ)",
  "CREATE MACRO json_extract_scalar(document, place) AS json_extract_string(document, place)",
];

/**
 * `UNNEST` of an array of rows gives a column for each field in Athena; DuckDB wants to be asked
 * for it.
 */
export function translated(sql: string): string {
  return sql.replace(/UNNEST\(([\w.]+)\) AS/g, "(SELECT unnest($1, recursive := true)) AS");
}

/**
 * The log tables over a folder of delivered files, in DuckDB. They stand for Athena as far as its
 * pages say how files become rows: which places the projection gives, and what the SerDe makes of
 * JSON.
 */
export class LocalLogTable {
  /**
   * @param folder what lies in the bucket: `prefix/AWSLogs/…`
   * @param input what the tables follow from, for a bucket of any name
   */
  static async load(
    folder: string,
    input: LogTableInput,
    { database, table }: Pick<SavedQueriesInput, "database" | "table">,
  ): Promise<LocalLogTable> {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    for (const statement of ["SET TimeZone = 'UTC'", ...MACROS]) await connection.run(statement);
    await connection.run(`CREATE SCHEMA ${database}`);
    const aside = mkdtempSync(join(tmpdir(), "central-trail-rows-"));
    try {
      for (const name of LOG_FOLDERS) {
        const columns = [...LOG_COLUMNS[name], ...PARTITION_COLUMNS].map(
          (column) => `${column.name} ${duckDbType(parseType(column.type))}`,
        );
        const sqlName = `${database}.${logTableNames(table)[name]}`;
        await connection.run(`CREATE TABLE ${sqlName} (${columns.join(", ")})`);
        const file = join(aside, `${name}.ndjson`);
        const rows = rowsOf(folder, name, logTable(input, name));
        writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
        if (rows.length > 0) await connection.run(`COPY ${sqlName} FROM '${file}' (FORMAT json)`);
      }
    } finally {
      rmSync(aside, { recursive: true });
    }
    return new LocalLogTable(connection);
  }

  private constructor(private readonly connection: DuckDBConnection) {}

  /** Runs a statement in Athena's SQL. */
  async query(sql: string): Promise<Row[]> {
    const reader = await this.connection.runAndReadAll(translated(sql));
    return reader.getRowObjectsJson();
  }

  close(): void {
    this.connection.closeSync();
  }
}

/** Every record of every file in a place that the projection gives. */
function rowsOf(folder: string, name: LogFolderName, table: LogTable): Row[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => ({ path, key: path.split(sep).join("/") }))
    .filter(({ key }) => key.endsWith(".json.gz"))
    .flatMap(({ path, key }) => {
      const partition = partitionOf(key, table);
      if (partition === undefined) return [];
      const text = gunzipSync(readFileSync(join(folder, path))).toString();
      const { Records } = JSON.parse(text) as { Records: unknown[] };
      return Records.map((record) => ({ ...rowOf(record, LOG_COLUMNS[name]), ...partition }));
    });
}

/** The values of the partition columns; undefined where Athena would not look. */
function partitionOf(key: string, { properties }: LogTable): Row | undefined {
  const place = properties["storage.location.template"]!.replace(/^s3:\/\/[^/]+\//, "")
    .replaceAll(/[.()!']/g, "\\$&")
    .replace("${account}", "(?<account>[^/]+)")
    .replace("${region}", "(?<region>[^/]+)")
    .replace("${day}", String.raw`(?<day>\d{4}/\d\d/\d\d)`);
  const values = new RegExp(`^${place}/[^/]+$`).exec(key)?.groups;
  if (values === undefined) return undefined;
  const listed = (column: string): boolean =>
    properties[`projection.${column}.type`] === "injected" ||
    properties[`projection.${column}.values`]!.split(",").includes(values[column]!);
  const [first] = properties["projection.day.range"]!.split(",");
  return listed("account") && listed("region") && values["day"]! >= first!
    ? { ...values }
    : undefined;
}

/** A Hive type, read. */
type HiveType =
  | { readonly kind: "string" }
  | { readonly kind: "struct"; readonly fields: readonly (readonly [string, HiveType])[] }
  | { readonly kind: "array" | "map"; readonly of: HiveType };

/** @throws Error for a type that is none of ours */
export function parseType(text: string): HiveType {
  if (text === "string") return { kind: "string" };
  const [, kind, inner] = /^(struct|array|map)<(.*)>$/.exec(text) ?? [];
  if (kind === "array") return { kind, of: parseType(inner!) };
  if (kind === "map" && inner!.startsWith("string,"))
    return { kind, of: parseType(inner!.slice("string,".length)) };
  if (kind !== "struct") throw new Error(`${text} is not a type that is known here`);
  const fields = splitFields(inner!).map((field) => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon), parseType(field.slice(colon + 1))] as const;
  });
  return { kind, fields };
}

/** `a:string,b:struct<c:string,d:string>` at its outer commas. */
function splitFields(text: string): string[] {
  let depth = 0;
  const parts = [""];
  for (const character of text) {
    if (character === "<") depth += 1;
    if (character === ">") depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts;
}

function duckDbType(type: HiveType): string {
  switch (type.kind) {
    case "string":
      return "VARCHAR";
    case "array":
      return `${duckDbType(type.of)}[]`;
    case "map":
      return `MAP(VARCHAR, ${duckDbType(type.of)})`;
    case "struct":
      return `STRUCT(${type.fields.map(([name, field]) => `"${name}" ${duckDbType(field)}`).join(", ")})`;
  }
}

/**
 * As the SerDe does: names without regard to case, and what is not a string in a string column as
 * JSON.
 */
function valueOf(value: unknown, type: HiveType): unknown {
  if (value === undefined || value === null) return null;
  switch (type.kind) {
    case "string":
      return typeof value === "string" ? value : JSON.stringify(value);
    case "array":
      return (value as unknown[]).map((item) => valueOf(item, type.of));
    case "map":
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, valueOf(item, type.of)]),
      );
    case "struct":
      return fieldsOf(value, type.fields);
  }
}

function fieldsOf(value: unknown, fields: readonly (readonly [string, HiveType])[]): Row {
  const given = new Map(
    Object.entries(value as object).map(([name, item]) => [name.toLowerCase(), item as unknown]),
  );
  return Object.fromEntries(fields.map(([name, type]) => [name, valueOf(given.get(name), type)]));
}

function rowOf(record: unknown, columns: readonly LogTableColumn[]): Row {
  return fieldsOf(
    record,
    columns.map(({ name, type }) => [name, parseType(type)] as const),
  );
}
