import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from '../src/artifacts/files-snapshot-store.js';
import { type SnapshotStore } from '../src/artifacts/snapshot-store.js';
import { createEngine, type Engine } from '../src/engine/recommend.js';
import { BUILT_IN_SCENARIOS } from '../src/engine/scenario.js';
import { snapshotFiles } from '../src/engine/snapshot-files.js';
import { SnapshotKeeper, type SnapshotKeeperParts } from '../src/snapshot-keeper.js';
import { ensembleOf } from './support/ensembles.js';
import { publishFitted, weightsOf } from './support/fitted.js';
import { withFolder } from './support/server.js';
import { draft } from './support/snapshots.js';
import { click, NOON, stateOf } from './support/state.js';

interface Kept {
  readonly keeper: SnapshotKeeper;
  readonly store: SnapshotStore;
  readonly engine: Engine;
  readonly folder: string;
  readonly told: string[];
  readonly swaps: (string | null)[];
}

const state = () => stateOf(['a', 'b', 'c', 'd'].flatMap((item, at) => [click('u', item, at), click('v', item, at)]));

/** A keeper over a store in a folder of its own. */
async function withKeeper(run: (kept: Kept) => Promise<void>, rest: Partial<SnapshotKeeperParts> = {}): Promise<void> {
  await withFolder(async (folder) => {
    const store = new FilesSnapshotStore(folder);
    const told: string[] = [];
    const swaps: (string | null)[] = [];
    const engine = createEngine({ clock: () => 0 });
    const keeper = new SnapshotKeeper({
      store,
      engine,
      state: state(),
      scenario: BUILT_IN_SCENARIOS[0]!,
      now: () => NOON,
      clock: () => performance.now(),
      rankersKeptMs: 60_000,
      onProblem: (message) => told.push(message),
      onSwap: (snapshot) => swaps.push(snapshot?.id ?? null),
      ...rest,
    });
    await run({ keeper, store, engine, folder, told, swaps });
    await keeper.close();
  });
}

const pathOf = ({ folder }: Kept, id: string, file = ''): string => join(folder, 'main', id, file);
async function looks({ keeper }: Kept, times: number): Promise<void> {
  for (let look = 0; look < times; look++) await keeper.look();
}

