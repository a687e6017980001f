/**
 * How popular an item is within every scope that fits the context: the ln of its share at each half-life, how much that
 * is above its share among all clicks, whether it rises, and how much each scope has seen.
 */
import { type StateSettings } from '../../state/state-settings.js';
import { type Feature, type Featurizer } from './feature.js';
import { halfLifeName } from './half-life-name.js';
import { logDenominator, NO_SHARE } from './log-share.js';

/** The half-life that lifts and evidence are taken at: the middle one. */
function middleOf({ halfLivesMs }: Pick<StateSettings, 'halfLivesMs'>): number {
  return halfLivesMs.length >> 1;
}

/** Columns of a scope behind its shares. */
const BESIDE_SHARES = 2;

export const popularityShares: Featurizer = {
  features(settings) {
    const { scopes, halfLivesMs } = settings;
    const middle = halfLifeName(halfLivesMs[middleOf(settings)]!);
    const shortest = halfLifeName(halfLivesMs[0]!);
    const feature = (name: string, scope: string, unit: string, description: string): Feature => ({
      name,
      group: 'POPULARITY',
      unit,
      description,
      reason: { kind: 'POPULARITY', scope },
    });
    return [
      ...scopes.flatMap((scope) => [
        ...halfLivesMs.map((halfLifeMs) => {
          const half = halfLifeName(halfLifeMs);
          const description = `Share of the clicks within ${scope}, half-life ${half}.`;
          return feature(`share_${scope}_${half}`, scope, 'ln of a share', description);
        }),
        feature(
          `rise_${scope}`,
          scope,
          'ln of a ratio',
          `Share at ${shortest} over that at ${middle} within ${scope}.`,
        ),
        feature(`evidence_${scope}`, scope, 'ln of clicks', `Clicks that ${scope} has seen, half-life ${middle}.`),
      ]),
      ...scopes
        .filter((scope) => scope !== 'all')
        .map((scope) => {
          const description = `Share within ${scope} over the share among all clicks, half-life ${middle}.`;
          return feature(`lift_${scope}`, scope, 'ln of a ratio', description);
        }),
    ];
  },

  fill({ codes, place, asOf }, { items }, { state }, columns) {
    const { popularity, settings } = state;
    const { scopes, halfLivesMs } = settings;
    const halves = halfLivesMs.length;
    const middle = middleOf(settings);
    const tables = popularity.lookup(codes, place);
    const denominators = new Float64Array(halves);
    const perScope = halves + BESIDE_SHARES;
    scopes.forEach((_, scope) => {
      const own = columns.slice(scope * perScope, (scope + 1) * perScope);
      const table = tables[scope] ?? null;
      if (table === null) return own.forEach((column) => column.fill(NaN));
      halfLivesMs.forEach((halfLifeMs, half) => {
        denominators[half] = logDenominator(table.logTotal(half), asOf, halfLifeMs);
      });
      table.logShares(items, denominators, NO_SHARE, own);
      difference(own[halves]!, own[0]!, own[middle]!);
      own[halves + 1]!.fill(Math.log1p(table.evidence(middle, asOf)));
    });

    const all = scopes.indexOf('all');
    const general = columns[all * perScope + middle]!;
    let at = scopes.length * perScope;
    scopes.forEach((_, scope) => {
      if (scope !== all) difference(columns[at++]!, columns[scope * perScope + middle]!, general);
    });
  },
};

/** difference = left - right */
function difference(column: Float32Array, left: Float32Array, right: Float32Array): void {
  for (let row = 0; row < column.length; row++) column[row] = left[row]! - right[row]!;
}
