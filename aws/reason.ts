import type { S3ServiceException } from "@aws-sdk/client-s3";
import { isUnanswered } from "./request-limits";

/** Why AWS could not be read, in a sentence: `AccessDenied: User … is not authorized to …` */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What a refused connection has to say lies deeper.
  const { attempts = 1, httpStatusCode } = (error as Partial<S3ServiceException>).$metadata ?? {};
  const code = (error as NodeJS.ErrnoException).code;
  const message = error.message || code || "no reason given";
  // Our own clients' words, which need no name of a class.
  if (isUnanswered(error)) return `${message}${attempts > 1 ? `, in ${attempts} attempts` : ""}`;
  // An answer to HEAD has no body that could.
  if (error.message === "UnknownError")
    return `HTTP status ${httpStatusCode}, and the answer names no error`;
  return error.name === "Error" ? message : `${error.name}: ${message}`;
}
