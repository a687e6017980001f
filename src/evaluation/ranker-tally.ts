/**
 * What an evaluation learns of a learned ranker beside its lists: what each group of features brings, how much each feature
 * moves the scores, and how its scores translate to probabilities of a click.
 */
import { FEATURE_GROUPS, type FeatureGroup } from '../engine/features/feature.js';
import { type Learned } from '../engine/rankers/learned.js';
import { type FeatureMatrix } from '../engine/trees/tree-ensemble.js';
import { bootstrap, type Difference, meanOf } from '../math/bootstrap.js';
import { fitIsotonic, type IsotonicFit, isotonicValue } from '../math/isotonic.js';
import { METRICS, rankIn } from '../math/list-metrics.js';
import { seededRandom } from '../math/random.js';
import { topK } from '../math/top-k.js';
import { type Answered } from '../replay/replay.js';

/** One list in so many is ordered again without each group, and its first item explained: both take longer than the list. */
const LOOKED_INTO_EVERY = 5;
/** Groups of predictions that are set beside what happened. */
const BINS = 10;

export interface CalibrationBin {
  readonly n: number;
  readonly predicted: number;
  readonly observed: number;
}

export interface RankerFigures {
  /** Hit rate lost in the ranker's order where the features of a group are exchanged among the candidates. */
  readonly groups: Readonly<
    Record<FeatureGroup, { readonly hr: number; readonly ndcg: number; readonly lostHr: Difference }>
  >;
  /** Mean absolute contribution of each feature to the score of a first item, the largest first. */
  readonly contributions: readonly { readonly name: string; readonly group: FeatureGroup; readonly mean: number }[];
  /** From the second half of the lists, by a map that was fitted to the first half; each bin a tenth of the predictions. */
  readonly calibration: readonly CalibrationBin[];
}

export class RankerTally {
  private readonly ranks = Object.fromEntries(FEATURE_GROUPS.map((group) => [group, [] as number[]])) as Record<
    FeatureGroup,
    number[]
  >;
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
  add({ inspection: { candidates, learned }, target, state, ask }: Answered): void {
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
    for (const group of FEATURE_GROUPS) {
      const exchanged = this.exchange(learned, (column) => features[column]!.group === group, ask.target.position);
      this.ranks[group].push(rankBy(exchanged === null ? learned.scores : learned.model.score(exchanged)));
    }
    const contributions = learned.model.contributions(rowOf(learned.features, first[0]!));
    features.forEach(({ name, group }, at) => {
      const known = this.moved.get(name) ?? { group, sum: 0 };
      this.moved.set(name, { group, sum: known.sum + Math.abs(contributions?.values[at] ?? 0) });
    });
  }

  /** Null where no list was ordered by a ranker. */
  figures(): RankerFigures | null {
    if (this.lists === 0) return null;
    const { moved, users, ranks, ranksOfAll, seed } = this;
    const contributions = [...moved].map(([name, { group, sum }]) => ({ name, group, mean: sum / users.length }));
    const hits = (column: readonly number[]): number[] => column.map(METRICS.hr);
    const columns = [ranksOfAll, ...FEATURE_GROUPS.map((group) => ranks[group])];
    const resampled = bootstrap(users, columns.map(hits), seededRandom(seed));
    const groups = FEATURE_GROUPS.map((group, at) => {
      const ndcg = meanOf(ranks[group].map(METRICS.ndcg));
      return [group, { hr: resampled.mean(at + 1), ndcg, lostHr: resampled.difference(0, at + 1) }] as const;
    });
    return {
      groups: Object.fromEntries(groups) as RankerFigures['groups'],
      contributions: contributions.sort((a, b) => b.mean - a.mean),
      calibration: this.calibration(),
    };
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
