import { Outbox } from '../../src/telemetry/outbox.js';

/** An outbox whose deliveries end when they are told to. */
function heldOutbox(most: number): { outbox: Outbox<number>; delivered: number[][]; release: () => void } {
  const delivered: number[][] = [];
  const waiting: (() => void)[] = [];
  const outbox = new Outbox<number>({
    most,
    afterMs: 60_000,
    deliver: (items) => {
      delivered.push([...items]);
      return new Promise((resolve) => waiting.push(resolve));
    },
  });
  return { outbox, delivered, release: () => waiting.shift()!() };
}

it('delivers what was offered, together and in order', async () => {
  const { outbox, delivered, release } = heldOutbox(10);
  for (const item of [1, 2, 3]) expect(outbox.offer(item)).toBe(true);
  const flushed = outbox.flush();
  release();
  await flushed;
  expect(delivered).toEqual([[1, 2, 3]]);
});

it('takes no more than may wait, and counts what it did not take', () => {
  const { outbox } = heldOutbox(2);
  expect([1, 2, 3, 4].map((item) => outbox.offer(item))).toEqual([true, true, false, false]);
  expect(outbox.dropped).toBe(2);
});

it('takes more while a delivery is slow, and delivers one batch at a time', async () => {
  const { outbox, delivered, release } = heldOutbox(2);
  outbox.offer(1);
  void outbox.flush();
  await Promise.resolve();
  expect([2, 3, 4].map((item) => outbox.offer(item))).toEqual([true, true, false]);
  const flushed = outbox.flush();
  expect(delivered).toEqual([[1]]);
  release();
  await new Promise(setImmediate);
  expect(delivered).toEqual([[1], [2, 3]]);
  release();
  await flushed;
});

it('delivers by itself some time after the first item', async () => {
  const items = await new Promise<readonly number[]>((resolve) => {
    const outbox = new Outbox<number>({ most: 9, afterMs: 1, deliver: (some) => Promise.resolve(resolve(some)) });
    outbox.offer(7);
    // The timer alone keeps no process alive.
    setTimeout(() => undefined, 5_000).unref();
    outbox.offer(8);
  });
  expect(items).toEqual([7, 8]);
});
