/** SQL from a column to milliseconds since 1970 (a double); null where the value is no time. */
import { type ColumnKind } from './table.js';
import { type TimeUnit } from './mapping.js';

export function timeMs(column: string, kind: ColumnKind, unit: TimeUnit): string {
  if (kind === 'instant' || kind === 'date') return `epoch_ms(${column}::TIMESTAMPTZ)::DOUBLE`;
  if (kind === 'number') return fromNumber(`${column}::DOUBLE`, unit);
  const text = `trim(${kind === 'json' ? `(${column}->>'$')` : column})`;
  // Not TIMESTAMP: that cast drops the offset of a text such as 2017-10-01T03:00:00+02:00.
  const written = `epoch_ms(TRY_CAST(${text} AS TIMESTAMPTZ))::DOUBLE`;
  return `coalesce(${fromNumber(`TRY_CAST(${text} AS DOUBLE)`, unit)}, ${written})`;
}

interface Unit {
  readonly toMs: (value: string) => string;
  /** The last that a date can be. */
  readonly max: string;
}
const UNITS: { readonly [unit in Exclude<TimeUnit, 'auto'>]: Unit } = {
  s: { toMs: (value) => `round(${value} * 1000)`, max: '8.64e12' },
  ms: { toMs: (value) => `floor(${value})`, max: '8.64e15' },
  us: { toMs: (value) => `floor(${value} / 1000)`, max: '8.64e18' },
};
const { s, ms, us } = UNITS;
const AUTO: Unit = {
  toMs: (value) =>
    `CASE WHEN abs(${value}) < 1e11 THEN ${s.toMs(value)} WHEN abs(${value}) < 1e14 THEN ${ms.toMs(value)} ELSE ${us.toMs(value)} END`,
  max: us.max,
};

function fromNumber(value: string, unit: TimeUnit): string {
  const { toMs, max } = unit === 'auto' ? AUTO : UNITS[unit];
  return `CASE WHEN abs(${value}) <= ${max} THEN ${toMs(value)} END`;
}
