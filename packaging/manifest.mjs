// What a release needs of package.json.

/** Scripts that npm runs where somebody installs a package. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepare"];

/**
 * What is wrong with package.json for a release, as sentences; none where it is right.
 *
 * @param tag the tag that is released; undefined for a dry run between releases
 */
export function manifestProblems({ scripts = {}, publishConfig, repository }, tag) {
  return [
    ...INSTALL_SCRIPTS.filter((name) => name in scripts).map(
      (name) =>
        `package.json has the script ${name}, which would run where somebody installs the package: remove it.`,
    ),
    ...(publishConfig?.provenance === true
      ? []
      : [
          "package.json: publishConfig.provenance is not true, so npm would not show what built it.",
        ]),
    ...(tag !== undefined && repository === undefined
      ? ["package.json names no repository, which npm's trusted publishing compares with its own."]
      : []),
  ];
}
