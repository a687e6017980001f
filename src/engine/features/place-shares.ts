/**
 * How popular an item is among first clicks of a session and among later ones, whichever of them is asked for: what
 * draws people in is not what they go on to.
 */
import { FIRST_CLICK, LATER_CLICK, type SessionPlace } from '../../state/scope.js';
import { type Feature, type Featurizer } from './feature.js';
import { halfLifeName } from './half-life-name.js';
import { logDenominator, NO_SHARE } from './log-share.js';

const PLACES = [
  { name: 'first', place: FIRST_CLICK, text: 'first clicks of a session' },
  { name: 'later', place: LATER_CLICK, text: 'later clicks of a session' },
] as const;
const SCOPE = 'position';

export const placeShares: Featurizer = {
  features({ halfLivesMs }) {
    const feature = (name: string, place: SessionPlace, unit: string, description: string): Feature => ({
      name,
      group: 'POPULARITY',
      unit,
      description,
      reason: { kind: 'POPULARITY', scope: SCOPE, place },
    });
    const halves = halfLivesMs.map(halfLifeName);
    return [
      ...PLACES.flatMap(({ name, place, text }) =>
        halves.map((half) =>
          feature(
            `${name}_${half}`,
            place,
            'ln of a share',
            `Share of the ${text}, whatever is asked for, half-life ${half}.`,
          ),
        ),
      ),
      ...halves.map((half) =>
        feature(
          `first_over_later_${half}`,
          FIRST_CLICK,
          'ln of a ratio',
          `Share of the first clicks over that of the later ones, half-life ${half}.`,
        ),
      ),
    ];
  },

  fill({ codes, asOf }, { items }, { state: { popularity, settings } }, columns) {
    const { halfLivesMs } = settings;
    const halves = halfLivesMs.length;
    const scope = settings.scopes.indexOf(SCOPE);
    PLACES.forEach(({ place }, at) => {
      const own = columns.slice(at * halves, (at + 1) * halves);
      const table = popularity.lookup(codes, place)[scope] ?? null;
      if (table === null) return own.forEach((column) => column.fill(NaN));
      const denominators = Float64Array.from(halfLivesMs, (halfLifeMs, half) =>
        logDenominator(table.logTotal(half), asOf, halfLifeMs),
      );
      table.logShares(items, denominators, NO_SHARE, own);
    });
    for (let half = 0; half < halves; half++) {
      const [first, later, ratio] = [columns[half]!, columns[halves + half]!, columns[2 * halves + half]!];
      for (let row = 0; row < ratio.length; row++) ratio[row] = first[row]! - later[row]!;
    }
  },
};
