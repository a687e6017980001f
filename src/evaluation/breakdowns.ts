/** Hit rates by hour, by length of history, by age of the clicked item and by region: where a system is strong and where not. */
import { meanOf } from '../math/bootstrap.js';
import { METRICS } from '../math/list-metrics.js';
import { type Judged } from './tally.js';

export interface Bucket {
  readonly label: string;
  readonly n: number;
  /** Hit rate of each system that was asked for every list. */
  readonly hr: Readonly<Record<string, number>>;
}
export type Breakdown = 'hour' | 'historyLength' | 'itemAge' | 'region';

const HOUR_MS = 3_600_000;
const LENGTHS = [0, 1, 2, 3, 5, 10, 20, 50];
const AGES_HOURS = [0, 1, 3, 6, 12, 24, 72, 168];
/** Regions shown, the busiest first; the rest is one bucket. */
const REGIONS = 12;

/** @param shown systems that were asked for every list, out of all in the order of ranks */
export function breakdowns(
  rows: readonly Judged[],
  shown: readonly string[],
  systems: readonly string[] = shown,
): Readonly<Record<Breakdown, readonly Bucket[]>> {
  const by = (labelOf: (row: Judged) => string, order: readonly string[]): Bucket[] => {
    const groups = new Map<string, Judged[]>(order.map((label) => [label, []]));
    for (const row of rows) groups.get(labelOf(row))!.push(row);
    return [...groups].flatMap(([label, members]) =>
      members.length === 0 ? [] : bucket(label, members, shown, systems),
    );
  };
  const regions = busiest(rows);
  return {
    hour: by(
      hourOf,
      Array.from({ length: 24 }, (_, hour) => hourLabel(hour)),
    ),
    historyLength: by(
      ({ historyLength }) => rangeLabel(LENGTHS, historyLength, ''),
      LENGTHS.map((least) => rangeLabel(LENGTHS, least, '')),
    ),
    itemAge: by(
      ({ itemAgeMs }) => (itemAgeMs === null ? 'unborn' : rangeLabel(AGES_HOURS, itemAgeMs / HOUR_MS, ' h')),
      ['unborn', ...AGES_HOURS.map((least) => rangeLabel(AGES_HOURS, least, ' h'))],
    ),
    region: by(
      ({ region }) => (regions.includes(region ?? 'none') ? (region ?? 'none') : 'others'),
      [...regions, 'others'],
    ),
  };
}

function bucket(
  label: string,
  members: readonly Judged[],
  shown: readonly string[],
  systems: readonly string[],
): Bucket {
  const hr = shown.map((name) => {
    const system = systems.indexOf(name);
    return [name, meanOf(members.map(({ ranks }) => METRICS.hr(ranks[system]!)))];
  });
  return { label, n: members.length, hr: Object.fromEntries(hr) as Record<string, number> };
}

function hourOf({ at }: Judged): string {
  return hourLabel(new Date(at).getUTCHours());
}

function hourLabel(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** The range of `bounds` that the value falls into: `3–4`, `50+`. */
function rangeLabel(bounds: readonly number[], value: number, unit: string): string {
  const at = bounds.findLastIndex((least) => least <= Math.max(0, value));
  const next = bounds[at + 1];
  const least = bounds[at]!;
  if (next === undefined) return `${least}+${unit}`;
  return unit === '' && next - 1 === least ? `${least}` : `${least}–${unit === '' ? next - 1 : next}${unit}`;
}

function busiest(rows: readonly Judged[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { region } of rows) counts.set(region ?? 'none', (counts.get(region ?? 'none') ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, REGIONS)
    .map(([region]) => region);
}
