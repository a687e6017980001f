/** What the item is that was read last: a reader of something everybody reads is another one than a reader of the archive. */
import { type Feature, type Featurizer } from './feature.js';
import { lnMinutes } from './item-times.js';
import { lnShare } from './log-share.js';

export const lastItem: Featurizer = {
  features: () =>
    (
      [
        ['last_age', 'ln of minutes', 'Age of the item read last.'],
        ['last_share', 'ln of a share', 'Share of the item read last among all clicks, at the middle half-life.'],
        ['age_over_last', 'ln of a ratio', 'Age of the item over that of the item read last.'],
      ] as const
    ).map(([name, unit, description]): Feature => ({
      name,
      group: 'AFFINITY',
      unit,
      description,
      reason: { kind: 'ITEM_READ', items: 'LAST' },
    })),

  fill({ query: { now }, seeds: [last] }, { items }, { state }, [lastAge, lastShare, ageOverLast]) {
    if (last === undefined) return [lastAge, lastShare, ageOverLast].forEach((column) => column!.fill(NaN));
    const { items: catalogue, popularity } = state;
    const age = lnMinutes(now - catalogue.bornAt(last.item));
    lastAge!.fill(age);
    for (let row = 0; row < items.length; row++) {
      ageOverLast![row] = lnMinutes(now - catalogue.bornAt(items[row]!)) - age;
    }
    lastShare!.fill(lnShare(popularity.global, last.item, popularity.halfLivesMs.length >> 1));
  },
};
