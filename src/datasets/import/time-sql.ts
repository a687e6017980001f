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

const TO_MS = {
  s: (value: string) => `round(${value} * 1000)`,
  ms: (value: string) => `floor(${value})`,
  us: (value: string) => `floor(${value} / 1000)`,
};

function fromNumber(value: string, unit: TimeUnit): string {
  const ms =
    unit === 'auto'
      ? `CASE WHEN abs(${value}) < 1e11 THEN ${TO_MS.s(value)} WHEN abs(${value}) < 1e14 THEN ${TO_MS.ms(value)} ELSE ${TO_MS.us(value)} END`
      : TO_MS[unit](value);
  return `CASE WHEN isfinite(${value}) THEN ${ms} END`;
}
