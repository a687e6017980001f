/** Paired differences with their intervals, a row each, beside a line at zero: what does not touch it is no chance. */
import { type Difference } from '../../math/bootstrap.js';
import { type Axis, axisOf } from './axis.js';
import { figure, px } from './figure.js';
import { signed, signedRange } from '../../math/signed-text.js';
import { tick } from './figures.js';
import { type Markup, markup, type Part } from './markup.js';

export interface ForestPlot {
  readonly id: string;
  readonly title: string;
  readonly caption: Part;
  /** Names of the measures, one panel each. */
  readonly measures: readonly string[];
  /** A difference of each measure. */
  readonly rows: readonly { readonly name: string; readonly differences: readonly Difference[] }[];
  /** A bar from zero to the mean, or a mark at the mean. */
  readonly bars: boolean;
}

const WIDTH = 860;
const NAMES = 124;
const FIGURES = 62;
const GAP = 26;
const TOP = 34;
const ROW = 26;
const FAR = 4;

export function forestPlot({ id, title, caption, measures, rows, bars }: ForestPlot): Markup {
  const bottom = TOP + rows.length * ROW;
  const panel = (WIDTH - NAMES) / measures.length;
  const panels = measures.map((measure, at) => {
    const left = NAMES + at * panel + GAP / 2;
    const right = NAMES + (at + 1) * panel - FIGURES - GAP / 2;
    const column = rows.map(({ differences }) => differences[at]!);
    const axis = axisOf(ends(bars ? column : near(column)), left, right);
    return [
      markup`<text class="strong" x="${px(left)}" y="14">${measure}</text>\n`,
      grid(axis, bottom),
      rows.map(({ differences }, row) => [
        one(differences[at]!, axis, TOP + (row + 0.5) * ROW, bars),
        markup`<text class="end" x="${px(right + FIGURES)}" y="${TOP + (row + 0.5) * ROW + 4}">${signed(differences[at]!.mean)}</text>\n`,
      ]),
    ];
  });
  const body = [
    rows.map(
      ({ name }, row) => markup`<text class="end" x="${NAMES - 8}" y="${TOP + (row + 0.5) * ROW + 4}">${name}</text>\n`,
    ),
    panels,
  ];
  const sentences = rows.map(
    ({ name, differences }) =>
      `${name}: ${differences.map((one, at) => `${measures[at]!} ${signed(one.mean)} (${signedRange(one)})`).join(', ')}`,
  );
  return figure(
    { id, width: WIDTH, height: bottom + 26, title, description: `${sentences.join('; ')}.`, body },
    caption,
    {
      head: ['system', ...measures.flatMap((measure) => [measure, '95 % interval'])],
      rows: rows.map(({ name, differences }) => [
        name,
        ...differences.flatMap((one) => [signed(one.mean), signedRange(one)]),
      ]),
    },
  );
}

/**
 * Those that set the scale. One system that is far off would squeeze all others together: what lies beyond a few times the
 * median does not count, and is drawn as an arrow.
 */
function near(differences: readonly Difference[]): readonly Difference[] {
  const sizes = differences.map(({ mean }) => Math.abs(mean)).sort((a, b) => a - b);
  const limit = FAR * (sizes[(sizes.length - 1) >> 1] ?? 0);
  return differences.filter(({ mean }) => Math.abs(mean) <= limit);
}

function ends(differences: readonly Difference[]): number[] {
  return differences.flatMap(({ mean, low, high }) => [mean, low, high]);
}

function grid({ ticks, place }: Axis, bottom: number): Markup[] {
  return ticks.map((value, at) => {
    const x = px(place(value));
    const labelled = ticks.length <= 5 || Math.abs(Math.round(value / (ticks[1]! - ticks[0]!))) % 2 === 0;
    const label = labelled ? markup`<text class="middle" x="${x}" y="${bottom + 18}">${tick(value)}</text>` : '';
    return markup`<path class="${value === 0 ? 'zero' : 'grid'}" d="M${x},${TOP - 8}V${bottom}"/>${label}${at === ticks.length - 1 ? '\n' : ''}`;
  });
}

/** Coloured where the interval does not hold zero, and by its sign. */
function one({ mean, low, high }: Difference, { ticks, place }: Axis, y: number, bar: boolean): Markup {
  const style = low > 0 ? 'better' : high < 0 ? 'worse' : 'same';
  const [left, right] = [px(place(ticks[0]!)), px(place(ticks.at(-1)!))];
  if (px(place(high)) > right) return markup`<path class="${style} mark" d="M${right},${y}l-9,-5v10z"/>`;
  if (px(place(low)) < left) return markup`<path class="${style} mark" d="M${left},${y}l9,-5v10z"/>`;
  const [zero, from, to, at] = [0, low, high, mean].map((value) => px(place(value))) as [
    number,
    number,
    number,
    number,
  ];
  const middle = bar
    ? markup`<path class="${style} bar" d="M${zero},${y - 7}H${at}v14H${zero}z"/>`
    : markup`<path class="${style} mark" d="M${at},${y - 4}l4,4l-4,4l-4,-4z"/>`;
  return markup`${middle}<path class="${bar ? 'whisker' : `${style} line`}" d="M${from},${y}H${to}M${from},${y - 4}v8M${to},${y - 4}v8"/>`;
}
