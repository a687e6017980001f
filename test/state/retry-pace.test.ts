import { RetryPace } from '../../src/state/retry-pace.js';

describe('RetryPace', () => {
  it('tries again after twice as long each time, up to a bound, and at once after a success', async () => {
    let now = 0;
    let works = false;
    const pace = new RetryPace({ clock: () => now, firstMs: 2, mostMs: 8 });
    const tried: number[] = [];
    const attempt = (): Promise<string> => {
      tried.push(now);
      return works ? Promise.resolve('done') : Promise.reject(new Error(`failed at ${now}`));
    };
    for (; now < 30; now++) {
      const last = [...tried];
      const failed = await pace.run(attempt).catch((error: Error) => error.message);
      expect(failed).toBe(`failed at ${tried.at(-1)}`);
      expect(tried.length - last.length).toBeLessThan(2);
    }
    expect(tried).toEqual([0, 2, 6, 14, 22]);
    works = true;
    expect([await pace.run(attempt), await pace.run(attempt)]).toEqual(['done', 'done']);
    works = false;
    await pace.run(attempt).catch(() => undefined);
    now += 2;
    await pace.run(attempt).catch(() => undefined);
    expect(tried.slice(5)).toEqual([30, 30, 30, 32]);
  });

  it('takes a message for new once, until it has succeeded', async () => {
    const pace = new RetryPace({ clock: () => 0 });
    expect(['a', 'a', 'b'].map((message) => pace.isNew(message))).toEqual([true, false, true]);
    await pace.run(() => Promise.resolve());
    expect(pace.isNew('a')).toBe(true);
  });
});
