/** What becomes of the logs where Terraform finds a resource of the type at its address no more. */
const LOSSES: Readonly<Record<string, string>> = {
  aws_s3_bucket:
    "The log bucket loses its policy, its block of public access and its encryption setting. Then S3 deletes it if it is empty, and with throwaway: true with all log files in it; else the deployment fails there, and nobody can deliver.",
  aws_kms_key:
    "The key is scheduled for deletion. When that is through, no log file that it encrypted can ever be read again.",
  aws_cloudtrail:
    "The trail is deleted and another one made, which CloudTrail refuses while the old one is there. Until then nothing is logged, and a new chain of digest files begins.",
};

/**
 * What a change of addresses does to those who have deployed, and what to do about it.
 *
 * @param name the reference environment
 * @param held the lines of its file
 * @param now the lines that it has now
 * @returns "" where nothing changed
 */
export function addressChanges(
  name: string,
  held: readonly string[],
  now: readonly string[],
): string {
  const gone = held.filter((line) => !now.includes(line));
  const added = now.filter((line) => !held.includes(line));
  if (gone.length + added.length === 0) return "";
  const title = [
    `The addresses of the reference environment ${name} changed.`,
    ...gone.map((line) => `  - ${line}`),
    ...added.map((line) => `  + ${line}`),
  ];
  const accept = `\`npm run addresses\` writes test/stability/addresses/${name}.txt anew.`;
  // A data source is read anew in every run: no state knows it.
  const lost = gone.filter((line) => !line.includes(": data "));
  if (lost.length === 0)
    return [
      ...title,
      `Nothing that a state knows is gone: docs/versions.md says which version that is. ${accept}`,
    ].join("\n");
  const losses = Object.entries(LOSSES).flatMap(([type, loss]) =>
    lost.some((line) => line.includes(`: resource ${type}.`)) ? [`${type}: ${loss}`] : [],
  );
  return [
    ...title,
    "Terraform knows a resource by its address alone. What is gone from the configuration it destroys; prevent_destroy goes with it and protects nothing. What is new it makes. Other states read outputs by their names.",
    ...losses,
    "Either take the rename back, or keep the old address under the new construct id (overrideLogicalId).",
    "Or give each resource a moved block (moveFromId), so that states follow: a minor version. Outputs, stacks, states and providers can't be moved.",
    `Or make it a major version, with the \`terraform state mv\` commands in CHANGELOG.md. Then ${accept}`,
  ].join("\n");
}
