/** Spans of time on the command line: `90s`, `30m`, `6h`, `1d`. */
import { CommandError } from './options.js';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What a timer can wait for, in whole days. */
const LONGEST_MS = 24 * UNITS_MS['d']!;

/** In ms. @throws CommandError BAD_OPTION */
export function durationOf(option: string, text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const duration = Number(count) * UNITS_MS[unit ?? '']!;
  if (duration > 0 && duration <= LONGEST_MS) return duration;
  const allowed = 'a whole number with s, m, h or d, such as 90s, 30m, 6h or 1d, from 1s to 24d';
  throw new CommandError('BAD_OPTION', `${option} is "${text}"; allowed is ${allowed}`);
}