describe('the keeper of the snapshot being served', () => {
  it('serves none from an empty store, and says so of nothing', () =>
    withKeeper(async (kept) => {
      await kept.keeper.look();
      expect(kept.keeper.snapshot).toBeNull();
      expect(kept.keeper.problem).toBeNull();
      expect(kept.told).toEqual([]);
    }));

  it('puts LATEST into use, and the next one once it is LATEST', () =>
    withKeeper(async (kept) => {
      const first = await publishFitted(kept.store, 1);
      await looks(kept, 2);
      expect(kept.keeper.snapshot!.id).toBe(first);
      const second = await publishFitted(kept.store, 2);
      await looks(kept, 2);
      expect(kept.keeper.snapshot!.id).toBe(second);
      expect(kept.swaps).toEqual([first, second]);
    }));

  it('reads what is in use only once', () =>
    withKeeper(async (kept) => {
      await publishFitted(kept.store, 1);
      const reads = jest.spyOn(kept.store, 'read');
      await looks(kept, 5);
      expect(reads).toHaveBeenCalledTimes(1);
    }));

  it('makes lists for recent readers and a cold one before anybody sees the snapshot', () =>
    withKeeper(async (kept) => {
      await publishFitted(kept.store, 1);
      const asked: (string | null)[] = [];
      const recommend = kept.engine.recommend.bind(kept.engine);
      jest.spyOn(kept.engine, 'recommend').mockImplementation((queries, live, snapshot) => {
        asked.push(...queries.map(({ userId }) => userId));
        expect(snapshot).not.toBeNull();
        expect(kept.keeper.snapshot).toBeNull();
        return recommend(queries, live, snapshot);
      });
      await kept.keeper.look();
      expect(asked).toEqual([null, 'v', 'u']);
      expect(kept.keeper.snapshot).not.toBeNull();
    }));

  const AGE = (low: number) => ensembleOf([{ feature: 'age', threshold: 3, low, high: 0 }], ['share_all_3m', 'age']);

  it('explains lists of a snapshot that is out of use for as long as lists are kept, and one that is back in use', async () => {
    let now = 0;
    const kept = async ({ keeper, store }: Kept): Promise<void> => {
      const ids = [];
      for (const n of [1, 2]) {
        ids.push(await publishFitted(store, n, { ranker: AGE(n) }));
        await keeper.look();
      }
      const [first, second] = ids as [string, string];
      expect(keeper.rankerOf(first)!.ensemble).toEqual(AGE(1));
      expect(keeper.rankerOf(second)!.ensemble).toEqual(AGE(2));
      expect(keeper.rankerOf('never-seen')).toBeNull();

      await store.rollback();
      await keeper.look();
      expect(keeper.snapshot!.id).toBe(first);
      expect(keeper.rankerOf(second)!.ensemble).toEqual(AGE(2));

      now += 60_001;
      const third = await publishFitted(store, 3);
      await keeper.look();
      expect(keeper.snapshot!.id).toBe(third);
      expect(keeper.rankerOf(second)).toBeNull();
      expect(keeper.rankerOf(first)!.ensemble).toEqual(AGE(1));
      expect(keeper.rankerOf(third)).toBeNull();
    };
    await withKeeper(kept, { clock: () => now });
  });

  it('refuses a ranker that asks for what there is not, also where no list of the default scenario would show it', () =>
    withKeeper(
      async (kept) => {
        const good = await publishFitted(kept.store, 1);
        await kept.keeper.look();
        await publishFitted(kept.store, 2, { ranker: ensembleOf([], ['no_such_feature']) });
        await kept.keeper.look();
        expect(kept.keeper.snapshot!.id).toBe(good);
        const message = 'the model has feature "no_such_feature" in column 0, which is not known here';
        expect(kept.keeper.problem).toMatchObject({ code: 'RANKER_FEATURES', message });
      },
      { scenario: { ...BUILT_IN_SCENARIOS[0]!, fitted: false } },
    ));

  it('stays on the last good one where the next is damaged, and says why once', () =>
    withKeeper(async (kept) => {
      const good = await publishFitted(kept.store, 1);
      await kept.keeper.look();
      const bad = await publishFitted(kept.store, 2);
      const factors = await readFile(pathOf(kept, bad, 'als-items.array'));
      factors[factors.length - 1]! ^= 1;
      await writeFile(pathOf(kept, bad, 'als-items.array'), factors);
      await looks(kept, 10);
      const message = `snapshot ${bad} has other contents in als-items.array than it was published with`;
      expect(kept.keeper.snapshot!.id).toBe(good);
      expect(kept.keeper.problem).toMatchObject({ id: bad, code: 'SNAPSHOT_CORRUPT', message });
      expect(kept.told).toEqual([`SNAPSHOT_CORRUPT: ${message}; ${good} stays in use`]);
    }));

  it('tries again what can’t be used, less and less often, and uses it once it is repaired', () =>
    withKeeper(async (kept) => {
      const id = await publishFitted(kept.store, 1);
      await rename(pathOf(kept, id, 'als-items.array'), pathOf(kept, id, '.aside'));
      const reads = jest.spyOn(kept.store, 'read');
      await looks(kept, 64);
      expect(reads).toHaveBeenCalledTimes(6);
      expect(kept.keeper.problem).toMatchObject({ id, attempts: 6 });
      expect(kept.told).toEqual([`SNAPSHOT_CORRUPT: snapshot ${id} has no file als-items.array; none is in use`]);
      await rename(pathOf(kept, id, '.aside'), pathOf(kept, id, 'als-items.array'));
      await looks(kept, 32);
      expect(kept.keeper.snapshot!.id).toBe(id);
      expect(kept.keeper.problem).toBeNull();
    }));

  it('refuses a snapshot of another format and one that is missing, each with its code', () =>
    withKeeper(async (kept) => {
      const good = await publishFitted(kept.store, 1);
      await kept.keeper.look();
      const foreign = await publishFitted(kept.store, 2);
      const manifest = await readFile(pathOf(kept, foreign, 'manifest.json'), 'utf8');
      await writeFile(
        pathOf(kept, foreign, 'manifest.json'),
        manifest.replace('"recograph-snapshot"', '"another-snapshot"'),
      );
      await kept.keeper.look();
      expect(kept.keeper.problem).toMatchObject({ id: foreign, code: 'SNAPSHOT_FOREIGN' });
      const missing = await publishFitted(kept.store, 3);
      await rm(pathOf(kept, missing), { recursive: true });
      await kept.keeper.look();
      expect(kept.keeper.problem).toMatchObject({ id: missing, code: 'SNAPSHOT_NOT_FOUND' });
      expect(kept.keeper.snapshot!.id).toBe(good);
      expect(kept.told).toHaveLength(2);
    }));

  it('refuses a snapshot that lists can’t be made with', () =>
    withKeeper(async (kept) => {
      const good = await publishFitted(kept.store, 1);
      await kept.keeper.look();
      const weights = weightsOf({ popularity: 5 as never });
      const bad = await publishFitted(kept.store, 2, { weights });
      await kept.keeper.look();
      expect(kept.keeper.snapshot!.id).toBe(good);
      expect(kept.keeper.problem).toMatchObject({ id: bad, code: 'SNAPSHOT_CORRUPT' });
      expect(kept.told[0]).toContain(`snapshot ${bad} can't be used: `);
    }));

  it('follows a rollback and forgets the problem with what was left', () =>
    withKeeper(async (kept) => {
      const first = await publishFitted(kept.store, 1);
      await kept.keeper.look();
      const second = await publishFitted(kept.store, 2);
      await kept.keeper.look();
      await publishFitted(kept.store, 3).then((third) => appendFile(pathOf(kept, third, 'als.json'), ' '));
      await kept.keeper.look();
      expect(kept.keeper.snapshot!.id).toBe(second);
      await kept.store.rollback();
      await kept.keeper.look();
      expect(kept.keeper.snapshot!.id).toBe(second);
      expect(kept.keeper.problem).toBeNull();
      await kept.store.rollback();
      await kept.keeper.look();
      expect(kept.keeper.snapshot!.id).toBe(first);
    }));

  it('uses the pinned one, whatever becomes LATEST, until it is unpinned', () =>
    withKeeper(async (kept) => {
      const first = await publishFitted(kept.store, 1);
      await kept.store.pin(first);
      const second = await publishFitted(kept.store, 2);
      await kept.keeper.look();
      expect(kept.keeper.snapshot!.id).toBe(first);
      await kept.store.unpin();
      await kept.keeper.look();
      expect(kept.keeper.snapshot!.id).toBe(second);
    }));

  it('goes on with the one in use where its files are removed, and says that they are gone', () =>
    withKeeper(async (kept) => {
      const id = await publishFitted(kept.store, 1);
      await kept.keeper.look();
      await rm(pathOf(kept, id), { recursive: true });
      await kept.keeper.look();
      expect(kept.keeper.snapshot!.id).toBe(id);
      expect(kept.keeper.problem).toMatchObject({ id, code: 'SNAPSHOT_NOT_FOUND' });
    }));

  it('goes on with the one in use where the whole store is gone, as a volume that is not mounted, and says so once', () =>
    withKeeper(async (kept) => {
      const id = await publishFitted(kept.store, 1);
      await kept.keeper.look();
      const main = join(kept.folder, 'main');
      await rename(main, `${main}-away`);
      await looks(kept, 5);
      expect(kept.keeper.snapshot!.id).toBe(id);
      const message = 'the store of snapshots is empty, and was not';
      expect(kept.keeper.problem).toMatchObject({ id: null, code: 'SNAPSHOT_NOT_FOUND', message });
      expect(kept.told).toEqual([`SNAPSHOT_NOT_FOUND: ${message}; ${id} stays in use`]);
      await rename(`${main}-away`, main);
      await kept.keeper.look();
      expect([kept.keeper.snapshot!.id, kept.keeper.problem]).toEqual([id, null]);
      expect(kept.swaps).toEqual([id]);
    }));

  it('goes on with the one in use where LATEST was lost', () =>
    withKeeper(async (kept) => {
      const id = await publishFitted(kept.store, 1);
      await kept.keeper.look();
      await rm(join(kept.folder, 'main', 'LATEST'), { recursive: true });
      await kept.keeper.look();
      expect(kept.keeper.snapshot!.id).toBe(id);
      expect(kept.keeper.problem).toMatchObject({ id: null, code: 'SNAPSHOT_CORRUPT' });
    }));

  it('lets the snapshot go where the store is there and names none', () =>
    withKeeper(async (kept) => {
      const files = snapshotFiles({ weights: weightsOf(), als: null, ranker: null });
      const { id } = await kept.store.publish(draft(1, { files }));
      await kept.store.pin(id);
      await kept.keeper.look();
      await kept.store.unpin();
      await kept.keeper.look();
      expect(kept.swaps).toEqual([id, null]);
      expect([kept.keeper.snapshot, kept.keeper.problem]).toEqual([null, null]);
    }));

  it('survives a store that can’t say what is current, and says so once', () =>
    withKeeper(async (kept) => {
      const id = await publishFitted(kept.store, 1);
      await kept.keeper.look();
      const failing = jest
        .spyOn(kept.store, 'current')
        .mockRejectedValue(Object.assign(new Error('EIO'), { code: 'EIO' }));
      await looks(kept, 3);
      expect(kept.keeper.snapshot!.id).toBe(id);
      expect(kept.keeper.problem).toMatchObject({ id: null, code: 'EIO' });
      expect(kept.told).toHaveLength(1);
      failing.mockRestore();
      await kept.keeper.look();
      expect(kept.keeper.problem).toBeNull();
    }));

  it('joins a look under way, and once closed changes nothing', () =>
    withKeeper(async (kept) => {
      await publishFitted(kept.store, 1);
      const reads = jest.spyOn(kept.store, 'read');
      await Promise.all([kept.keeper.look(), kept.keeper.look(), kept.keeper.look()]);
      expect(reads).toHaveBeenCalledTimes(1);
      await publishFitted(kept.store, 2);
      const look = kept.keeper.look();
      await kept.keeper.close();
      await look;
      expect(kept.swaps).toHaveLength(1);
    }));
});
