import { BlockList, isIP } from "node:net";
import { hostOf } from "../schema/endpoint";
import type { EntryProblem } from "../schema/problems";
import type { SoundFile } from "./sound-file";

/**
 * Credentials of every role are used against the endpoint, and what it answers is taken for AWS.
 * The file is what a pull request changes, so it alone can't lead them to another machine: whoever
 * runs the command lists the host.
 *
 * @param hosts those that whoever runs the command listed
 */
export function checkEndpoint(
  { endpoint, throwaway }: SoundFile,
  hosts: readonly string[],
): EntryProblem[] {
  if (endpoint === undefined) return [];
  const host = hostOf(endpoint);
  if (isLoopback(host)) return [];
  const isListed = hosts.includes(host);
  if (isListed && throwaway === true) return [];
  const missing = [
    ...(throwaway === true
      ? []
      : ["write throwaway: true, for an environment made to be destroyed"]),
    ...(isListed ? [] : [`list ${host} in CENTRAL_TRAIL_ENDPOINT_HOSTS where the command runs`]),
  ];
  return [
    {
      path: ["endpoint"],
      found: `${endpoint}, which is not this computer: the roles' credentials would be used there`,
      allowed:
        "127.0.0.1 and the like, [::1] or localhost; another host only with throwaway: true and in CENTRAL_TRAIL_ENDPOINT_HOSTS",
      fix: `leave endpoint out for AWS, or ${missing.join(", and ")}`,
    },
  ];
}

/** `a.test,b.test` as a list of hosts. */
export function endpointHosts(text: string): string[] {
  return text
    .split(",")
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== "");
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/**
 * Addresses as they are written, alone: who reads 2130706433, 0x7f.1 or 127.1 as a name asks DNS
 * for it.
 */
function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0
    ? host === "localhost"
    : LOOPBACK.check(host, version === 4 ? "ipv4" : "ipv6");
}
