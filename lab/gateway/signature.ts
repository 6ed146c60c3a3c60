/**
 * Signature Version 4, computed anew from what arrived.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac } from "node:crypto";
import { decodedPath } from "./decoded-path";
import { headerOf, type HttpRequest, pathOf, queryTextOf } from "./http-request";
import type { SignedScope } from "./signed-scope";

/** Stands for the body of a request whose body is not signed. */
export const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/** What of a scope goes into the signature. */
export type SignatureScope = Pick<
  SignedScope,
  "date" | "region" | "service" | "signedHeaders" | "time"
>;

/** The text's or the bytes' SHA-256, hexadecimal. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * The signature that a request must have, hexadecimal.
 *
 * @param payloadHash the body's SHA-256, or what stands for it
 */
export function signatureOf(
  request: HttpRequest,
  scope: SignatureScope,
  secretAccessKey: string,
  payloadHash: string,
): string {
  const { date, region, service, signedHeaders, time } = scope;
  const canonical = [
    request.method,
    canonicalPath(pathOf(request.target), service),
    canonicalQuery(queryTextOf(request.target)),
    ...signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}`),
    "",
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
  const credentialScope = `${date}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, credentialScope, sha256(canonical)].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, text).toString("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** Every byte but letters, digits and `-._~` as `%XX`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * S3 signs the path as it is; all others without dots and empty parts, and encoded a second time.
 */
function canonicalPath(path: string, service: string): string {
  if (service === "s3") return decodedPath(path).split("/").map(encoded).join("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(encoded(part));
  }
  const end = parts.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${parts.join("/")}${end}`;
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
}

function canonicalHeader(request: HttpRequest, name: string): string {
  return (headerOf(request, name) ?? "").trim().replace(/ +/g, " ");
}
