// What a release needs of CHANGELOG.md (https://keepachangelog.com/en/1.1.0/).

/**
 * What is wrong with the changelog for a version, as sentences; none where it is right.
 *
 * @param text the whole changelog
 * @param version package.json's
 * @param tag the tag that is released; undefined for a dry run between releases
 */
export function changelogProblems(text, version, tag) {
  const sections = text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title, ...lines] = section.split("\n");
      return { title, entries: lines.filter((line) => line.startsWith("- ")).length };
    });
  const own = sections.find(({ title }) => title.startsWith(`[${version}]`));
  const unreleased = sections.find(({ title }) => title === "[Unreleased]");
  return [
    own === undefined
      ? `CHANGELOG.md has no section "## [${version}] - <date>", which package.json's version needs: write one.`
      : /^\[[^\]]+\] - \d{4}-\d{2}-\d{2}$/.test(own.title)
        ? undefined
        : `CHANGELOG.md: "## ${own.title}" has no date; write "## [${version}] - 2026-01-31".`,
    own?.entries === 0 ? `CHANGELOG.md: the section [${version}] has no entry.` : undefined,
    unreleased === undefined
      ? 'CHANGELOG.md has no section "## [Unreleased]": write one, empty, before all versions.'
      : undefined,
    tag !== undefined && tag !== `v${version}`
      ? `The tag is ${tag} and package.json's version ${version}: the tag has to be v${version}.`
      : undefined,
    tag !== undefined && unreleased?.entries > 0
      ? `CHANGELOG.md: ${unreleased.entries} entries are under [Unreleased]: move them to [${version}].`
      : undefined,
  ].filter((problem) => problem !== undefined);
}
