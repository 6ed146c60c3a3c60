/** An HTTP request; header names in lower case. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The path of a target, without its query. */
export function pathOf(target: string): string {
  return target.split("?", 1)[0] as string;
}

/** The query of a target, without its `?`; empty where there is none. */
export function queryTextOf(target: string): string {
  const start = target.indexOf("?");
  return start < 0 ? "" : target.slice(start + 1);
}

/** A header's text; of one that is sent twice, both with a comma between. */
export function headerOf({ headers }: HttpRequest, name: string): string | undefined {
  return headers[name]?.toString();
}
