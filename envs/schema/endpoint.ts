import { isIP } from "node:net";

/**
 * What an endpoint may look like: no user, no path, no query, so that one host is meant by all who
 * read it.
 */
const ENDPOINT = /^https?:\/\/(?:\[([0-9a-f:.]+)\]|([A-Za-z0-9.-]+))(?::(\d{1,5}))?\/?$/;

/** What is wrong with an endpoint's form, as the end of a sentence. */
export function endpointProblem(endpoint: string): string | undefined {
  const [, ipv6, , port = "1"] = ENDPOINT.exec(endpoint) ?? ["", "?"];
  if (ipv6 !== undefined && isIP(ipv6) !== 6)
    return "must be http:// or https:// and a host, with a port where needed";
  return Number(port) >= 1 && Number(port) <= 65_535
    ? undefined
    : "must have a port from 1 to 65535";
}

/** An endpoint's host: an address without brackets, a name in lower case. */
export function hostOf(endpoint: string): string {
  const [, ipv6, name = ""] = ENDPOINT.exec(endpoint) ?? [];
  return ipv6 ?? name.toLowerCase();
}
