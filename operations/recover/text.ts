import type { StackFindings } from "./findings";
import type { LockVerdict } from "./lock";
import type { PlannedChange } from "./trial";

/** What was found of a stack and is to be done about it, for people; nothing where all is well. */
export function findingsText(findings: StackFindings): readonly string[] {
  const { stack, lock, push, imports, untaints, notes, left } = findings;
  const lines = [
    ...(lock ? lockText(lock) : []),
    ...(push
      ? [`push    ${push.file} (serial ${push.serial}), which Terraform could not write`]
      : []),
    ...imports.flatMap(({ address, words, settings, change }) => [
      `import  the ${words}`,
      `          as ${address}; ${changeText(change)}`,
      ...settings.map((setting) => `          it has ${setting}`),
    ]),
    ...untaints.map(
      ({ address, change }) =>
        `untaint ${address}: it is as the configuration wants it; ${changeText(change)}`,
    ),
    ...notes,
    ...left.map((one) => `left    ${one}`),
  ];
  return lines.length === 0 ? [] : [`${stack}:`, ...lines.map((line) => `  ${line}`)];
}

function lockText({ kind, info, why }: LockVerdict): string[] {
  const held = `of ${info.who} since ${info.created} (${info.operation}, ID ${info.id})`;
  switch (kind) {
    case "dead":
      return [`unlock  the lock ${held}: ${why}`];
    case "alive":
      return [`left    the lock ${held}: ${why}. Wait for it, or end it.`];
    case "unknown":
      return [`locked  ${held}: ${why}. Only if you know that it runs no more, give its ID.`];
  }
}

function changeText(change: PlannedChange | undefined): string {
  if (change === undefined) return "what the next deploy does to it could not be planned yet";
  return change.kind === "none"
    ? "the next deploy changes nothing of it"
    : `the next deploy changes its ${change.attributes.join(", ")} in place`;
}
