/**
 * What Terraform writes beside a state that it locks.
 *
 * @see https://developer.hashicorp.com/terraform/language/state/locking
 */
export interface LockInfo {
  readonly id: string;
  /** Such as OperationTypeApply. */
  readonly operation: string;
  /** `user@host` */
  readonly who: string;
  /** In UTC, as Terraform writes it. */
  readonly created: string;
}

/** What is known of who holds a state. */
export type LockVerdict = { readonly info: LockInfo; readonly why: string } & (
  | { readonly kind: "dead" }
  | { readonly kind: "alive" }
  /** Only people can know. */
  | { readonly kind: "unknown" }
);

/** A Terraform run that this program started on this machine, as far as it is known now. */
export interface KnownRun {
  /** The state's place. */
  readonly state: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Until when the run was seen to live, milliseconds since 1970. */
  readonly seen: number;
  /** Whether anything of it runs; undefined where that cannot be known from here. */
  readonly isAlive: boolean | undefined;
}

/** Who asks, and what this machine knows. */
export interface LockWitness {
  readonly hostname: string;
  readonly runs: readonly KnownRun[];
  /** Terraform processes on this machine that may hold the state and that no known run explains. */
  readonly others: readonly number[];
}

/** How much later than its run was last seen a lock may have been taken, milliseconds. */
const LOCK_LAG = 60_000;

/** @throws Error where the text is none of Terraform's locks */
export function parseLock(text: string): LockInfo {
  const { ID, Operation, Who, Created } = JSON.parse(text) as Record<string, unknown>;
  if (typeof ID !== "string" || ID === "") throw new Error("it has no ID");
  const words = [Operation, Who, Created].map((word) => (typeof word === "string" ? word : "?"));
  return { id: ID, operation: words[0]!, who: words[1]!, created: words[2]! };
}

/**
 * Whether whoever took the lock is dead. A lock names a host and no process, and hosts share names;
 * so it counts as dead only where this very machine remembers a run that was under way for that
 * state when the lock was taken, nothing of that run lives, and no other Terraform could be the
 * holder.
 */
export function judgeLock(state: string, info: LockInfo, witness: LockWitness): LockVerdict {
  const host = info.who.slice(info.who.lastIndexOf("@") + 1);
  if (host !== witness.hostname)
    return {
      kind: "unknown",
      info,
      why: `the lock is of host ${host}, this is ${witness.hostname}`,
    };
  const created = Date.parse(info.created);
  const runs = witness.runs.filter(
    (run) => run.state === state && run.started <= created + 1000 && created <= run.seen + LOCK_LAG,
  );
  if (runs.some(({ isAlive }) => isAlive)) {
    return { kind: "alive", info, why: "the run that took it is under way on this host" };
  }
  if (runs.length === 0) {
    const why = "no run of central-trail on this host is known that took it";
    return { kind: "unknown", info, why };
  }
  if (runs.some(({ isAlive }) => isAlive === undefined)) {
    return {
      kind: "unknown",
      info,
      why: "whether the run that took it lives cannot be seen from here",
    };
  }
  if (witness.others.length > 0) {
    const why = `Terraform runs on this host (process ${witness.others.join(", ")}) and may hold it`;
    return { kind: "unknown", info, why };
  }
  return { kind: "dead", info, why: "the run that took it ran on this host and is dead" };
}
