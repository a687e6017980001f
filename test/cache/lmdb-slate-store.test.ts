import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmdbSlateStore } from '../../src/cache/lmdb-slate-store.js';
import { slateStoreContract } from '../contracts/slate-store.contract.js';

describe('LmdbSlateStore', () => {
  slateStoreContract(async (options) => {
    const folder = await mkdtemp(join(tmpdir(), 'recograph-slates-'));
    const [store, other] = [0, 1].map(() => new LmdbSlateStore<never>({ folder, ...options }));
    return {
      store: store! as never,
      other: other! as never,
      async close() {
        await store!.close();
        await other!.close();
        await rm(folder, { recursive: true });
      },
    };
  });
});
