/** What callers are told whom nobody knows. */
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
