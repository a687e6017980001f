/** Hit rates by bucket, system by system, over bars of how many clicks each bucket holds. */
import { type Bucket } from '../breakdowns.js';
import { axisOf } from './axis.js';
import { figure, px, type Table } from './figure.js';
import { rate, short, tick, whole } from './figures.js';
import { type Markup, markup } from './markup.js';
import { legend, mark, type Series } from './series.js';

export interface BucketPlot {
  readonly id: string;
  readonly title: string;
  /** What the buckets are, such as `hour of the day, UTC`. */
  readonly axis: string;
  readonly buckets: readonly Bucket[];
  readonly series: readonly Series[];
  /** Whether the buckets follow each other, so that a line may join them. */
  readonly ordered: boolean;
  readonly k: number;
}

const WIDTH = 860;
const HEIGHT = 350;
const LEFT = 52;
const RIGHT = 850;
const TOP = 40;
const BOTTOM = 230;
const COUNTS_TOP = 262;
const COUNTS_BOTTOM = 304;
const LABELS = 320;
const CHARACTER = 6.6;
/** With fewer clicks than this a mark is hollow: chance says more than the system. */
const FEW = 30;

export function bucketPlot({ id, title, axis, buckets, series, ordered, k }: BucketPlot): Markup {
  const names = series.map(({ name }) => name);
  const values = buckets.flatMap(({ hr }) => names.map((name) => hr[name] ?? 0));
  const y = axisOf(values, BOTTOM, TOP);
  const band = (RIGHT - LEFT) / Math.max(1, buckets.length);
  const x = (at: number): number => LEFT + (at + 0.5) * band;
  const lines = series.map((one) => {
    const places = buckets.map(({ hr }, at) => [x(at), y.place(hr[one.name] ?? 0)] as const);
    const line = places.map(([left, top], at) => `${at === 0 ? 'M' : 'L'}${px(left)},${px(top)}`).join('');
    return markup`${ordered ? markup`<path class="${one.style} line" d="${line}"/>` : ''}${places.map(
      ([left, top], at) => mark(one, left, top, buckets[at]!.n < FEW),
    )}\n`;
  });
  const body = [
    legend(series, LEFT + 4, 14),
    y.ticks.map((value) => {
      const top = px(y.place(value));
      return markup`<path class="grid" d="M${LEFT},${top}H${RIGHT}"/><text class="end" x="${LEFT - 8}" y="${top + 4}">${tick(value)}</text>\n`;
    }),
    // What stands first in the legend is drawn last, on top.
    [...lines].reverse(),
    counts(buckets, band, x),
    labels(buckets, { band, x, ordered }),
    markup`<text class="middle" x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 6}">${axis}</text>\n`,
  ];
  const few = buckets.some(({ n }) => n < FEW) ? `; hollow marks: fewer than ${FEW} clicks` : '';
  return figure(
    { id, width: WIDTH, height: HEIGHT, title, description: describe(buckets, names), body },
    markup`<strong>${title}</strong> <span>HR@${k}, above the number of clicks n${few}</span>`,
    table(buckets, names),
  );
}

function counts(buckets: readonly Bucket[], band: number, x: (at: number) => number): Markup[] {
  const most = Math.max(1, ...buckets.map(({ n }) => n));
  const width = Math.min(28, band * 0.7);
  return [
    markup`<text class="end" x="${LEFT - 8}" y="${COUNTS_BOTTOM}">n</text>\n`,
    ...buckets.map(({ n }, at) => {
      const top = px(COUNTS_BOTTOM - (n / most) * (COUNTS_BOTTOM - COUNTS_TOP));
      const box = `M${px(x(at) - width / 2)},${COUNTS_BOTTOM}V${top}h${px(width)}V${COUNTS_BOTTOM}z`;
      return markup`<path class="count" d="${box}"/><text class="middle small" x="${px(x(at))}" y="${top - 4}">${short(n)}</text>\n`;
    }),
  ];
}

/** Labels of what follows each other may be left out where they are too dense; others are cut to the room there is. */
function labels(
  buckets: readonly Bucket[],
  { band, x, ordered }: { band: number; x: (at: number) => number; ordered: boolean },
): Markup[] {
  const longest = Math.max(...buckets.map(({ label }) => label.length), 1);
  const every = ordered ? Math.ceil(((longest + 1) * CHARACTER) / band) : 1;
  const room = ordered ? longest : Math.max(2, Math.floor(band / CHARACTER) - 1);
  return buckets.flatMap(({ label }, at) =>
    at % every === 0
      ? [
          markup`<text class="middle" x="${px(x(at))}" y="${LABELS}">${cut(label, room)}<title>${label}</title></text>\n`,
        ]
      : [],
  );
}

function cut(label: string, room: number): string {
  const characters = [...label];
  return characters.length <= room ? label : `${characters.slice(0, room - 1).join('')}…`;
}

function describe(buckets: readonly Bucket[], names: readonly string[]): string {
  const range = names.map((name) => {
    const values = buckets.map(({ hr }) => hr[name] ?? 0);
    return `${name} from ${rate(Math.min(...values))} to ${rate(Math.max(...values))}`;
  });
  return `Hit rates over ${buckets.length} buckets: ${range.join(', ')}. The table below has every figure.`;
}

function table(buckets: readonly Bucket[], names: readonly string[]): Table {
  return {
    head: ['bucket', 'n', ...names],
    rows: buckets.map(({ label, n, hr }) => [label, whole(n), ...names.map((name) => rate(hr[name] ?? 0))]),
  };
}
