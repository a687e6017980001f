/**
 * The report of an evaluation as data: what `--json` writes. Everything but `fold` and `serve` is the same for the same
 * events, settings and seed, byte by byte.
 */
import { seededRandom } from '../math/random.js';
import { type SourceName, SOURCE_NAMES } from '../engine/stage-name.js';
import { bootstrap, type Difference, type Interval, meanOf } from '../math/bootstrap.js';
import { type Breakdown, breakdowns, type Bucket } from './breakdowns.js';
import { METRIC_NAMES, METRICS } from '../math/list-metrics.js';
import { systemName } from './systems.js';
import { type SliceName, SLICES, type Tally } from './tally.js';

export interface SystemFigures {
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
    breakdowns: breakdowns(tally.judged, tally.systems),
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
  const columns = systems.flatMap((_, system) =>
    METRIC_NAMES.map((metric) => Float64Array.from(rows, ({ ranks }) => METRICS[metric](ranks[system]!))),
  );
  const columnOf = (system: number, metric: (typeof METRIC_NAMES)[number]): number =>
    system * METRIC_NAMES.length + METRIC_NAMES.indexOf(metric);
  const users = rows.map(({ userId }) => userId);
  const resampled = bootstrap(users, columns, seededRandom(seed, SLICES.indexOf(slice)));
  const figuresOf = (system: number): SystemFigures => {
    const at = (metric: (typeof METRIC_NAMES)[number]): number => columnOf(system, metric);
    const list = tally.lists[slice][system]!;
    return {
      n: rows.length,
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
  const difference = (one: number, other: number): Differences[string] => {
    const of = (metric: 'hr' | 'ndcg'): Difference =>
      resampled.difference(columnOf(one, metric), columnOf(other, metric));
    return { hr: of('hr'), ndcg: of('ndcg') };
  };
  const against = (pairOf: (system: number) => Differences[string], less: string): Differences =>
    Object.fromEntries(systems.flatMap((name, system) => (name === less ? [] : [[name, pairOf(system)]])));
  const [ensemble, reference] = [systems.indexOf(ENSEMBLE), systems.indexOf(REFERENCE)];
  return {
    figures: {
      n: rows.length,
      users: new Set(users).size,
      systems: Object.fromEntries(systems.map((name, system) => [name, figuresOf(system)])),
    },
    differences: {
      overLivePopularity: against((system) => difference(system, reference), REFERENCE),
      ensembleOver: against((system) => difference(ensemble, system), ENSEMBLE),
    },
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
