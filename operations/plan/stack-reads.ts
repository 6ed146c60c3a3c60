import { trailArn } from "../../cloudtrail/trails/trail-identity";
import { stackNames } from "../../envs/stack-names";
import { trailIdentity } from "../../envs/trails";
import type { Environment } from "../../envs/types";
import type { StackReads } from "./gate-plan";

/** What each stack of an environment reads of its destination, by the stack's name. */
export function stackReads(environment: Environment): ReadonlyMap<string, StackReads> {
  return new Map<string, StackReads>([
    [stackNames.destination(environment), { kind: "nothing" }],
    [stackNames.upkeep(environment), { kind: "bucket" }],
    ...environment.members.map((member): [string, StackReads] => [
      stackNames.member(environment, member),
      member.retiring
        ? { kind: "nothing" }
        : { kind: "trail", trailArn: trailArn(trailIdentity(environment, member)) },
    ]),
  ]);
}
