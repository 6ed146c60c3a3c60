import { formatTime } from "../cloudtrail/time";

/** From one time to another, in seconds. */
export function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

/** To the second: `2026-01-31T23:12:05Z` */
export function toSecond(time: Date): string {
  return formatTime(time.getTime());
}

/** `1 h 5 min`, `12 min`, `40 s`; whole days from two days on. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
