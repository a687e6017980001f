/** Units of the demo world's time. Its minutes are counted from 1970, its days from its own start; hours are UTC. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The minute, counted from 1970, in which this time lies. */
export function minuteOf(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS);
}

/** The UTC hour of the day, 0 to 23, in which this minute lies. */
export function hourOf(minute: number): number {
  return Math.floor(minute / 60) % 24;
}
