import { visible } from "./visible-text";

/**
 * A table for people: columns as wide as their widest cell, two spaces apart, no line ends in white
 * space.
 */
export function table(texts: readonly (readonly string[])[]): string[] {
  // As wide as they are shown.
  const rows = texts.map((row) => row.map(visible));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
