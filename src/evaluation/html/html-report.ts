/**
 * The report of an evaluation as one page that stands alone: no script, no network, drawings inline. It shows what `--json`
 * writes and computes nothing new; equal evaluations give equal pages but for the times of fold and lists.
 */
import { type Breakdown } from '../breakdowns.js';
import { type Evaluation } from '../evaluate.js';
import { type SliceDifferences } from '../report.js';
import { SLICE_TITLES } from '../slice-titles.js';
import { type SliceName, SLICES } from '../tally.js';
import { bucketPlot } from './bucket-plot.js';
import { given, time, whole } from './figures.js';
import { forestPlot } from './forest-plot.js';
import { type Markup, markup } from './markup.js';
import { rankerSection } from './ranker-section.js';
import { seriesOf } from './series.js';
import { STYLE } from './style.js';
import { systemsTable } from './systems-table.js';

const BREAKDOWNS: Readonly<Record<Breakdown, { title: string; axis: string; ordered: boolean }>> = {
  hour: { title: 'Hit rate by hour', axis: 'hour of the day, UTC', ordered: true },
  historyLength: { title: 'Hit rate by length of history', axis: 'interactions known of the reader', ordered: true },
  itemAge: {
    title: 'Hit rate by age of the clicked item',
    axis: 'time since it entered the catalogue; unborn: not in it yet',
    ordered: true,
  },
  region: { title: 'Hit rate by region', axis: 'region of the session, busiest first', ordered: false },
};

export function htmlReport(evaluation: Evaluation): string {
  const { window, queries } = evaluation;
  const title = `Evaluation: ${time(window.from)} to ${time(window.to)} UTC`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${protocol(evaluation)}
${facts(evaluation)}
${queries === 0 ? markup`<p>No click of this window was judged, so there is nothing to show.</p>` : results(evaluation)}
</main>
</body>
</html>
`;
  return page.text;
}

function protocol({ k, window, queries, slices }: Evaluation): Markup {
  const part = window.sample >= 1 ? 'every click' : `${given(window.sample)} of the clicks, chosen by a hash,`;
  return markup`<p>The log was run through the engine in its own time, and ${part} from ${time(window.from)} until before ${time(window.to)} (UTC) was to be foretold: a session’s first list was asked for at its first click on the state before it, the list for a later click at the click before it.
Each of these ${whole(queries)} lists of ${k} was made from the whole catalogue less what the reader had seen, and is a hit where it holds what was clicked next.
Intervals are 95 % bootstrap intervals over ${whole(slices.all.users)} users, and differences are paired; they compare engines on clicks that the site’s own pages brought about, and do not promise a lift.</p>`;
}

function facts({ k, scenario, window, queries, unscored, unborn, snapshots, fold, serve }: Evaluation): Markup {
  const used = Object.entries(snapshots).map(([id, count]) => `${id} (${whole(count)})`);
  const entries = [
    ['lists judged', whole(queries)],
    ['length of a list', String(k)],
    ['scenario', scenario],
    ['part of the clicks, seed', `${given(window.sample)}, ${window.seed}`],
    ['not judged: read before', whole(unscored.seen)],
    ['misses: not in the catalogue yet', whole(unborn)],
    ['snapshots, by lists', used.join(', ') || 'none'],
    ['events folded', `${whole(fold.events)} (${whole(fold.eventsPerSecond)} a second)`],
    ['lists made and judged', `${whole(serve.perSecond)} a second`],
  ] as const;
  return markup`<dl>\n${entries.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

function results(evaluation: Evaluation): Markup {
  const { k, breakdowns, ranker } = evaluation;
  const series = seriesOf(breakdowns.hour[0]?.hr ?? {});
  const plots = (Object.keys(BREAKDOWNS) as Breakdown[]).map((name) =>
    bucketPlot({ id: `by-${name}`, ...BREAKDOWNS[name], buckets: breakdowns[name], series, k }),
  );
  return markup`<nav aria-label="Parts">${SLICES.map((slice) => markup`<a href="#${slice}">${SLICE_TITLES[slice]}</a> `)}<a href="#where">where it is strong</a> <a href="#sources">what each source brings</a>${ranker === null ? '' : markup` <a href="#ranker">what the ranker goes by</a>`}</nav>
${SLICES.map((slice) => sliceSection(slice, evaluation))}
<section id="where"><h2>Where it is strong, and where not</h2>
${plots}</section>
<section id="sources"><h2>What each source brings</h2>
${ablation(evaluation)}</section>
${ranker === null ? '' : rankerSection(ranker, k)}`;
}

function sliceSection(slice: SliceName, { k, slices, differences }: Evaluation): Markup {
  const { n, users } = slices[slice];
  const title = SLICE_TITLES[slice];
  const heading = markup`<section id="${slice}"><h2>${title[0]!.toUpperCase()}${title.slice(1)}</h2>\n`;
  if (n === 0) return markup`${heading}<p>There are none in this window.</p></section>\n`;
  const { overLivePopularity, ensembleOver } = differences[slice];
  const plot = (id: string, what: string, pairs: SliceDifferences[keyof SliceDifferences]): Markup =>
    forestPlot({
      id: `${slice}-${id}`,
      title: `${what}, ${title}`,
      caption: markup`<strong>${what}</strong> <span>paired difference, 95 % interval; grey: it holds zero; arrow: off the scale</span>`,
      measures: [`HR@${k}`, `NDCG@${k}`],
      rows: Object.entries(pairs).map(([name, { hr, ndcg }]) => ({ name, differences: [hr, ndcg] })),
      bars: false,
    });
  return markup`${heading}${systemsTable(`${whole(n)} clicks of ${whole(users)} users`, slices[slice], k)}
${plot('over-live', 'Each system less live popularity', overLivePopularity)}${plot('ensemble-over', 'The ensemble less each other system', ensembleOver)}</section>
`;
}

function ablation({ k, ablation: sources }: Evaluation): Markup {
  return forestPlot({
    id: 'ablation',
    title: 'Hit rate lost without each source, all clicks',
    caption: markup`<strong>Hit rate lost without each source</strong> <span>blend less the blend without it, all clicks; to the right: it helps</span>`,
    measures: [`HR@${k} lost`],
    rows: Object.entries(sources).map(([name, { lostHr }]) => ({ name, differences: [lostHr] })),
    bars: true,
  });
}
