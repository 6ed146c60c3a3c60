import { ServiceError } from "./service-error";

/**
 * A path's text.
 *
 * @throws ServiceError InvalidURI where it is not percent-encoding of any
 */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ServiceError("InvalidURI", "Couldn't parse the specified URI.");
  }
}
