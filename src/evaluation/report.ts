/**
 * The report of an evaluation as data: what `--json` writes. Everything but `fold` and `serve` is the same for the same
 * events, settings and seed, byte by byte.
 */
import { type Random, seededRandom } from '../math/random.js';
import { type SourceName, SOURCE_NAMES } from '../engine/stage-name.js';
import { bootstrap, type Difference, type Interval, meanOf, type Resampled } from '../math/bootstrap.js';
import { type Breakdown, breakdowns, type Bucket } from './breakdowns.js';
import { METRIC_NAMES, type MetricName, METRICS } from '../math/list-metrics.js';
import { systemName } from './systems.js';
import { type Judged, type SliceName, SLICES, type Tally } from './tally.js';

export interface SystemFigures {
  /** Lists that it was judged on: fewer than the slice has where it was off for some and asked only for a sample. */
  readonly n: number;
  readonly hr: number;
  readonly ndcg: number;
  readonly mrr: number;
  readonly hrInterval: Interval;
  readonly ndcgInterval: Interval;
  readonly mrrInterval: Interval;
  readonly coverage: number;
  readonly meanPopularity: number;
  readonly novelty: number;
}

type Differences = Readonly<Record<string, { readonly hr: Difference; readonly ndcg: Difference }>>;

export interface SliceFigures {
  readonly n: number;
  readonly users: number;
  /** Those that were asked for a list at all. */
  readonly systems: Readonly<Record<string, SystemFigures>>;
}

export interface SliceDifferences {
  /** Each system less live popularity. */
  readonly overLivePopularity: Differences;
  /** The ensemble less each other system. */
  readonly ensembleOver: Differences;
}

export interface Quality {
  readonly slices: Readonly<Record<SliceName, SliceFigures>>;
  readonly differences: Readonly<Record<SliceName, SliceDifferences>>;
  /** The blend without each source, over all queries: what is lost by taking it out. */
  readonly ablation: Readonly<
    Record<string, { readonly hr: number; readonly ndcg: number; readonly lostHr: Difference }>
  >;
  readonly breakdowns: Readonly<Record<Breakdown, readonly Bucket[]>>;
}

const REFERENCE = 'livePopularity';
const ENSEMBLE = 'ensemble';

/** @param catalogue number of items at the end; @param seed of the bootstrap */
export function quality(tally: Tally, { catalogue, seed }: { catalogue: number; seed: number }): Quality {
  const bySlice = SLICES.map((slice) => [slice, sliceQuality(tally, slice, { catalogue, seed })] as const);
  const pick = <Part>(part: (one: SliceQuality) => Part): Record<SliceName, Part> =>
    Object.fromEntries(bySlice.map(([slice, one]) => [slice, part(one)])) as Record<SliceName, Part>;
  return {
    slices: pick(({ figures }) => figures),
    differences: pick(({ differences }) => differences),
    ablation: ablation(tally, seed),
    breakdowns: breakdowns(
      tally.judged,
      tally.systems.filter((_, system) => tally.isComplete(system)),
      tally.systems,
    ),
  };
}

interface SliceQuality {
  readonly figures: SliceFigures;
  readonly differences: SliceDifferences;
}

function sliceQuality(
  tally: Tally,
  slice: SliceName,
  { catalogue, seed }: { catalogue: number; seed: number },
): SliceQuality {
  const { systems } = tally;
  const rows = tally.rows(slice);
  const [ensemble, reference] = [systems.indexOf(ENSEMBLE), systems.indexOf(REFERENCE)];
  const random = (): Random => seededRandom(seed, SLICES.indexOf(slice));
  // What was asked for every list shares its draws; each of the others is drawn over its own lists, beside the two that it is set against.
  const complete = systems.flatMap((_, system) => (tally.isComplete(system) ? system : []));
  const shared = resampledOf(complete, rows, random());
  const asked = systems.flatMap((name, system): [string, number, SystemDraws][] => {
    if (tally.isComplete(system)) return [[name, system, shared]];
    const own = tally.rowsOf(system, slice);
    const ever = tally.rowsOf(system, 'all').length > 0;
    return ever ? [[name, system, resampledOf([system, ensemble, reference], own, random())]] : [];
  });
  const figuresOf = (system: number, { n, resampled, columnOf }: SystemDraws): SystemFigures => {
    const at = (metric: MetricName): number => columnOf(system, metric);
    const list = tally.lists(system, slice);
    return {
      n,
      hr: resampled.mean(at('hr')),
      ndcg: resampled.mean(at('ndcg')),
      mrr: resampled.mean(at('mrr')),
      hrInterval: resampled.interval(at('hr')),
      ndcgInterval: resampled.interval(at('ndcg')),
      mrrInterval: resampled.interval(at('mrr')),
      coverage: list.coverage(catalogue),
      meanPopularity: list.meanPopularity,
      novelty: list.novelty,
    };
  };
  const difference = (one: number, other: number, { resampled, columnOf }: SystemDraws): Differences[string] => {
    const of = (metric: 'hr' | 'ndcg'): Difference =>
      resampled.difference(columnOf(one, metric), columnOf(other, metric));
    return { hr: of('hr'), ndcg: of('ndcg') };
  };
  const against = (pairOf: (system: number, draws: SystemDraws) => Differences[string], less: number): Differences =>
    Object.fromEntries(
      asked.flatMap(([name, system, draws]) => (system === less ? [] : [[name, pairOf(system, draws)]])),
    );
  return {
    figures: {
      n: rows.length,
      users: new Set(rows.map(({ userId }) => userId)).size,
      systems: Object.fromEntries(asked.map(([name, system, draws]) => [name, figuresOf(system, draws)])),
    },
    differences: {
      overLivePopularity: against((system, draws) => difference(system, reference, draws), reference),
      ensembleOver: against((system, draws) => difference(ensemble, system, draws), ensemble),
    },
  };
}

/** Resamples of some systems over the same lists. */
interface SystemDraws {
  readonly n: number;
  readonly resampled: Resampled;
  columnOf(system: number, metric: MetricName): number;
}

function resampledOf(systems: readonly number[], rows: readonly Judged[], random: Random): SystemDraws {
  const columns = systems.flatMap((system) =>
    METRIC_NAMES.map((metric) => Float64Array.from(rows, ({ ranks }) => METRICS[metric](ranks[system]!))),
  );
  const users = rows.map(({ userId }) => userId);
  return {
    n: rows.length,
    resampled: bootstrap(users, columns, random),
    columnOf: (system, metric) => systems.indexOf(system) * METRIC_NAMES.length + METRIC_NAMES.indexOf(metric),
  };
}

function ablation({ judged, systems }: Tally, seed: number): Quality['ablation'] {
  const blend = Float64Array.from(judged, ({ ranks }) => METRICS.hr(ranks[systems.indexOf('blend')]!));
  const hits = SOURCE_NAMES.map((_, source) =>
    Float64Array.from(judged, ({ ablated }) => METRICS.hr(ablated[source]!)),
  );
  const users = judged.map(({ userId }) => userId);
  const resampled = bootstrap(users, [blend, ...hits], seededRandom(seed, SLICES.length));
  const without = (name: SourceName, source: number): [string, Quality['ablation'][string]] => {
    const ndcg = meanOf(judged.map(({ ablated }) => METRICS.ndcg(ablated[source]!)));
    const lostHr = resampled.difference(0, source + 1);
    return [systemName(name), { hr: resampled.mean(source + 1), ndcg, lostHr }];
  };
  return Object.fromEntries(SOURCE_NAMES.map(without));
}
