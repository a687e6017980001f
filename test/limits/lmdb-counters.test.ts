import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { LmdbCounters } from '../../src/limits/lmdb-counters.js';
import { countersContract } from '../contracts/counters.contract.js';
import { withFolder } from '../support/server.js';

async function countersIn(folder: string): Promise<number> {
  const root = open({ path: folder });
  const count = root.openDB({ name: 'main/counts' }).getCount();
  await root.close();
  return count;
}

describe('LmdbCounters', () => {
  countersContract(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recograph-limits-'));
    let now = 0;
    const [counters, other] = [0, 1].map(() => new LmdbCounters({ folder, clock: () => now }));
    return {
      counters: counters!,
      other: other!,
      elapse(ms) {
        now += ms;
        return Promise.resolve();
      },
      async close() {
        await Promise.all([counters!.close(), other!.close()]);
        await rm(folder, { recursive: true });
      },
    };
  });
});

it('counts within windows of the clock, and over a restart', async () => {
  await withFolder(async (folder) => {
    let now = 119_000;
    const clock = (): number => now;
    const options = { folder: join(folder, 'limits'), clock };
    const counters = new LmdbCounters(options);
    expect(counters.add('a', 3, 60_000)).toEqual({ value: 3, endsInMs: 1_000 });
    await counters.close();
    const again = new LmdbCounters(options);
    expect(again.add('a', 1, 60_000).value).toBe(4);
    now = 120_000;
    expect(again.add('a', 1, 60_000)).toEqual({ value: 1, endsInMs: 60_000 });
    await again.close();
  });
});

it('keeps no counter whose window is over', async () => {
  await withFolder(async (folder) => {
    let now = 0;
    const counters = new LmdbCounters({ folder: join(folder, 'limits'), clock: () => now });
    for (let at = 0; at < 900; at++) counters.add(`caller ${at}`, 1, 1_000);
    expect(await countersIn(join(folder, 'limits'))).toBe(900);
    now = 5_000;
    for (let at = 0; at < 1_000; at++) counters.add('one', 1, 1_000);
    expect(await countersIn(join(folder, 'limits'))).toBe(1);
    await counters.close();
  });
});
