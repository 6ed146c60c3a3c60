/**
 * IP addresses and CIDR ranges, of IPv4 and IPv6.
 *
 * Own code since `node:net`, which has it, is I/O that this folder may not import.
 */

/** An address as a number. */
export interface IpAddress {
  /** 32 of IPv4, 128 of IPv6. */
  readonly bits: 32 | 128;
  /** The first byte is the highest. */
  readonly value: bigint;
}

/** All addresses whose first `prefix` bits are those of the given one. */
export interface IpRange extends IpAddress {
  /** 0 to {@link IpAddress.bits}. */
  readonly prefix: number;
}

/** Reads `203.0.113.1` or `2001:db8::1`; undefined where the text is not an address. */
export function parseIpAddress(text: string): IpAddress | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): IpAddress | undefined {
  const octets = text.split(".");
  if (octets.length !== 4 || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet))) {
    return undefined;
  }
  if (octets.some((octet) => Number(octet) > 255)) return undefined;
  return { bits: 32, value: octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n) };
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groups16(half, index === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  // `::` stands for one group of zeros or more.
  if (tail === undefined ? given !== 8 : given > 7) return undefined;
  const groups = [...head, ...Array<number>(8 - given).fill(0), ...(tail ?? [])];
  return { bits: 128, value: groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n) };
}

/**
 * The 16-bit groups between colons; the address may end in an IPv4 address, which is two of them.
 */
function groups16(text: string, endsAddress: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const fields = text.split(":");
  for (const [index, field] of fields.entries()) {
    const ipv4 = endsAddress && index === fields.length - 1 ? parseIpv4(field) : undefined;
    if (ipv4) groups.push(Number(ipv4.value >> 16n), Number(ipv4.value & 0xffffn));
    else if (/^[0-9a-f]{1,4}$/i.test(field)) groups.push(parseInt(field, 16));
    else return undefined;
  }
  return groups;
}

/**
 * Reads a range in CIDR notation, or a single IPv4 address.
 *
 * @returns the range, or what is wrong with the text
 */
export function parseIpRange(text: string): IpRange | { readonly problem: string } {
  const [addressText, prefixText, ...more] = text.split("/") as [string, ...string[]];
  const address = parseIpAddress(addressText);
  if (address === undefined || more.length > 0) {
    return {
      problem: `${JSON.stringify(text)} is not an IP range; write it as 203.0.113.0/24 or 2001:db8::/32`,
    };
  }
  if (prefixText === undefined) {
    // AWS documents /32 as the default; of IPv6 that would be 2^96 addresses, surely not meant.
    return address.bits === 32
      ? { ...address, prefix: 32 }
      : {
          problem: `${JSON.stringify(text)} has no prefix length; write ${text}/128 for one address`,
        };
  }
  const prefix = /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : Infinity;
  return prefix <= address.bits
    ? { ...address, prefix }
    : { problem: `${JSON.stringify(text)} has a prefix length other than 0 to ${address.bits}` };
}

/** Whether the address lies in the range. IPv4 and IPv6 never meet. */
export function ipRangeHolds(range: IpRange, address: IpAddress): boolean {
  const rest = BigInt(range.bits - range.prefix);
  return range.bits === address.bits && range.value >> rest === address.value >> rest;
}
