import { join } from 'node:path';
import { open } from 'lmdb';
import { LmdbCounters } from '../../src/limits/lmdb-counters.js';
import { withFolder } from '../support/server.js';

async function countersIn(folder: string): Promise<number> {
  const root = open({ path: folder });
  const count = root.openDB({ name: 'main/counts' }).getCount();
  await root.close();
  return count;
}

it('counts within windows of the clock, for all who opened the folder, and over a restart', async () => {
  await withFolder(async (folder) => {
    let now = 119_000;
    const clock = (): number => now;
    const options = { folder: join(folder, 'limits'), clock };
    const [one, two] = [new LmdbCounters(options), new LmdbCounters(options)];
    expect(one.add('a', 1, 60_000)).toEqual({ value: 1, endsAt: 120_000 });
    expect(two.add('a', 2, 60_000)).toEqual({ value: 3, endsAt: 120_000 });
    expect(two.add('b', 1, 60_000).value).toBe(1);
    await Promise.all([one.close(), two.close()]);
    const again = new LmdbCounters(options);
    expect(again.add('a', 1, 60_000).value).toBe(4);
    now = 120_000;
    expect(again.add('a', 1, 60_000)).toEqual({ value: 1, endsAt: 180_000 });
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

it('counts under names that are longer than a key of lmdb', async () => {
  await withFolder(async (folder) => {
    const counters = new LmdbCounters({ folder: join(folder, 'limits'), clock: () => 0 });
    const name = 'x'.repeat(1_000_000);
    counters.add(`${name}a`, 1, 1_000);
    expect(counters.add(`${name}a`, 1, 1_000).value).toBe(2);
    expect(counters.add(`${name}b`, 1, 1_000).value).toBe(1);
    await counters.close();
  });
});
