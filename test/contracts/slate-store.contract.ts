/** What every backend of the slate store must do. */
import { type SlateStore } from '../../src/cache/slate-store.js';

interface Slate {
  readonly id: string;
  readonly items?: Int32Array;
  readonly scores?: Float64Array;
  readonly nested?: object;
}

export interface SlateStoreUnderTest {
  readonly store: SlateStore<Slate>;
  /** A second opening of the same store. */
  readonly other: SlateStore<Slate>;
  close(): Promise<void>;
}

export interface SlateStoreOptions {
  readonly capacity: number;
  readonly ttlMs: number;
  readonly clock: () => number;
}

export function slateStoreContract(open: (options: SlateStoreOptions) => Promise<SlateStoreUnderTest>): void {
  let opened: SlateStoreUnderTest;
  let now = 0;

  async function storeOf(capacity: number): Promise<SlateStoreUnderTest> {
    now = 0;
    opened = await open({ capacity, ttlMs: 1_000, clock: () => now });
    return opened;
  }

  afterEach(() => opened.close());

  const kept = async (store: SlateStore<Slate>, ...ids: string[]): Promise<string[]> => {
    const slates = await Promise.all(ids.map((id) => store.get(id)));
    return slates.flatMap((slate) => slate?.id ?? []);
  };

  it('gives a slate until its time is over, whoever opened the store', async () => {
    const { store, other } = await storeOf(10);
    await store.put({ id: 'a' }, ['u']);
    now = 999;
    expect(await kept(store, 'a')).toEqual(['a']);
    expect(await kept(other, 'a')).toEqual(['a']);
    now = 1_000;
    expect(await store.get('a')).toBeNull();
    expect(await other.get('a')).toBeNull();
  });

  it('gives back typed arrays and nested objects as they were', async () => {
    const { store, other } = await storeOf(10);
    const slate = {
      id: 'a',
      items: Int32Array.of(3, -1, 2 ** 31 - 1),
      scores: Float64Array.of(0.1, NaN, -0, 1e-300, Infinity),
      nested: {
        filter: { not: { excludeItems: ['é', '\u{1f600}'] } },
        empty: new Float64Array(0),
        none: null,
        list: [{ ranks: Int32Array.of(1) }],
      },
    };
    await store.put(slate, []);
    expect(await store.get('a')).toEqual(slate);
    expect(await other.get('a')).toEqual(slate);
  });

  it('does not know a slate that was never put', async () => {
    const { store } = await storeOf(10);
    expect(await store.get('a')).toBeNull();
  });

  it('drops the oldest beyond its capacity, whoever put them', async () => {
    const { store, other } = await storeOf(2);
    await store.put({ id: 'a' }, ['u']);
    await other.put({ id: 'b' }, []);
    await store.put({ id: 'c' }, []);
    expect(await kept(store, 'a', 'b', 'c')).toEqual(['b', 'c']);
    expect(await store.forget('u')).toBe(0);
  });

  it('forgets what a user owns, alone or with others, and only that, whoever put it', async () => {
    const { store, other } = await storeOf(10);
    await store.put({ id: 'a' }, ['u']);
    await store.put({ id: 'b' }, ['v']);
    await other.put({ id: 'c' }, ['v', 'u']);
    await store.put({ id: 'd' }, ['u\u0000', 'uu']);
    expect(await other.forget('u')).toBe(2);
    expect(await kept(store, 'a', 'b', 'c', 'd')).toEqual(['b', 'd']);
    expect(await store.forget('v')).toBe(1);
    expect(await store.forget('v')).toBe(0);
  });

  it('does not count an expired slate as forgotten', async () => {
    const { store } = await storeOf(10);
    await store.put({ id: 'a' }, ['u']);
    now = 1_000;
    expect(await store.forget('u')).toBe(0);
  });
}
