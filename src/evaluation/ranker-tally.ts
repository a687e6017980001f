/**
 * What an evaluation learns of a learned ranker beside its lists: what each group of features brings, how much each feature
 * moves the scores, and how its scores translate to probabilities of a click.
 */
import { type Feature, FEATURE_GROUPS, type FeatureGroup } from '../engine/features/feature.js';
import { BLEND_FEATURE, featuresOfSource } from '../engine/features/source-scores.js';
import { type Learned } from '../engine/rankers/learned.js';
import { type Inspection } from '../engine/recommend.js';
import { type SourceName, SOURCE_NAMES } from '../engine/stage-name.js';
import { type FeatureMatrix } from '../engine/trees/tree-ensemble.js';
import { bootstrap, type Difference, meanOf } from '../math/bootstrap.js';
import { fitIsotonic, type IsotonicFit, isotonicValue } from '../math/isotonic.js';
import { METRICS, rankIn } from '../math/list-metrics.js';
import { seededRandom } from '../math/random.js';
import { topK } from '../math/top-k.js';
import { type Answered } from '../replay/replay.js';
import { systemName } from './systems.js';

/** One list in so many is ordered again without each group, and its first item explained: both take longer than the list. */
const LOOKED_INTO_EVERY = 5;
/** Groups of predictions that are set beside what happened. */
const BINS = 10;

export interface CalibrationBin {
  readonly n: number;
  readonly predicted: number;
  readonly observed: number;
}

/** What is left of the ranker's order without something. */
export interface RankerAblation {
  readonly hr: number;
  readonly ndcg: number;
  readonly lostHr: Difference;
}

export interface RankerFigures {
  /** Hit rate lost in the ranker's order where the features of a group are exchanged among the candidates. */
  readonly groups: Readonly<Record<FeatureGroup, RankerAblation>>;
  /** The same without the candidates that only one source found, where what it says of the others is exchanged among them. */
  readonly sources: Readonly<Record<string, RankerAblation>>;
  /** Mean absolute contribution of each feature to the score of a first item, the largest first. */
  readonly contributions: readonly { readonly name: string; readonly group: FeatureGroup; readonly mean: number }[];
  /** From the second half of the lists, by a map that was fitted to the first half; each bin a tenth of the predictions. */
  readonly calibration: readonly CalibrationBin[];
}

type Ablation =
  { readonly kind: 'group'; readonly name: FeatureGroup } | { readonly kind: 'source'; readonly name: SourceName };

const ABLATIONS: readonly Ablation[] = [
  ...FEATURE_GROUPS.map((name) => ({ kind: 'group', name }) as const),
  ...SOURCE_NAMES.map((name) => ({ kind: 'source', name }) as const),
];

export class RankerTally {
  /** Ranks of the clicked item without each group and each source, in the order of ABLATIONS. */
  private readonly ranks: readonly number[][] = ABLATIONS.map(() => []);
  private readonly ranksOfAll: number[] = [];
  private readonly users: string[] = [];
  private readonly moved = new Map<string, { group: FeatureGroup; sum: number }>();
  private lists = 0;
  /** Of each list's first items: the softmax of the scores, and whether it was clicked; beside it the list's number. */
  private readonly shares: number[] = [];
  private readonly clicks: number[] = [];
  private readonly listOf: number[] = [];

  constructor(
    private readonly k: number,
    private readonly seed: number,
  ) {}

  /** A list that a ranker ordered. */
  add({ inspection, target, state, ask }: Answered): void {
    const { candidates, learned } = inspection;
    if (learned === null) return;
    const items = learned.places.map((place) => candidates.items[place]!);
    const first = learned.order.subarray(0, this.k);
    this.addShares(learned, first, (at) => items[at] === target);
    if (this.lists++ % LOOKED_INTO_EVERY !== 0 || first.length === 0) return;

    this.users.push(ask.target.userId);
    const rankBy = (scores: Float64Array): number =>
      rankIn(
        topK(scores, items.length, this.k, items).map((at) => items[at]!),
        target,
      );
    this.ranksOfAll.push(rankBy(learned.scores));
    const features = learned.model.features(state.settings);
    ABLATIONS.forEach((ablation, at) => {
      const without =
        ablation.kind === 'group'
          ? this.withoutGroup(learned, features, ablation.name, ask.target.position)
          : this.withoutSource(inspection, learned, ablation.name, ask.target.position);
      this.ranks[at]!.push(rankBy(without ?? learned.scores));
    });
    const contributions = learned.model.contributions(rowOf(learned.features, first[0]!));
    if (contributions === null) return;
    features.forEach(({ name, group }, at) => {
      const known = this.moved.get(name) ?? { group, sum: 0 };
      this.moved.set(name, { group, sum: known.sum + Math.abs(contributions.values[at]!) });
    });
  }

