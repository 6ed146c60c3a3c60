/** What callers get whom nobody knows, or who are not whom they say. */
import { type Protocol, ServiceError } from "./service-error";

/** Signature Version 4 is the one that is read here. */
export function unsigned(): ServiceError {
  return new ServiceError(
    "AccessDenied",
    "Access Denied: the request is not signed with Signature Version 4.",
    403,
  );
}

/** Each protocol has its own name for it. */
export function unknownAccessKey(protocol: Protocol): ServiceError {
  switch (protocol) {
    case "rest-xml":
      return new ServiceError(
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        403,
      );
    case "query":
      return new ServiceError(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
      );
    case "json":
      return new ServiceError(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        400,
      );
  }
}

/**
 * A token that is not the one which came with the access key; the services do not tell a missing
 * one from an access key that does not exist.
 */
export function wrongToken(protocol: Protocol, isMissing: boolean): ServiceError {
  if (protocol !== "rest-xml" || isMissing) return unknownAccessKey(protocol);
  return new ServiceError(
    "InvalidToken",
    "The provided token is malformed or otherwise invalid.",
    400,
  );
}

/** The request was signed with another secret, or was changed since. */
export function badSignature(protocol: Protocol): ServiceError {
  const message =
    "The request signature we calculated does not match the signature you provided. Check your";
  if (protocol === "rest-xml")
    return new ServiceError("SignatureDoesNotMatch", `${message} key and signing method.`, 403);
  const rest =
    "AWS Secret Access Key and signing method. Consult the service documentation for details.";
  return protocol === "query"
    ? new ServiceError("SignatureDoesNotMatch", `${message} ${rest}`, 403)
    : new ServiceError("InvalidSignatureException", `${message} ${rest}`, 400);
}

/** S3 wants each header whose name begins with `x-amz-` signed. */
export function headersNotSigned(names: readonly string[]): ServiceError {
  return new ServiceError(
    "AccessDenied",
    `There were headers present in the request which were not signed: ${names.join(", ")}`,
    403,
  );
}
