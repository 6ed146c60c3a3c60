import type { Path } from "../schema/problems";
import type { EnvironmentInput } from "../schema/schema";
import { DEFAULT_TRAIL } from "../schema/trail-schema";
import type { Sound } from "../schema/schema-check";
import type { ResolvedTrail } from "../types";

/** A file of which every part may be missing, since the schema refused it. */
export type SoundFile = Sound<EnvironmentInput>;

/** The destination or a member as the file has it. */
export type AccountInput = NonNullable<NonNullable<SoundFile["members"]>[number]>;

/** The line on which a path stands. */
export type LineOf = (path: Path) => number;

/** The destination or a member, and where it stands. */
export interface AccountEntry {
  readonly path: Path;
  readonly entry: AccountInput;
}

/** Destination and members, in the file's order. */
export function accountsOf(file: SoundFile): AccountEntry[] {
  const members = (file.members ?? []).map((entry, index) => ({ path: ["members", index], entry }));
  return [{ path: ["destination"], entry: file.destination }, ...members].flatMap(
    ({ path, entry }) => (entry === undefined ? [] : [{ path, entry }]),
  );
}

/** The trail of an account; what the schema refused stays missing and hides no default. */
export function trailOf(
  file: SoundFile,
  entry: AccountInput,
): Partial<Omit<ResolvedTrail, "events" | "insights">> {
  return { ...DEFAULT_TRAIL, ...file.trail, ...entry.trail };
}
