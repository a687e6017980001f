import { FEATURE_GROUPS } from '../../../src/engine/features/feature.js';
import { featuresOf } from '../../../src/engine/features/featurize.js';
import { createEngine } from '../../../src/engine/recommend.js';
import { DEFAULT_STATE_SETTINGS } from '../../../src/state/state-settings.js';
import { queryOf } from '../../support/query.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

const FEATURES = featuresOf(DEFAULT_STATE_SETTINGS);
const STATE = stateOf(
  Array.from({ length: 200 }, (_, at) =>
    click(`u${at % 23}`, `i${(at * at) % 31}`, at / 4, { context: { region: `r${at % 3}` } }),
  ),
);

describe('the list of features', () => {
  it.each(FEATURES.map((feature) => [feature.name, feature] as const))('%s says what it is', (name, feature) => {
    expect(name).toMatch(/^[a-z0-9_+]+$/);
    expect(FEATURE_GROUPS).toContain(feature.group);
    expect(feature.unit).not.toBe('');
    expect(feature.description).toMatch(/^[A-Z].{10,}\.$/);
  });

  it('names each once', () => {
    expect(new Set(FEATURES.map(({ name }) => name)).size).toBe(FEATURES.length);
  });

  it('follows the scopes and half-lives of the state', () => {
    const names = featuresOf({ ...DEFAULT_STATE_SETTINGS, scopes: ['all', 'os+position'], halfLivesMs: [5 * MINUTE] });
    expect(names.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['share_all_5m', 'share_os+position_5m', 'lift_os+position']),
    );
    expect(names.map(({ name }) => name)).not.toContain('share_region_10m');
  });
});

describe('featurize', () => {
  const query = queryOf({ userId: 'u1', context: { region: 'r1' }, now: NOON + 51 * MINUTE });
  const inspection = createEngine({ clock: () => 0 }).inspect(query, STATE, null);
  const places = Int32Array.from(inspection.candidates.items, (_, place) => place);

  it('gives each candidate the same values, whichever others it is asked with', () => {
    const all = inspection.features(places);
    const some = places.filter((place) => place % 3 === 1).reverse();
    const few = inspection.features(some);
    expect(few.rows).toBe(some.length);
    for (let column = 0; column < few.width; column++) {
      some.forEach((place, row) => {
        expect(few.values[column * few.rows + row]).toBe(all.values[column * all.rows + place]);
      });
    }
  });

  it('never gives an infinite value', () => {
    const { values } = inspection.features(places);
    expect(values.every((value) => Number.isNaN(value) || Number.isFinite(value))).toBe(true);
  });

  it('gives nothing for no candidates', () => {
    expect(inspection.features(new Int32Array(0))).toMatchObject({ rows: 0, width: FEATURES.length });
  });

  it('changes nothing in the state', () => {
    const before = inspection.features(places).values;
    expect(inspection.features(places).values).toEqual(before);
  });
});
