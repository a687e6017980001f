/** The report as lines for a terminal. */
import { type Difference } from '../math/bootstrap.js';
import { type Evaluation } from './evaluate.js';
import { signed, signedRange } from '../math/signed-text.js';
import { type RankerFigures } from './ranker-tally.js';
import { type SystemFigures } from './report.js';
import { SLICE_TITLES } from './slice-titles.js';
import { SLICES } from './tally.js';

export function evaluationTable(evaluation: Evaluation): string[] {
  const { k, window, queries, unscored, unborn, fold, serve, slices, differences, ablation } = evaluation;
  const time = (at: number): string => new Date(at).toISOString();
  const lines = [
    `${queries} lists of ${k}, for ${percent(window.sample)} of the clicks from ${time(window.from)} to ${time(window.to)}`,
    `not judged: ${unscored.seen} on items read before; judged as misses: ${unborn} on items not in the catalogue yet`,
  ];
  for (const slice of SLICES) {
    const { n, users, systems } = slices[slice];
    lines.push('', `${SLICE_TITLES[slice]}: ${n} of ${users} users`, header(k));
    for (const [name, figures] of Object.entries(systems)) lines.push(row(name, figures, n));
  }
  lines.push('', 'ensemble less each other system, all clicks:');
  for (const [name, { hr, ndcg }] of Object.entries(differences.all.ensembleOver)) {
    lines.push(`  ${name.padEnd(16)} HR ${difference(hr)}   NDCG ${difference(ndcg)}`);
  }
  lines.push('', 'blend without one source, all clicks, HR lost:');
  for (const [name, { lostHr }] of Object.entries(ablation)) lines.push(`  ${name.padEnd(16)} ${difference(lostHr)}`);
  if (evaluation.ranker !== null) lines.push(...rankerLines(evaluation.ranker));
  const rate = (value: number): string => String(Math.round(value));
  lines.push(
    '',
    `folded ${fold.events} events in ${fold.seconds.toFixed(1)} s (${rate(fold.eventsPerSecond)}/s), ` +
      `made and judged ${serve.queries} lists in ${serve.seconds.toFixed(1)} s (${rate(serve.perSecond)}/s)`,
  );
  return lines;
}

/** Features named in the table. */
const NAMED = 8;

function rankerLines({ groups, sources, contributions }: RankerFigures): string[] {
  return [
    '',
    'ranker with one group of features exchanged among the candidates, HR lost:',
    ...Object.entries(groups).map(([name, { lostHr }]) => `  ${name.padEnd(16)} ${difference(lostHr)}${worth(lostHr)}`),
    'ranker without one source, HR lost:',
    ...Object.entries(sources).map(
      ([name, { lostHr }]) => `  ${name.padEnd(16)} ${difference(lostHr)}${worth(lostHr)}`,
    ),
    'what moves its scores most, mean absolute contribution:',
    ...contributions.slice(0, NAMED).map(({ name, mean }) => `  ${name.padEnd(36)} ${mean.toFixed(4)}`),
  ];
}

/** Names what does not earn its place. */
function worth({ low }: Difference): string {
  return low > 0 ? '' : '   brings nothing that shows';
}

function header(k: number): string {
  const names = [`HR@${k}`, '95 %', `NDCG@${k}`, 'MRR', 'coverage', 'popularity', 'novelty'];
  const widths = [7, 15, 8, 7, 9, 11, 8];
  return `  ${''.padEnd(16)} ${names.map((name, at) => name.padStart(widths[at]!)).join(' ')}`;
}

function row(name: string, figures: SystemFigures, lists: number): string {
  const { hr, ndcg, mrr, hrInterval, coverage, meanPopularity, novelty } = figures;
  const interval = `${hrInterval.low.toFixed(4)}–${hrInterval.high.toFixed(4)}`;
  return (
    `  ${name.padEnd(16)} ${hr.toFixed(4).padStart(7)} ${interval.padStart(15)} ${ndcg.toFixed(4).padStart(8)} ` +
    `${mrr.toFixed(4).padStart(7)} ${percent(coverage).padStart(9)} ${meanPopularity.toFixed(0).padStart(11)} ` +
    `${novelty.toFixed(2).padStart(8)}${figures.n === lists ? '' : `  of ${figures.n} lists`}`
  );
}

function difference(of: Difference): string {
  return `${signed(of.mean)} (${signedRange(of)})`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(part < 0.1 ? 1 : 0)} %`;
}
