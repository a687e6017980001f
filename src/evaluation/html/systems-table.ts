/** How each system did on one slice. */
import { type Interval } from '../../math/bootstrap.js';
import { type SliceFigures, type SystemFigures } from '../report.js';
import { percent, rate, rateRange, whole } from './figures.js';
import { type Markup, markup } from './markup.js';

export function systemsTable(caption: string, { systems, n }: SliceFigures, k: number): Markup {
  const head = ['system', `HR@${k}`, `NDCG@${k}`, `MRR@${k}`, 'coverage', 'mean popularity', 'novelty'];
  return markup`<div class="wide"><table class="systems"><caption>${caption}; 95 % intervals below each figure</caption>
<thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${Object.entries(systems).map(([name, figures]) => row(name, figures, n))}</tbody></table></div>
`;
}

function row(name: string, figures: SystemFigures, lists: number): Markup {
  const { hr, ndcg, mrr, hrInterval, ndcgInterval, mrrInterval, coverage, meanPopularity, novelty } = figures;
  const measure = (value: number, interval: Interval): Markup =>
    markup`<td>${rate(value)}<small>${rateRange(interval)}</small></td>`;
  const of = figures.n === lists ? '' : markup` <small>of ${whole(figures.n)} lists</small>`;
  const plain = [percent(coverage), whole(meanPopularity), novelty.toFixed(2)];
  return markup`<tr${name === 'ensemble' ? markup` class="ensemble"` : ''}><th scope="row">${name}${of}</th>${[
    measure(hr, hrInterval),
    measure(ndcg, ndcgInterval),
    measure(mrr, mrrInterval),
  ]}${plain.map((text) => markup`<td>${text}</td>`)}</tr>\n`;
}
