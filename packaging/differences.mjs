// What differs between two synthesized apps, as Terraform and cdktf read them: parsed, not as text.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";

/**
 * Compares all JSON files of two output folders.
 *
 * @returns {Map<string, number>} each difference once, as `<file's name> <path>: <before> ->
 *   <after>`, and in how many files it is
 */
export function differences(before, after) {
  const [left, right] = [filesOf(before), filesOf(after)];
  const found = new Map();
  for (const file of new Set([...Object.keys(left), ...Object.keys(right)])) {
    // A file that one side lacks is named in full; a value is the same difference in every stack.
    const lines =
      file in left && file in right
        ? valueDifferences(left[file], right[file], []).map((line) => `${basename(file)} ${line}`)
        : [`${file}: ${file in left ? "there -> missing" : "missing -> there"}`];
    for (const line of new Set(lines)) found.set(line, (found.get(line) ?? 0) + 1);
  }
  return found;
}

function filesOf(folder) {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), JSON.parse(readFileSync(path, "utf8"))]),
  );
}

function valueDifferences(before, after, path) {
  if (isNode(before) && isNode(after) && Array.isArray(before) === Array.isArray(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((key) => key !== "stacktrace") // of a warning: where cdktf lies on this machine
      .flatMap((key) => valueDifferences(before[key], after[key], [...path, key]));
  }
  if (Object.is(before, after)) return [];
  return [`${path.join(".")}: ${shown(before)} -> ${shown(after)}`];
}

function isNode(value) {
  return typeof value === "object" && value !== null;
}

function shown(value) {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
