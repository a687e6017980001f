/** How figures are written in the report. */
import { type Interval } from '../../math/bootstrap.js';
import { MINUS } from '../../math/signed-text.js';

export function rate(value: number): string {
  return value.toFixed(4);
}

export function rateRange({ low, high }: Interval): string {
  return `${rate(low)}–${rate(high)}`;
}

/** `1,234,567`. */
export function whole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Short enough to stand over a narrow bar: `950`, `1.2k`, `34k`, `5.6M`. */
export function short(value: number): string {
  const scaled = (by: number, unit: string): string => `${(value / by).toFixed(value < 10 * by ? 1 : 0)}${unit}`;
  if (value < 1_000) return String(value);
  return value < 999_500 ? scaled(1_000, 'k') : scaled(1_000_000, 'M');
}

export function percent(part: number): string {
  return `${(part * 100).toFixed(part < 0.1 ? 2 : 1)} %`;
}

/** A fraction that somebody chose, with the digits that it has. */
export function given(part: number): string {
  return `${Number((part * 100).toFixed(6))} %`;
}

/** A tick of an axis, without digits that say nothing. */
export function tick(value: number): string {
  const text = String(Number(value.toFixed(6)));
  return text.replace('-', MINUS);
}

/** `2017-10-12 00:00`, UTC; seconds where there are any. */
export function time(at: number): string {
  const text = new Date(at).toISOString().replace('T', ' ');
  return text.replace(/(:00)?\.000Z$/, '').replace(/Z$/, '');
}
