import { join } from 'node:path';
import { featuresOf } from '../../../src/engine/features/featurize.js';
import { DEFAULT_STATE_SETTINGS } from '../../../src/state/state-settings.js';
import { collectRows } from '../../../src/training/ranker/collect-rows.js';
import { readRows, RowWriter } from '../../../src/training/ranker/row-files.js';
import { difficultLog, replayed } from '../../support/replay.js';
import { withFolder } from '../../support/server.js';

const NAMES = featuresOf(DEFAULT_STATE_SETTINGS).map(({ name }) => name);
const EVENTS = difficultLog(5, 400);

interface Seen {
  readonly candidates: number;
  /** Share of the clicked item as its feature says it; null where it was no candidate. */
  readonly clicked: number | null;
}

/** Rows of every list of the log, and what each list looked like. */
async function rows(folder: string, negatives: number, seed = 1) {
  const writer = await RowWriter.create(folder, NAMES);
  const add = collectRows(writer, { negatives, seed });
  const seen: Seen[] = [];
  await replayed(EVENTS, (answered) => {
    const { candidates, rankedPlaces, features } = answered.inspection;
    const place = rankedPlaces.find((at) => candidates.items[at] === answered.target);
    const share = NAMES.indexOf('share_all_1d');
    const clicked = place === undefined ? null : features(Int32Array.of(place)).values[share]!;
    seen.push({ candidates: rankedPlaces.length, clicked });
    add(answered);
  });
  const counts = await writer.close();
  return { counts, seen, ...(await readRows({ folders: [folder] })) };
}

describe('collectRows', () => {
  it('writes the clicked item and so many others of each list, and counts lists without it', () =>
    withFolder(async (folder) => {
      const { counts, seen, starts, labels, values, rows: count } = await rows(join(folder, 'rows'), 6);
      const with_ = seen.filter(({ clicked }) => clicked !== null);
      expect(counts).toMatchObject({ queries: with_.length, missed: seen.length - with_.length });
      expect(counts.queries).toBeGreaterThan(100);
      const share = NAMES.indexOf('share_all_1d');
      with_.forEach(({ candidates, clicked }, query) => {
        const [from, to] = [starts[query]!, starts[query + 1]!];
        expect(to - from).toBe(Math.min(candidates, 7));
        const own = [...labels.subarray(from, to)];
        expect(own.filter((label) => label === 1)).toHaveLength(1);
        expect(values[share * count + from + own.indexOf(1)]).toBe(clicked);
      });
    }));

  it('puts the clicked row at no place more often than at another', () =>
    withFolder(async (folder) => {
      const { starts, labels, counts } = await rows(join(folder, 'rows'), 3);
      const places = [0, 0, 0, 0];
      for (let query = 0; query < counts.queries; query++) {
        const own = labels.subarray(starts[query]!, starts[query + 1]!);
        if (own.length === 4) places[own.indexOf(1)]!++;
      }
      const sum = places.reduce((total, count) => total + count, 0);
      expect(sum).toBeGreaterThan(100);
      for (const count of places) expect(Math.abs(count / sum - 0.25)).toBeLessThan(0.1);
    }));

  it('draws the same rows from the same seed, and others from another', () =>
    withFolder(async (folder) => {
      const one = await rows(join(folder, 'one'), 6);
      const same = await rows(join(folder, 'same'), 6);
      const other = await rows(join(folder, 'other'), 6, 2);
      expect(same.values).toEqual(one.values);
      expect(other.values).not.toEqual(one.values);
    }));
});
