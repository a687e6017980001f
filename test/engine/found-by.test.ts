import { foundBy } from '../../src/engine/found-by.js';
import { type SlateSource } from '../../src/engine/slate.js';

const source = (name: SlateSource['name'], ranks: number[]): SlateSource => ({
  name,
  weight: 1,
  scores: new Float64Array(ranks.length),
  ranks: Int32Array.from(ranks),
});

const SLATE = { sources: [source('POPULARITY', [3, 1, 0]), source('ALS', [1, 0, 0])], backfilledFrom: 2 };

it('names every source that retrieved the item', () => {
  expect(foundBy(SLATE, 0)).toEqual(['POPULARITY', 'ALS']);
  expect(foundBy(SLATE, 1)).toEqual(['POPULARITY']);
});

it('names the backfill for what was filled in', () => {
  expect(foundBy(SLATE, 2)).toEqual(['BACKFILL']);
});
