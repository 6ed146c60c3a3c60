/** Why AWS could not be read, in a sentence: `AccessDenied: User … is not authorized to …` */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What a refused connection has to say lies deeper.
  const code = (error as NodeJS.ErrnoException).code;
  const message = error.message || code || "no reason given";
  return error.name === "Error" ? message : `${error.name}: ${message}`;
}