  /** Null where no list was ordered by a ranker. */
  figures(): RankerFigures | null {
    if (this.lists === 0) return null;
    const { moved, users, ranks, ranksOfAll, seed } = this;
    const contributions = [...moved].map(([name, { group, sum }]) => ({ name, group, mean: sum / users.length }));
    const hits = (column: readonly number[]): number[] => column.map(METRICS.hr);
    const resampled = bootstrap(users, [ranksOfAll, ...ranks].map(hits), seededRandom(seed));
    const of = (kind: Ablation['kind']): Record<string, RankerAblation> =>
      Object.fromEntries(
        ABLATIONS.flatMap(({ kind: own, name }, at) => {
          if (own !== kind) return [];
          const ndcg = meanOf(ranks[at]!.map(METRICS.ndcg));
          const figures = { hr: resampled.mean(at + 1), ndcg, lostHr: resampled.difference(0, at + 1) };
          return [[kind === 'group' ? name : systemName(name as SourceName), figures]];
        }),
      );
    return {
      groups: of('group') as RankerFigures['groups'],
      sources: of('source'),
      contributions: contributions.sort((a, b) => b.mean - a.mean),
      calibration: this.calibration(),
    };
  }

  private withoutGroup(
    learned: Learned,
    features: readonly Feature[],
    group: FeatureGroup,
    position: number,
  ): Float64Array | null {
    const exchanged = this.exchange(learned, (column) => features[column]!.group === group, position);
    return exchanged === null ? null : learned.model.score(exchanged);
  }

  /** Scores without what a source says, -Infinity for those that nobody else found; null where it was not asked. */
  private withoutSource(
    { candidates, slate, retrieved }: Inspection,
    learned: Learned,
    source: SourceName,
    position: number,
  ): Float64Array | null {
    const own = SOURCE_NAMES.indexOf(source);
    if (retrieved[own] === null) return null;
    const { model, places, features } = learned;
    const names = model.ensemble.featureNames;
    const said = featuresOfSource(source);
    const exchanged = this.exchange(learned, (column) => said.includes(names[column]!), position);
    const values = exchanged?.values ?? features.values.slice();
    const blend = names.indexOf(BLEND_FEATURE) * features.rows;
    const weight = slate.sources.find(({ name }) => name === source)?.weight ?? 0;
    if (blend >= 0) places.forEach((place, row) => (values[blend + row]! -= weight * candidates.scores[own]![place]!));
    const scores = model.score({ ...features, values });
    places.forEach((place, row) => {
      const others = candidates.ranks.some((ranks, at) => at !== own && ranks[place] !== 0);
      if (!others) scores[row] = -Infinity;
    });
    return scores;
  }

  /**
   * The features with the values of the wanted columns exchanged among the rows, alike in all of them (Breiman 2001, by
   * groups): what they say is lost, how they are spread is not. Null where there is nothing to exchange.
   */
  private exchange(
    { features }: Learned,
    isWanted: (column: number) => boolean,
    position: number,
  ): FeatureMatrix | null {
    const { rows, width } = features;
    const columns = Array.from({ length: width }, (_, column) => column).filter(isWanted);
    if (columns.length === 0) return null;
    const random = seededRandom(this.seed, position);
    const order = Int32Array.from({ length: rows }, (_, row) => row);
    for (let row = rows - 1; row > 0; row--) {
      const other = random.below(row + 1);
      [order[row], order[other]] = [order[other]!, order[row]!];
    }
    const values = features.values.slice();
    for (const column of columns) {
      const start = column * rows;
      order.forEach((from, row) => (values[start + row] = features.values[start + from]!));
    }
    return { rows, width, values };
  }

  private addShares({ scores }: Learned, first: Int32Array, isClicked: (at: number) => boolean): void {
    const best = scores[first[0]!]!;
    const sum = scores.reduce((total, score) => total + Math.exp(score - best), 0);
    for (const at of first) {
      this.shares.push(Math.exp(scores[at]! - best) / sum);
      this.clicks.push(isClicked(at) ? 1 : 0);
      this.listOf.push(this.lists);
    }
  }

  private calibration(): CalibrationBin[] {
    const half = this.listOf.findIndex((list) => list >= this.lists / 2);
    if (half <= 0) return [];
    const fit: IsotonicFit = fitIsotonic(this.shares.slice(0, half), this.clicks.slice(0, half));
    const later = this.shares
      .slice(half)
      .map((share, at) => ({ predicted: isotonicValue(fit, share), clicked: this.clicks[half + at]! }))
      .sort((a, b) => a.predicted - b.predicted);
    return Array.from({ length: BINS }, (_, bin) => {
      const inBin = later.slice((bin * later.length) / BINS, ((bin + 1) * later.length) / BINS);
      const mean = (of: (one: (typeof later)[number]) => number): number =>
        inBin.reduce((total, one) => total + of(one), 0) / inBin.length;
      return { n: inBin.length, predicted: mean((one) => one.predicted), observed: mean((one) => one.clicked) };
    }).filter(({ n }) => n > 0);
  }
}

/** One row of the matrix, by column. */
function rowOf({ rows, width, values }: FeatureMatrix, row: number): Float32Array {
  return Float32Array.from({ length: width }, (_, column) => values[column * rows + row]!);
}
