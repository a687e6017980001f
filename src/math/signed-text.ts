/** How differences are written: with their sign, to four decimals. */
import { type Interval } from './bootstrap.js';

export const MINUS = '−';

export function signed(value: number): string {
  return `${value < 0 ? MINUS : '+'}${Math.abs(value).toFixed(4)}`;
}

/** `−0.0010 to +0.0023`. */
export function signedRange({ low, high }: Interval): string {
  return `${signed(low)} to ${signed(high)}`;
}
