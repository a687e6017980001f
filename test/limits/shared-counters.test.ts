import { join } from 'node:path';
import { type Counters } from '../../src/limits/counters.js';
import { LmdbCounters } from '../../src/limits/lmdb-counters.js';
import { SharedCounters } from '../../src/limits/shared-counters.js';
import { withFolder } from '../support/server.js';

it('counts on this machine what the shared counters can’t be asked, and says so once', () =>
  withFolder(async (folder) => {
    let now = 0;
    let away = false;
    const clock = (): number => now;
    const [everywhere, own] = ['everywhere', 'own'].map(
      (name) => new LmdbCounters({ folder: join(folder, name), clock: () => 0 }),
    );
    const shared: Counters = {
      add: (name, amount, windowMs) =>
        away ? Promise.reject(new Error('it is away')) : everywhere!.add(name, amount, windowMs),
      close: () => everywhere!.close(),
    };
    const told: string[] = [];
    const counters = new SharedCounters({ shared, own: own!, onProblem: (message) => told.push(message), clock });
    const add = async (amount: number): Promise<number> => (await counters.add('a', amount, 60_000)).value;
    expect(await add(5)).toBe(5);
    away = true;
    expect([await add(1), await add(1)]).toEqual([1, 2]);
    expect(told).toEqual(['limits are counted on this machine alone: it is away']);
    away = false;
    expect(await add(1)).toBe(6);
    away = true;
    expect(await add(1)).toBe(3);
    expect(told).toHaveLength(1);
    away = false;
    now = 10_000;
    expect(await add(1)).toBe(7);
    expect(told.slice(1)).toEqual(['limits are counted for all replicas again']);
    expect(counters.countedAlone).toBe(3);
    away = true;
    await add(1);
    expect(told.slice(2)).toEqual(['limits are counted on this machine alone: it is away']);
    await counters.close();
  }));
