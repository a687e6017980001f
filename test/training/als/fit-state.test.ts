import { AlsModel } from '../../../src/engine/als/als-model.js';
import { AlsWorkers } from '../../../src/training/als/als-workers.js';
import { fitAls } from '../../../src/training/als/fit-als.js';
import { fitState, searchState } from '../../../src/training/als/fit-state.js';
import { stateMatrix } from '../../../src/training/als/state-matrix.js';
import { ALS_RULE, ALS_SETTINGS, BLOCKS, blockEvents, fittedParts, SIZE } from '../../support/als-state.js';
import { denseGram } from '../../support/als-world.js';
import { click, stateOf } from '../../support/state.js';

const workers = new AlsWorkers(2);
afterAll(() => workers.close());

describe('fitState', () => {
  it('gives factors from which serving folds an unchanged history in to the vector that was trained', async () => {
    const state = stateOf(blockEvents());
    const world = stateMatrix(state, ALS_RULE);
    const { users } = await fitAls(world.matrix, ALS_SETTINGS, { workers });
    const parts = await fitState(world, ALS_SETTINGS, { workers });
    const model = new AlsModel(parts!);
    expect(world.users).toHaveLength(BLOCKS * SIZE);
    world.users.forEach((owner, row) => {
      const trained = users.subarray(row * ALS_SETTINGS.factors, (row + 1) * ALS_SETTINGS.factors);
      const folded = model.foldIn(state.users.history(owner), state.items)!;
      const apart = Math.hypot(...folded.map((value, at) => value - trained[at]!));
      expect(Math.hypot(...trained)).toBeGreaterThan(0.1);
      expect(apart).toBeLessThan(1e-3 * Math.hypot(...trained));
    });
  });

  it('carries the Gram matrix of its factors and all that a fold-in needs', async () => {
    const { factors, gram, width, itemIds, ridge, weights } = await fittedParts(blockEvents(), workers);
    expect(factors).toHaveLength(itemIds.length * width);
    denseGram(factors, width, ALS_SETTINGS.unobservedWeight).forEach((value, at) =>
      expect(gram[at]).toBeCloseTo(value, 5),
    );
    const { regularisation, unobservedWeight, frequencyExponent } = ALS_SETTINGS;
    expect(ridge).toEqual({ regularisation, unobservedWeight, frequencyExponent });
    expect(weights).toBe(ALS_RULE);
  });

  it('has nothing to say of fewer than 20 users or 20 items', async () => {
    const fit = (users: number, items: number) => {
      const length = users * items;
      const events = Array.from({ length }, (_, at) => click(`u${Math.floor(at / items)}`, `i${at % items}`, at));
      return fitState(stateMatrix(stateOf(events), ALS_RULE), ALS_SETTINGS, { workers });
    };
    expect(await fit(19, 20)).toBeNull();
    expect(await fit(20, 19)).toBeNull();
    expect(await fit(20, 20)).not.toBeNull();
  });
});

describe('searchState', () => {
  it('finds settings whose vectors are no longer than a side of the matrix, the same ones again', async () => {
    const search = () =>
      searchState(stateMatrix(stateOf(blockEvents()), ALS_RULE), { workers, seed: 3, timeMs: 60_000 });
    const found = await search();
    expect(found).toMatchObject({ seed: 3 });
    expect(found!.factors).toBeLessThanOrEqual(BLOCKS * SIZE);
    expect(await search()).toEqual(found);
  });

  it('searches nothing where there are too few data', async () => {
    const world = stateMatrix(stateOf([click('a', 'x', 0)]), ALS_RULE);
    expect(await searchState(world, { workers, seed: 3, timeMs: 1_000 })).toBeNull();
  });
});
