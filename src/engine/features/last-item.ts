/** What the item is that was read last: a reader of something everybody reads is another one than a reader of the archive. */
import { type Feature, type Featurizer } from './feature.js';
import { lnMinutes } from './item-times.js';
import { lnShare } from './log-share.js';

const FEATURES: readonly Feature[] = [
  {
    name: 'last_age',
    group: 'AFFINITY',
    unit: 'ln of minutes',
    description: 'Age of the item read last.',
    reason: { kind: 'MOMENT' },
  },
  {
    name: 'last_share',
    group: 'AFFINITY',
    unit: 'ln of a share',
    description: 'Share of the item read last among all clicks, at the middle half-life.',
    reason: { kind: 'MOMENT' },
  },
  {
    name: 'age_over_last',
    group: 'AFFINITY',
    unit: 'ln of a ratio',
    description: 'Age of the item over that of the item read last.',
    reason: { kind: 'NEWNESS' },
  },
];

export const lastItem: Featurizer = {
  features: () => FEATURES,

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
