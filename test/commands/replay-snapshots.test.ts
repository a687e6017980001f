import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { replaySnapshots } from '../../src/commands/replay-snapshots.js';
import { snapshotFiles } from '../../src/engine/snapshot-files.js';
import { alsParts, weightsOf } from '../support/fitted.js';
import { withFolder } from '../support/server.js';
import { CREATED_AT, draft } from '../support/snapshots.js';

const DAY = 86_400_000;
const day = (n: number): number => CREATED_AT + n * DAY;

interface Stored {
  readonly store: FilesSnapshotStore;
  readonly folder: string;
}

/** Publishes a snapshot whose data end on this day; its id. */
async function publish({ store }: Stored, n: number, accepted = true): Promise<string> {
  const files = snapshotFiles({ weights: weightsOf(), als: alsParts(['a', 'b'], { seed: n + 1 }), ranker: null });
  const gate = { accepted, reason: 'as the test says' };
  const { id } = await store.publish(draft(n, { files, dataUntil: day(n), gate }));
  return id;
}

async function makeLatest(stored: Stored, n: number): Promise<string> {
  const id = await publish(stored, n);
  await stored.store.moveLatest(await stored.store.latest(), id);
  return id;
}

const withStore = (run: (stored: Stored) => Promise<void>): Promise<void> =>
  withFolder((folder) => run({ store: new FilesSnapshotStore(folder), folder }));

function problemsOf({ store }: Stored, to: number) {
  const told: string[] = [];
  return replaySnapshots(store, to, (message) => told.push(message)).then((found) => ({ ...found, told }));
}

/** Ids of what a replay uses at noon of the first days; null: none. */
const idsAt = ({ timeline }: Awaited<ReturnType<typeof replaySnapshots>>, days: number): (string | null)[] =>
  Array.from({ length: days }, (_, n) => timeline.at(day(n) + DAY / 2)?.id ?? null);

describe('the snapshots of a replay', () => {
  it('are those that were LATEST, each from where its data end, however many there are', () =>
    withStore(async (stored) => {
      const ids: string[] = [];
      for (let n = 1; n <= 7; n++) ids.push(await makeLatest(stored, n));
      const found = await problemsOf(stored, day(100));
      expect(idsAt(found, 8)).toEqual([null, ...ids]);
      expect([found.refused, found.told]).toEqual([[], []]);
    }));

  it('are not those that a gate refused, that lost the race for LATEST, or that were rolled back from', () =>
    withStore(async (stored) => {
      const served = await makeLatest(stored, 1);
      await publish(stored, 2, false);
      await publish(stored, 3); // accepted, and another one was quicker
      await makeLatest(stored, 4);
      await stored.store.rollback();
      const next = await makeLatest(stored, 5);
      const found = await problemsOf(stored, day(100));
      expect(idsAt(found, 6)).toEqual([null, served, served, served, served, next]);
    }));

  it('are those that were pruned no more, and the others still', () =>
    withStore(async (stored) => {
      const ids: string[] = [];
      for (let n = 1; n <= 7; n++) ids.push(await makeLatest(stored, n));
      const pruned = await stored.store.prune(1);
      expect(pruned).toEqual(ids.slice(0, 2).reverse());
      const found = await problemsOf(stored, day(100));
      expect(idsAt(found, 8)).toEqual([null, null, null, ...ids.slice(2)]);
      expect(found.told).toEqual([]);
    }));

  it('leave a damaged one out, as a server stays on the one before, and say so', () =>
    withStore(async (stored) => {
      const [good, bad] = [await makeLatest(stored, 1), await makeLatest(stored, 2)];
      await writeFile(join(stored.folder, 'main', bad, 'als-items.json'), '["a",\n"c"]');
      const found = await problemsOf(stored, day(100));
      expect(idsAt(found, 3)).toEqual([null, good, good]);
      expect(found.told).toEqual([
        `snapshot ${bad} is not used: snapshot ${bad} has other contents in als-items.json than it was published with`,
      ]);
      await writeFile(join(stored.folder, 'main', bad, 'manifest.json'), '{}');
      expect((await problemsOf(stored, day(100))).told).toEqual([expect.stringContaining(`${bad} is not used`)]);
    }));

  it('refuse what knows the window, LATEST or planted beside it', () =>
    withStore(async (stored) => {
      const good = await makeLatest(stored, 1);
      const late = await makeLatest(stored, 3);
      const planted = await publish(stored, 4);
      const found = await problemsOf(stored, day(3));
      expect(idsAt(found, 5)).toEqual([null, good, good, good, good]);
      expect(found.refused.map(({ id, code }) => [id, code])).toEqual([
        [planted, 'SNAPSHOT_FROM_FUTURE'],
        [late, 'SNAPSHOT_FROM_FUTURE'],
      ]);
      expect(found.told).toHaveLength(2);
    }));

  it('are told of as unreadable where none can be read', () =>
    withStore(async (stored) => {
      const only = await makeLatest(stored, 1);
      await writeFile(join(stored.folder, 'main', only, 'als-items.json'), '["a",\n"c"]');
      const refused = {
        code: 'NO_SNAPSHOT',
        message: 'none of those in the folder given by --snapshots that are, or were, LATEST can be read',
      };
      await expect(problemsOf(stored, day(9))).rejects.toMatchObject(refused);
      await writeFile(join(stored.folder, 'main', only, 'manifest.json'), '{}');
      await expect(problemsOf(stored, day(9))).rejects.toMatchObject(refused);
    }));

  it('can’t be told where LATEST was lost', () =>
    withStore(async (stored) => {
      await makeLatest(stored, 1);
      await rm(join(stored.folder, 'main', 'LATEST'), { recursive: true });
      await expect(problemsOf(stored, day(9))).rejects.toMatchObject({ code: 'SNAPSHOT_CORRUPT' });
    }));

  it('must be some: only later ones, or only such as were never LATEST, end the command', () =>
    withStore(async (stored) => {
      await publish(stored, 1);
      await expect(problemsOf(stored, day(9))).rejects.toMatchObject({
        code: 'NO_SNAPSHOT',
        message: 'no snapshot in the folder given by --snapshots is, or was, LATEST',
      });
      await makeLatest(stored, 5);
      await expect(problemsOf(stored, day(5))).rejects.toMatchObject({ code: 'SNAPSHOT_FROM_FUTURE' });
    }));
});
