/** What the learned ranker goes by, and what its scores mean, as part of the page. */
import { type RankerFigures } from '../ranker-tally.js';
import { percent } from './figures.js';
import { forestPlot } from './forest-plot.js';
import { type Markup, markup } from './markup.js';

/** Features named in the table. */
const NAMED = 25;

export function rankerSection({ groups, sources, contributions, calibration }: RankerFigures, k: number): Markup {
  const plot = forestPlot({
    id: 'ranker-groups',
    title: 'Hit rate lost where one group of features says nothing',
    caption: markup`<strong>Hit rate lost where one group of features says nothing</strong> <span>its values exchanged among the candidates; to the right: it helps</span>`,
    measures: [`HR@${k} lost`],
    rows: Object.entries(groups).map(([name, { lostHr }]) => ({ name, differences: [lostHr] })),
    bars: true,
  });
  const bySource = forestPlot({
    id: 'ranker-sources',
    title: 'Hit rate that the ranker loses without each source',
    caption: markup`<strong>Hit rate that the ranker loses without each source</strong> <span>without the candidates that only it found and without what it says; to the right: it helps</span>`,
    measures: [`HR@${k} lost`],
    rows: Object.entries(sources).map(([name, { lostHr }]) => ({ name, differences: [lostHr] })),
    bars: true,
  });
  return markup`<section id="ranker"><h2>What the ranker goes by</h2>
${plot}${bySource}
${table(
  `What moves the score of a first item most, of ${contributions.length} features: mean absolute contribution`,
  ['feature', 'group', 'mean'],
  contributions.slice(0, NAMED).map(({ name, group, mean }) => [name, group, mean.toFixed(4)]),
)}
${table(
  'Its scores as probabilities of a click, by isotonic regression on the first half of the lists: foretold and seen on the second',
  ['items', 'foretold', 'seen'],
  calibration.map(({ n, predicted, observed }) => [String(n), percent(predicted), percent(observed)]),
)}</section>`;
}

function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly [string, ...(readonly string[])])[],
): Markup {
  return markup`<div class="wide"><table class="systems"><caption>${caption}</caption>
<thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(([first, ...cells]) => markup`<tr><th scope="row">${first}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></div>
`;
}
