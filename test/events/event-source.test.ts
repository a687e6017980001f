import fc from 'fast-check';
import { type Event } from '../../src/events/event.js';
import { type EventSource, logSource, readUntil } from '../../src/events/event-source.js';
import { openMemoryLog } from '../support/memory-log.js';
import { click, MINUTE, NOON } from '../support/state.js';

async function sourceOf(events: readonly Event[]): Promise<EventSource> {
  const log = openMemoryLog();
  await log.append(events);
  return logSource(log);
}

const clicks = (length: number): Event[] => Array.from({ length }, (_, at) => click(`u${at % 7}`, `i${at % 5}`, at));

describe('a log as a source', () => {
  it('ends where the log ended when it was opened', async () => {
    const log = openMemoryLog();
    await log.append(clicks(5));
    const source = await logSource(log);
    await log.append(clicks(3));
    const positions: number[] = [];
    for await (const entries of source.read(2)) positions.push(...entries.map(({ position }) => position));
    expect(positions).toEqual([3, 4, 5]);
  });

  it('keeps its name and its marks while it grows', async () => {
    const [now, later] = [await sourceOf(clicks(100)), await sourceOf(clicks(150))];
    expect(later.fingerprint).toBe(now.fingerprint);
    for (const position of [0, 1, 2, 50, 99, 100]) {
      expect(await later.markOf(position)).toBe(await now.markOf(position));
    }
    expect(await now.markOf(100)).not.toBe(await now.markOf(99));
  });

  it('has other marks from where two copies of it went apart', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 100 }), async (apart, position) => {
        const own = clicks(100);
        const copy = own.map((event, at) => (at < apart ? event : { ...event, at: event.at + 1 }));
        const [a, b] = [await sourceOf(own), await sourceOf(copy)];
        expect((await a.markOf(position)) === (await b.markOf(position))).toBe(position <= apart);
      }),
      { seed: 1 },
    ));

  it('has a name and a mark without any event', async () => {
    const empty = await sourceOf([]);
    expect(empty.fingerprint).not.toBe((await sourceOf(clicks(1))).fingerprint);
    expect(await empty.markOf(0)).toBe(await (await sourceOf(clicks(1))).markOf(0));
  });
});

describe('readUntil', () => {
  /** Clicks a minute apart, in batches of two; `read` tells how many were handed over. */
  function minutes(times: readonly number[], inTimeOrder: boolean) {
    const handed: number[] = [];
    const source = {
      inTimeOrder,
      async *read(after: number) {
        for (let start = after; start < times.length; start += 2) {
          const batch = times.slice(start, start + 2);
          handed.push(...batch);
          yield batch.map((at, index) => ({ position: start + index + 1, event: click('u', 'i', at) }));
        }
      },
    };
    return { source, handed };
  }

  async function positionsOf(source: Pick<EventSource, 'inTimeOrder' | 'read'>, until: number, after?: number) {
    const positions: number[] = [];
    for await (const entries of readUntil(source, NOON + until * MINUTE, after)) {
      positions.push(...entries.map(({ position }) => position));
    }
    return positions;
  }

  it('stops behind the moment where events come in the order of time', async () => {
    const { source, handed } = minutes([0, 1, 2, 3, 4, 5, 6, 7], true);
    expect(await positionsOf(source, 3)).toEqual([1, 2, 3, 4]);
    expect(handed).toEqual([0, 1, 2, 3]);
    expect(await positionsOf(source, 3, 2)).toEqual([3, 4]);
    expect(await positionsOf(source, 100)).toHaveLength(8);
  });

  it('reads on where a late one may follow', async () => {
    const { source } = minutes([0, 5, 6, 7, 1], false);
    expect(await positionsOf(source, 3)).toEqual([1, 2, 3, 4, 5]);
  });
});
