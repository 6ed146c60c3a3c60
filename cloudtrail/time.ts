/* eslint-disable no-restricted-globals -- Date serves as a calendar here: it is never asked what time it is. */

/** Milliseconds. */
export const HOUR = 3_600_000;

/**
 * Milliseconds since 1970 of `2026-01-31T23:12:05Z`, with or without fractions of a second;
 * undefined where the text is not such a time in UTC.
 */
export function parseTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(text)) return undefined;
  const time = Date.parse(text);
  // Date takes February 31 for March 3.
  if (Number.isNaN(time) || formatTime(time).slice(0, 10) !== text.slice(0, 10)) return undefined;
  return time;
}

/** `2026-01-31`, the day in UTC. */
export function formatDay(milliseconds: number): string {
  return formatTime(milliseconds).slice(0, 10);
}

/** `2026-01-31T23:12:05Z`, as CloudTrail writes times: fractions of a second are cut off. */
export function formatTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
