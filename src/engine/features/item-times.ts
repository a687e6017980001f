/** How old an item is, how long ago it was clicked last, and how often it was shown for each click. */
import { type Feature, type Featurizer } from './feature.js';

const FEATURES: readonly Feature[] = [
  {
    name: 'age',
    group: 'TEMPORAL',
    unit: 'ln of minutes',
    description: 'Time since the item was published or, where nobody said, first seen.',
    reason: { kind: 'NEWNESS' },
  },
  {
    name: 'since_click',
    group: 'TEMPORAL',
    unit: 'ln of minutes',
    description: 'Time since the last click on the item; unknown where there was none.',
    reason: { kind: 'POPULARITY', scope: 'all' },
  },
  {
    name: 'click_rate',
    group: 'POPULARITY',
    unit: 'clicks per impression',
    description: 'Clicks on the item per impression; unknown where none was recorded.',
    reason: { kind: 'POPULARITY', scope: 'all' },
  },
];

export const itemTimes: Featurizer = {
  features: () => FEATURES,

  fill({ query: { now } }, { items }, { state: { items: catalogue } }, [age, sinceClick, clickRate]) {
    for (let row = 0; row < items.length; row++) {
      const item = items[row]!;
      const lastClick = catalogue.lastClick(item);
      const impressions = catalogue.impressionCount(item);
      age![row] = lnMinutes(now - catalogue.bornAt(item));
      sinceClick![row] = lastClick === null ? NaN : lnMinutes(now - lastClick);
      clickRate![row] = impressions === 0 ? NaN : catalogue.clickCount(item) / impressions;
    }
  },
};

/** Ln of the minutes, of one more so that none is 0; times ahead count as none. */
export function lnMinutes(ms: number): number {
  return Math.log1p(Math.max(0, ms) / 60_000);
}
