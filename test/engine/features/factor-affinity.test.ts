import { AlsModel } from '../../../src/engine/als/als-model.js';
import { AlsWorkers } from '../../../src/training/als/als-workers.js';
import { blockEvents, fittedParts, snapshotWith, userId, withheldOf, itemId, SIZE } from '../../support/als-state.js';
import { featuresFor } from '../../support/features.js';
import { NOON, stateOf } from '../../support/state.js';

const workers = new AlsWorkers(1);
afterAll(() => workers.close());

it('is high for the item withheld of the reader’s block, and does not follow the scale of the fit', async () => {
  const state = stateOf(blockEvents());
  const parts = await fittedParts(blockEvents(), workers);
  const query = { userId: userId(0), now: NOON + 1e8 };
  const read = featuresFor(state, query, snapshotWith(parts));
  const own = withheldOf(0);
  const foreign = itemId(SIZE + 1);
  expect(read(own, 'als_cosine')).toBeGreaterThan(0.5);
  expect(read(own, 'als_cosine')).toBeLessThanOrEqual(1);
  expect(read(own, 'als_cosine')).toBeGreaterThan(read(foreign, 'als_cosine') + 0.3);
  expect(read(own, 'als_score')).toBeGreaterThan(read(foreign, 'als_score'));

  // Twice the factors and four times the Gram matrix give half the reader's vector, and the same products.
  const scaled = new AlsModel({
    ...parts,
    factors: parts.factors.map((value) => 2 * value),
    gram: parts.gram.map((value) => 4 * value),
    ridge: { ...parts.ridge, regularisation: parts.ridge.regularisation * 4 },
  });
  const again = featuresFor(state, query, { ...snapshotWith(null), als: scaled });
  for (const feature of ['als_cosine', 'als_score']) {
    expect(again(own, feature)).toBeCloseTo(read(own, feature), 2);
  }
});

it('is unknown without factors, for a reader without history and for an item born since the fit', async () => {
  const parts = await fittedParts(blockEvents(), workers);
  const state = stateOf([
    ...blockEvents(),
    { kind: 'interaction', type: 'CLICK', userId: 'v', itemId: 'newborn', at: NOON } as const,
  ]);
  const query = { userId: userId(0), now: NOON + 1e8 };
  expect(featuresFor(state, query)(withheldOf(0), 'als_cosine')).toBeNaN();
  expect(featuresFor(state, { now: NOON + 1e8 }, snapshotWith(parts))(itemId(1), 'als_cosine')).toBeNaN();
  expect(featuresFor(state, query, snapshotWith(parts))('newborn', 'als_score')).toBeNaN();
});
