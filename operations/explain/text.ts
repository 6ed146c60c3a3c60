import { table } from "../../text/table";
import type { PolicedResources, Target } from "./requests";
import type { TrailAccess } from "./trails";
import type { AccessAnswer, DeedAnswer, AccessVerdict } from "./who";

/** What no answer here can know. */
export const NOT_LOOKED_AT: readonly string[] = [
  "Identity policies are not seen here, so no answer says how many principals have such a one.",
  "Service and resource control policies, permissions boundaries, session policies and VPC endpoint policies can take more away.",
  "KMS grants can give the key to others. Bucket ACLs are off (BucketOwnerEnforced).",
  "The root user of the bucket's account can read, put and delete the bucket policy even where that policy denies it.",
];

/** Each line two columns in. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** Accounts' trails as a table. */
export function trailTable(trails: readonly TrailAccess[]): string[] {
  const yesNo = (value: boolean): string => (value ? "yes" : "no");
  return table([
    ["ACCOUNT", "NAME", "OWN FOLDER", "OTHERS' FOLDERS", "ENCRYPT", "TRAIL"],
    ...trails.map((one) => [
      one.account,
      one.name + (one.retiring ? " (retiring)" : ""),
      yesNo(one.ownFolder),
      one.otherFolders.length === 0 ? "no" : `yes, of ${one.otherFolders.length}`,
      one.encrypt === undefined ? "-" : yesNo(one.encrypt),
      one.trailArn,
    ]),
  ]);
}

/**
 * The calls of CloudTrail's that the policies refuse for trails of the environment; none as a rule.
 */
export function refusedLines(trails: readonly TrailAccess[]): string[] {
  const accounts = new Map<string, string[]>();
  for (const { account, refused } of trails) {
    for (const { action, policy } of refused) {
      const what = `${action} by the ${POLICY_NAMES[policy]} policy`;
      accounts.set(what, [...(accounts.get(what) ?? []), account]);
    }
  }
  return [...accounts].map(
    ([what, of]) => `CloudTrail is refused ${what}, for the trails of ${of.join(", ")}.`,
  );
}

const POLICY_NAMES: Readonly<Record<Target, string>> = {
  bucket: "bucket",
  key: "key",
  topic: "topic",
  topicKey: "topic's key",
};

/** Why nothing is said of encryption. */
export function encryptionNote({ keyArn }: PolicedResources): string {
  return keyArn === undefined
    ? "Files are encrypted with S3's own keys: no key policy takes part."
    : `Whether CloudTrail may encrypt is up to the policy of ${keyArn}, which is not ours.`;
}

const WHOSE: Readonly<Record<AccessVerdict, string>> = {
  yes: "",
  "with-identity-policy": " whose identity policy allows it",
  "up-to-the-key-policy": ", if the key's policy allows it, which is not ours,",
  no: "",
};

/** One deed with everyone, and what each answer rests on. */
export function deedLines({ what, answers }: DeedAnswer): string[] {
  return [
    `Who can ${what}?`,
    ...answers.flatMap(({ who, verdict, restsOn, unlessDeniedBy }) => [
      `  ${verdict === "no" ? "no " : "yes"}  ${who}${WHOSE[verdict]}${unless(unlessDeniedBy)}`,
      ...unlessDeniedBy.map((one) => `         ${one}`),
      ...restsOn.map((one) => `       rests on ${one}`),
    ]),
  ];
}

const CELLS: Readonly<Record<AccessVerdict, string>> = {
  yes: "yes",
  "with-identity-policy": "if",
  "up-to-the-key-policy": "key",
  no: "no",
};

/**
 * Several deeds as a table with a column for each of the people, and in full what is not a plain
 * no.
 */
export function deedTable(deeds: readonly DeedAnswer[]): string[] {
  const people = deeds[0]?.answers.map(({ who }) => who) ?? [];
  const letter = (index: number): string => String.fromCharCode(65 + index);
  return [
    `Who can do what (${CELLS["with-identity-policy"]}: those whose identity policy allows it; ${CELLS["up-to-the-key-policy"]}: if the key's own policy allows it, which is not ours):`,
    ...indented(
      table([
        ["", ...people.map((_, index) => letter(index))],
        ...deeds.map(({ what, answers }) => [
          what,
          ...answers.map(({ verdict }) => CELLS[verdict]),
        ]),
      ]),
    ),
    "",
    "In full:",
    ...people.flatMap((who, index) => {
      const lines = inFull(who, index, deeds);
      return [`  ${letter(index)}  ${lines[0] ?? `${who}: nothing`}`, ...lines.slice(1)];
    }),
  ];
}

/** What one of the people can do, in a sentence for each way in which they can. */
function inFull(who: string, index: number, deeds: readonly DeedAnswer[]): string[] {
  const ways = new Map<string, { readonly answer: AccessAnswer; readonly deeds: string[] }>();
  for (const { what, answers } of deeds) {
    const answer = answers[index]!;
    if (answer.verdict === "no") continue;
    const way = JSON.stringify([answer.verdict, answer.unlessDeniedBy]);
    const known = ways.get(way) ?? { answer, deeds: [] };
    known.deeds.push(what);
    ways.set(way, known);
  }
  return [...ways.values()].flatMap(({ answer, deeds: can }, place) => [
    `${place === 0 ? "" : "     "}${who}${WHOSE[answer.verdict]} can${unless(answer.unlessDeniedBy)}`,
    ...can.map((what) => `       - ${what}`),
    ...answer.unlessDeniedBy.map((one) => `       unless: ${one}`),
  ]);
}

function unless(deniedBy: readonly string[]): string {
  return deniedBy.length === 0 ? "" : ", unless denied by a statement below:";
}
