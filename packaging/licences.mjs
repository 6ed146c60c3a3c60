// Which licences the packages may have that this one needs, at run time and for development.
import satisfies from "spdx-satisfies";

/**
 * None of them asks more of who passes the package on than to keep notices and the licence's own
 * files.
 */
const ALLOWED = [
  ...["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC"],
  ...["CC-BY-3.0", "CC-BY-4.0", "MIT", "MPL-2.0", "Python-2.0", "Unlicense"],
];

/** Packages without an SPDX expression, with what they say themselves. */
const BY_HAND = { jsonify: "Public Domain" };

/**
 * The licence of each component of a CycloneDX document.
 *
 * @param components as `npm sbom --sbom-format cyclonedx` lists them
 * @returns name, version, and an SPDX expression or what was read by hand; undefined where there is
 *   none
 */
export function licences(components) {
  return components.map(({ name, version, licenses = [] }) => ({
    name,
    version,
    licence:
      licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name)[0] ??
      BY_HAND[name],
  }));
}

/** What is wrong with the licences, as sentences; none where all are allowed. */
export function licenceProblems(components) {
  return licences(components).flatMap(({ name, version, licence }) =>
    licence !== undefined && (licence === BY_HAND[name] || allowed(licence))
      ? []
      : [
          `${name}@${version} has the licence ${licence ?? "none"}. Allowed are ${ALLOWED.join(", ")}: use another package, or add the licence to packaging/licences.mjs.`,
        ],
  );
}

function allowed(licence) {
  try {
    return satisfies(licence, ALLOWED);
  } catch {
    // No SPDX expression.
    return false;
  }
}
