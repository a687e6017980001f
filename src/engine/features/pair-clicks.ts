/**
 * What is clicked next after the last item read, and together with it and with the ones read before: the ln of the
 * probabilities at each half-life, against the item's share among all clicks, and how much is known at the last item.
 */
import { type CoClicks } from '../../state/co-clicks.js';
import { type Seed } from '../query.js';
import { type Feature, type FeatureReason, type Featurizer } from './feature.js';
import { halfLifeName } from './half-life-name.js';
import { lnShare, logDenominator, NO_SHARE } from './log-share.js';

/** Half-life of co-clicks that lifts and evidence are taken at: the second one. */
const LIFT = 1;
const LAST: FeatureReason = { kind: 'ITEM_READ', items: 'LAST' };
const MOMENT: FeatureReason = { kind: 'MOMENT' };
const EARLIER: FeatureReason = { kind: 'ITEM_READ', items: 'EARLIER' };

export const pairClicks: Featurizer = {
  features({ coClickHalfLivesMs }) {
    const feature = (name: string, reason: FeatureReason, unit: string, description: string): Feature => ({
      name,
      group: 'COLLABORATIVE',
      unit,
      description,
      reason,
    });
    const halves = coClickHalfLivesMs.map(halfLifeName);
    const lift = halves[LIFT] ?? halves[0]!;
    return [
      ...halves.map((half) =>
        feature(
          `next_last_${half}`,
          LAST,
          'ln of a probability',
          `Clicked next after the last item, half-life ${half}.`,
        ),
      ),
      ...halves.map((half) =>
        feature(`co_last_${half}`, LAST, 'ln of a probability', `Clicked with the last item, half-life ${half}.`),
      ),
      ...halves.map((half) =>
        feature(
          `co_earlier_${half}`,
          EARLIER,
          'probability',
          `Clicked with the items before the last one, the later ones heavier, half-life ${half}.`,
        ),
      ),
      feature('next_lift', LAST, 'ln of a ratio', `Next-click probability over the share among all clicks (${lift}).`),
      feature('co_lift', LAST, 'ln of a ratio', `Co-click probability over the share among all clicks (${lift}).`),
      feature('next_evidence', MOMENT, 'ln of clicks', `Next clicks counted at the last item, half-life ${lift}.`),
      feature('partners', MOMENT, 'items', 'Items that the last one has co-clicks with.'),
    ];
  },

  fill({ seeds, asOf }, { items }, { state, workspace }, columns) {
    const { coClicks, popularity } = state;
    const { halfLivesMs } = coClicks;
    const halves = halfLivesMs.length;
    const [next, co, earlier] = [0, 1, 2].map((part) => columns.slice(part * halves, (part + 1) * halves));
    const [nextLift, coLift, evidence, partnerCount] = columns.slice(3 * halves);
    const [last] = seeds;
    if (last === undefined) return columns.forEach((column) => column.fill(NaN));
    for (const column of [...next!, ...co!]) column.fill(NO_SHARE);
    for (const column of earlier!) column.fill(seeds.length === 1 ? NaN : 0);

    // Places of the candidates, for a row of partners is short beside them.
    const places = workspace.candidates;
    places.reset(state.items.count);
    for (let row = 0; row < items.length; row++) places.set(items[row]!, row);
    const { partners } = coClicks;
    const { start, length } = coClicks.row(last.item);
    for (let half = 0; half < halves; half++) {
      const ends: Ends = { half, asOf, halfLifeMs: halfLivesMs[half]! };
      logColumn(next![half]!, coClicks.nextSums(half), denominator(coClicks.nextTotal(last.item, half), ends));
      logColumn(co![half]!, coClicks.coSums(half), denominator(coClicks.coTotal(last.item, half), ends));
      addEarlier(earlier![half]!, seeds, coClicks, ends);
    }
    const lift = Math.min(LIFT, halves - 1);
    const { global } = popularity;
    const middle = popularity.halfLivesMs.length >> 1;
    for (let row = 0; row < items.length; row++) {
      const share = lnShare(global, items[row]!, middle);
      nextLift![row] = next![lift]![row]! - share;
      coLift![row] = co![lift]![row]! - share;
    }
    evidence!.fill(Math.log1p(coClicks.evidence(coClicks.nextTotal(last.item, lift), lift, asOf)));
    partnerCount!.fill(length);

    function logColumn(column: Float32Array, sums: Float64Array, total: number): void {
      for (let at = start; at < start + length; at++) {
        const row = places.get(partners[at]!, -1);
        if (row !== -1) column[row] = Math.max(NO_SHARE, sums[at]! - total);
      }
    }

    function addEarlier(column: Float32Array, all: readonly Seed[], pairs: CoClicks, ends: Ends): void {
      const weights = all.slice(1).reduce((sum, { weight }) => sum + weight, 0);
      const sums = pairs.coSums(ends.half);
      for (const { item, weight } of all.slice(1)) {
        const total = denominator(pairs.coTotal(item, ends.half), ends);
        const { start: from, length: count } = pairs.row(item);
        for (let at = from; at < from + count; at++) {
          const row = places.get(partners[at]!, -1);
          if (row !== -1) column[row]! += (weight / weights) * Math.exp(sums[at]! - total);
        }
      }
    }
  },
};

interface Ends {
  readonly half: number;
  readonly asOf: number;
  readonly halfLifeMs: number;
}

function denominator(total: number, { asOf, halfLifeMs }: Ends): number {
  return logDenominator(total, asOf, halfLifeMs);
}
