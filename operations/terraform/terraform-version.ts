/**
 * Terraform's version numbers and constraints, as `required_version` and `required_providers` have
 * them.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */

const VERSION = /^v?(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const CONDITION = /^(=|!=|>=|<=|>|<|~>)?\s*(v?\d\S*)$/;

interface Version {
  readonly segments: readonly number[];
  readonly prerelease: string | undefined;
}

function parse(text: string): Version {
  const match = VERSION.exec(text.trim());
  if (!match?.[1]) {
    throw new Error(`"${text}" is not a version; expected numbers with dots, like 1.10.0.`);
  }
  return { segments: match[1].split(".").map(Number), prerelease: match[2] };
}

/** Whether the text is a version number at all. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/**
 * Below 0 where `a` is the older one, above 0 where it is the newer one; missing parts count as 0.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  const length = Math.max(left.segments.length, right.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = (left.segments[index] ?? 0) - (right.segments[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.prerelease === right.prerelease) return 0;
  if (left.prerelease === undefined) return 1;
  if (right.prerelease === undefined) return -1;
  return left.prerelease.localeCompare(right.prerelease, "en", { numeric: true });
}

/**
 * Whether a version meets a constraint such as `5.100.0`, `~> 5.0` or `>= 5.90, < 6.0`. As in
 * Terraform, a pre-release meets only a constraint that names it exactly.
 *
 * @throws Error where the constraint is none
 */
export function satisfies(version: string, constraint: string): boolean {
  const conditions = constraint.split(",").map((condition) => {
    const match = CONDITION.exec(condition.trim());
    if (!match?.[2]) {
      throw new Error(
        `"${constraint}" is not a version constraint; expected conditions like ">= 5.90, < 6.0" or "~> 5.100".`,
      );
    }
    return { operator: match[1] ?? "=", wanted: match[2] };
  });
  const prerelease = parse(version).prerelease !== undefined;
  return conditions.every(({ operator, wanted }) => {
    if (prerelease && operator !== "=") return false;
    const order = compareVersions(version, wanted);
    switch (operator) {
      case "=":
        return order === 0;
      case "!=":
        return order !== 0;
      case ">":
        return order > 0;
      case ">=":
        return order >= 0;
      case "<":
        return order < 0;
      case "<=":
        return order <= 0;
      default:
        return order >= 0 && sharesAllButLast(version, wanted);
    }
  });
}

/** `~>` lets only the rightmost part that is written down grow. */
function sharesAllButLast(version: string, wanted: string): boolean {
  const { segments } = parse(version);
  return parse(wanted)
    .segments.slice(0, -1)
    .every((segment, index) => (segments[index] ?? 0) === segment);
}
