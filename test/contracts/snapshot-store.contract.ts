/** What every backend of the snapshot store must do; each backend's test file runs it with its own way of opening one. */
import { type SnapshotStore } from '../../src/artifacts/snapshot-store.js';
import { CREATED_AT, draft } from '../support/snapshots.js';

/** Defines the suite. `withStores` gives two stores over one empty place. */
export function snapshotStoreContract(
  withStores: (run: (store: SnapshotStore, other: SnapshotStore) => Promise<void>) => Promise<void>,
): void {
  const publish = async (store: SnapshotStore, n: number): Promise<string> => (await store.publish(draft(n))).id;
  /** Publishes so many, each LATEST in its turn; their ids, oldest first. */
  const fill = async (store: SnapshotStore, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      ids.push(await publish(store, n));
      await store.moveLatest(ids.at(-2) ?? null, ids.at(-1)!);
    }
    return ids;
  };
  const flagged = async (store: SnapshotStore, flag: 'latest' | 'pinned' | 'earlier'): Promise<string[]> =>
    (await store.list()).filter((entry) => entry[flag]).map(({ id }) => id);

  it('is empty at first', () =>
    withStores(async (store) => {
      expect(await store.list()).toEqual([]);
      expect(await store.current()).toBeNull();
      expect(await store.latest()).toBeNull();
      expect(await store.prune(1)).toEqual([]);
    }));

  it('gives back what was published, in any other store of the place', () =>
    withStores(async (store, other) => {
      const given = draft(0);
      const manifest = await store.publish(given);
      const { files, ...rest } = given;
      expect(manifest).toMatchObject({ ...rest, format: 'recograph-snapshot', version: 1, tenant: 'main' });
      const read = await other.read(manifest.id);
      expect(read.manifest).toEqual(manifest);
      expect([...read.files.keys()]).toEqual([...files.keys()]);
      for (const [name, bytes] of files) {
        expect(Buffer.compare(read.files.get(name)!, bytes)).toBe(0);
        expect(read.files.get(name)!.byteOffset).toBe(0);
      }
      expect(await other.manifest(manifest.id)).toEqual(manifest);
    }));

  it('lists the newest first', () =>
    withStores(async (store) => {
      const ids = [await publish(store, 1), await publish(store, 3), await publish(store, 2)];
      const listed = await store.list();
      expect(listed.map(({ id }) => id)).toEqual([ids[1], ids[2], ids[0]]);
      expect(listed.map(({ manifest }) => manifest!.createdAt - CREATED_AT)).toEqual([180_000, 120_000, 60_000]);
      expect(listed.map(({ problem }) => problem)).toEqual([null, null, null]);
    }));

  it('keeps snapshots of the same millisecond apart', () =>
    withStores(async (store) => {
      const ids = await Promise.all(Array.from({ length: 5 }, () => publish(store, 0)));
      expect(new Set(ids).size).toBe(5);
      expect(await store.list()).toHaveLength(5);
    }));

  it('refuses a draft that could not be read back, and keeps nothing of it', () =>
    withStores(async (store) => {
      for (const [changes, reason] of [
        [{ metrics: { hr: NaN } }, 'expected finite numbers by name'],
        [{ dataUntil: 0 }, '"dataFrom" is after "dataUntil"'],
        [{ files: new Map([['../x', new Uint8Array()]]) }, '"../x" can\'t be the name of a file'],
        [{ files: new Map([['manifest.json', new Uint8Array()]]) }, "can't be the name of a file"],
      ] as const) {
        await expect(store.publish(draft(0, changes))).rejects.toThrow(reason);
      }
      expect(await store.list()).toEqual([]);
    }));

  describe('LATEST', () => {
    it('is not moved by publishing', () =>
      withStores(async (store) => {
        await publish(store, 0);
        expect(await store.current()).toBeNull();
      }));

    it('moves only from where it is expected', () =>
      withStores(async (store, other) => {
        const [first, second] = [await publish(store, 0), await publish(store, 1)];
        expect(await store.moveLatest(second, first)).toBe(false);
        expect(await store.moveLatest(null, first)).toBe(true);
        expect(await other.moveLatest(null, second)).toBe(false);
        expect(await other.latest()).toBe(first);
        expect(await other.moveLatest(first, second)).toBe(true);
        expect([await store.latest(), await store.current()]).toEqual([second, second]);
        expect(await flagged(store, 'latest')).toEqual([second]);
        expect(await flagged(store, 'earlier')).toEqual([first]);
      }));

    it('is moved by exactly one of many that start from the same place', () =>
      withStores(async (store, other) => {
        const ids = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => publish(store, n)));
        const moved = await Promise.all(ids.map((id, at) => (at % 2 ? store : other).moveLatest(null, id)));
        expect(moved.filter(Boolean)).toHaveLength(1);
        expect(await store.latest()).toBe(ids[moved.indexOf(true)]);
      }));

    it('never moves to a snapshot that is not there', () =>
      withStores(async (store) => {
        const absent = '20171014T060000000Z-00000000';
        await expect(store.moveLatest(null, absent)).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
        expect(await store.latest()).toBeNull();
      }));
  });

  describe('pin', () => {
    it('holds readers at a snapshot while LATEST moves on, until it is taken out', () =>
      withStores(async (store, other) => {
        const [first, second] = await fill(store, 2);
        await store.pin(first!);
        expect(await other.current()).toBe(first);
        const third = await publish(store, 2);
        await other.moveLatest(second!, third);
        expect([await other.current(), await other.latest()]).toEqual([first, third]);
        expect(await flagged(other, 'pinned')).toEqual([first]);
        await other.unpin();
        expect(await store.current()).toBe(third);
        await store.unpin();
        expect(await flagged(store, 'pinned')).toEqual([]);
      }));

    it('of a snapshot that is not there is refused, and the one before stays', () =>
      withStores(async (store) => {
        const [first] = await fill(store, 1);
        await store.pin(first!);
        await expect(store.pin('20171014T060000000Z-00000000')).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
        expect(await flagged(store, 'pinned')).toEqual([first]);
      }));
  });

  describe('rollback', () => {
    it('goes back step by step and never to one that was rolled back from', () =>
      withStores(async (store) => {
        const [first, second, third] = await fill(store, 3);
        expect(await store.rollback()).toBe(second);
        expect(await store.latest()).toBe(second);
        const fourth = await publish(store, 3);
        await store.moveLatest(second!, fourth);
        expect(await store.rollback()).toBe(second);
        expect(await store.rollback()).toBe(first);
        await expect(store.rollback()).rejects.toMatchObject({ code: 'SNAPSHOT_NO_PREVIOUS' });
        expect(await store.latest()).toBe(first);
        expect(await store.moveLatest(first!, third!)).toBe(true);
      }));

    it('is refused where LATEST was nowhere before', () =>
      withStores(async (store) => {
        await expect(store.rollback()).rejects.toMatchObject({ code: 'SNAPSHOT_NO_PREVIOUS' });
        await fill(store, 1);
        await expect(store.rollback()).rejects.toThrow('there is no earlier snapshot to roll back to');
      }));

    it('goes back as far as snapshots are kept', () =>
      withStores(async (store) => {
        const ids = await fill(store, 7);
        expect(await flagged(store, 'earlier')).toEqual(ids.slice(0, 6).reverse());
        for (let n = 5; n >= 0; n--) expect(await store.rollback()).toBe(ids[n]);
      }));

    it('leaves a pin in force', () =>
      withStores(async (store) => {
        const [first, , third] = await fill(store, 3);
        await store.pin(third!);
        await store.rollback();
        await store.rollback();
        expect([await store.latest(), await store.current()]).toEqual([first, third]);
      }));
  });

  describe('prune', () => {
    it('keeps the newest, LATEST, the pinned one and the four that one can roll back to', () =>
      withStores(async (store) => {
        const ids = await fill(store, 8);
        await store.pin(ids[0]!);
        const rejected = [await publish(store, 8), await publish(store, 9), await publish(store, 10)];
        expect(await store.prune(2)).toEqual([rejected[0], ids[2], ids[1]]);
        const left = (await store.list()).map(({ id }) => id);
        expect(left).toEqual([rejected[2], rejected[1], ...ids.slice(3).reverse(), ids[0]]);
        expect(await store.prune(2)).toEqual([]);
        await expect(store.manifest(ids[1]!)).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' });
        for (let n = 0; n < 4; n++) await store.rollback();
        expect(await store.latest()).toBe(ids[3]);
      }));

    it('by several at once removes each once', () =>
      withStores(async (store, other) => {
        const ids = await Promise.all(Array.from({ length: 6 }, (_, n) => publish(store, n)));
        const pruned = await Promise.all([store.prune(1), other.prune(1), store.prune(2)]);
        expect((await store.list()).map(({ id }) => id)).toEqual([ids[5]]);
        expect(pruned.flat().toSorted()).toEqual(ids.slice(0, 5));
      }));

    it('keeps at least one', () =>
      withStores(async (store) => {
        await expect(store.prune(0)).rejects.toThrow('keep is 0, expected a whole number from 1');
      }));
  });

  it.each(['', '..', '../main', '20171014T060000000Z-0000000g', '20171014T060000000Z-00000000/..', 'LATEST', 'a\0b'])(
    'refuses %j, which is no snapshot id',
    (id) =>
      withStores(async (store) => {
        const refused = { code: 'SNAPSHOT_BAD_ID', message: `${JSON.stringify(id)} is not a snapshot id` };
        await expect(store.manifest(id)).rejects.toMatchObject(refused);
        await expect(store.read(id)).rejects.toMatchObject(refused);
        await expect(store.moveLatest(null, id)).rejects.toMatchObject(refused);
        await expect(store.pin(id)).rejects.toMatchObject(refused);
      }),
  );
}
