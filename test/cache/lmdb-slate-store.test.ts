import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openLmdb } from 'lmdb';
import { LmdbSlateStore } from '../../src/cache/lmdb-slate-store.js';
import { slateStoreContract, type TestSlate } from '../contracts/slate-store.contract.js';
import { withFolder } from '../support/server.js';

/** What a value begins with: when it expires. */
const TIME_BYTES = 8;

describe('LmdbSlateStore', () => {
  slateStoreContract(async (bounds) => {
    const folder = await mkdtemp(join(tmpdir(), 'recograph-slates-'));
    let now = 0;
    const clock = (): number => now;
    const options = { folder, clock, ...bounds };
    const [store, other] = [new LmdbSlateStore<TestSlate>(options), new LmdbSlateStore<TestSlate>(options)];
    return {
      store,
      other,
      elapse(ms) {
        now += ms;
        return Promise.resolve();
      },
      async overwrite(id, change) {
        const root = openLmdb({ path: folder });
        const slates = root.openDB<Buffer, string>({ name: 'main/slates', encoding: 'binary' });
        const value = Buffer.from(slates.get(id)!);
        slates.putSync(id, Buffer.concat([value.subarray(0, TIME_BYTES), change(value.subarray(TIME_BYTES))]));
        await root.close();
      },
      async close() {
        await store.close();
        await other.close();
        await rm(folder, { recursive: true });
      },
    };
  });
});

it('gives a slate until the very millisecond at which its time is over', () =>
  withFolder(async (folder) => {
    let now = 0;
    const clock = (): number => now;
    const store = new LmdbSlateStore<TestSlate>({ folder, capacity: 10, bytes: 1_000_000, ttlMs: 1_000, clock });
    await store.put([{ slate: { id: 'a' }, owners: [] }]);
    now = 999;
    expect(await store.get(['a'])).toEqual([{ id: 'a' }]);
    now = 1_000;
    expect(await store.get(['a'])).toEqual([null]);
    await store.close();
  }));
