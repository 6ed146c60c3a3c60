import { crc32, deflateRawSync } from "node:zlib";

/** Fields of a member's header that hardly any program writes. */
export interface HeaderFields {
  readonly extra?: Buffer;
  /** Without NUL, as is the comment. */
  readonly name?: string;
  readonly comment?: string;
  readonly checksum?: boolean;
}

/** A gzip member, written byte by byte from RFC 1952. */
export function gzipMember(content: Buffer, fields: HeaderFields = {}, level = 6): Buffer {
  const { extra, name, comment, checksum = false } = fields;
  const flags =
    (checksum ? 2 : 0) |
    (extra === undefined ? 0 : 4) |
    (name === undefined ? 0 : 8) |
    (comment === undefined ? 0 : 16);
  const text = (value: string | undefined): Buffer[] =>
    value === undefined ? [] : [Buffer.from(`${value}\0`, "latin1")];
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255]),
    ...(extra === undefined ? [] : [number(extra.length, 2), extra]),
    ...text(name),
    ...text(comment),
  ]);
  return Buffer.concat([
    header,
    ...(checksum ? [number(crc32(header) & 0xffff, 2)] : []),
    deflateRawSync(content, { level }),
    number(crc32(content), 4),
    number(content.length % 2 ** 32, 4),
  ]);
}

function number(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}
