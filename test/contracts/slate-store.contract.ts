/** What every backend of the slate store must do. */
import { encodeSlate } from '../../src/cache/slate-codec.js';
import { type SlateBounds, type SlateStore } from '../../src/cache/slate-store.js';

export interface TestSlate {
  readonly id: string;
  readonly items?: Int32Array;
  readonly scores?: Float64Array;
  readonly nested?: object;
}

export interface SlateStoreUnderTest {
  readonly store: SlateStore<TestSlate>;
  /** A second opening of the same store. */
  readonly other: SlateStore<TestSlate>;
  /** Lets so much of the slates' time pass, ms. */
  elapse(ms: number): Promise<void>;
  /** Writes over the slate, as a writer that is none of ours or was cut off does. */
  overwrite(id: string, change: (bytes: Buffer) => Buffer): Promise<void>;
  close(): Promise<void>;
}

const TTL_MS = 600_000;

export function slateStoreContract(open: (bounds: SlateBounds) => Promise<SlateStoreUnderTest>): void {
  let opened: SlateStoreUnderTest;

  async function storeOf({ capacity = 100, bytes = 1_000_000 } = {}): Promise<SlateStoreUnderTest> {
    opened = await open({ capacity, bytes, ttlMs: TTL_MS });
    return opened;
  }

  afterEach(() => opened.close());

  const put = (store: SlateStore<TestSlate>, id: string, owners: readonly string[] = []): Promise<void> =>
    store.put([{ slate: { id }, owners }]);
  const kept = async (store: SlateStore<TestSlate>, ...ids: string[]): Promise<string[]> =>
    (await store.get(ids)).flatMap((slate) => slate?.id ?? []);

  it('gives a slate until its time is over, whoever opened the store', async () => {
    const { store, other, elapse } = await storeOf();
    await put(store, 'a', ['u']);
    await elapse(TTL_MS / 2);
    expect(await kept(store, 'a')).toEqual(['a']);
    expect(await kept(other, 'a')).toEqual(['a']);
    await elapse(TTL_MS / 2);
    expect(await store.get(['a'])).toEqual([null]);
    expect(await other.get(['a'])).toEqual([null]);
  });

  it('gives back typed arrays and nested objects as they were', async () => {
    const { store, other } = await storeOf();
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
    await store.put([{ slate, owners: [] }]);
    expect(await store.get(['a'])).toEqual([slate]);
    expect(await other.get(['a'])).toEqual([slate]);
  });

  it('takes and gives many at once, in the order of the ids, null where there is none', async () => {
    const { store } = await storeOf({ capacity: 1_000 });
    const ids = Array.from({ length: 250 }, (_, at) => `${at}`);
    await store.put(ids.map((id, at) => ({ slate: { id, items: Int32Array.of(at) }, owners: [] })));
    await store.put([]);
    expect(await store.get([])).toEqual([]);
    expect(await store.get(['249', 'none', '7', '7', '0'])).toEqual([
      { id: '249', items: Int32Array.of(249) },
      null,
      { id: '7', items: Int32Array.of(7) },
      { id: '7', items: Int32Array.of(7) },
      { id: '0', items: Int32Array.of(0) },
    ]);
    expect(await kept(store, ...ids)).toEqual(ids);
  });

  it('drops the oldest beyond its capacity, whoever put them', async () => {
    const { store, other } = await storeOf({ capacity: 2 });
    await put(store, 'a', ['u']);
    await put(other, 'b');
    await put(store, 'c');
    expect(await kept(store, 'a', 'b', 'c')).toEqual(['b', 'c']);
    expect(await store.forget('u')).toBe(0);
  });

  it('drops the oldest that are too large together, and counts what was forgotten, dropped or has expired no longer', async () => {
    const one = encodeSlate({ id: 'a', items: new Int32Array(250) }).length;
    const { store, other, elapse } = await storeOf({ bytes: 4 * one + one / 2 });
    const putLarge = (from: SlateStore<TestSlate>, id: string): Promise<void> =>
      from.put([{ slate: { id, items: new Int32Array(250) }, owners: [id] }]);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await putLarge(id === 'c' ? other : store, id);
    expect(await kept(store, 'a', 'b', 'c', 'd', 'e')).toEqual(['b', 'c', 'd', 'e']);
    expect(await other.forget('d')).toBe(1);
    await putLarge(store, 'f');
    expect(await kept(store, 'b', 'c', 'e', 'f')).toEqual(['b', 'c', 'e', 'f']);
    await elapse(TTL_MS);
    for (const id of ['g', 'h', 'i', 'j']) await putLarge(other, id);
    expect(await kept(store, 'e', 'f', 'g', 'h', 'i', 'j')).toEqual(['g', 'h', 'i', 'j']);
  });

  it('forgets what a user owns, alone or with others, and only that, whoever put it', async () => {
    const { store, other } = await storeOf();
    await put(store, 'a', ['u']);
    await put(store, 'b', ['v']);
    await put(other, 'c', ['v', 'u']);
    await put(store, 'd', ['u\u0000', 'uu']);
    expect(await other.forget('u')).toBe(2);
    expect(await kept(store, 'a', 'b', 'c', 'd')).toEqual(['b', 'd']);
    expect(await store.forget('v')).toBe(1);
    expect(await store.forget('v')).toBe(0);
    expect(await store.forget('u\u0000')).toBe(1);
  });

  it('does not count an expired slate as forgotten', async () => {
    const { store, elapse } = await storeOf();
    await put(store, 'a', ['u']);
    await elapse(TTL_MS);
    expect(await store.forget('u')).toBe(0);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['was cut off', (bytes) => bytes.subarray(0, bytes.length - 5)],
    ['is empty', () => Buffer.alloc(0)],
    ['is another’s', () => encodeSlate({ id: 'b' })],
    ['is of another format', (bytes) => Buffer.concat([Buffer.of(99), bytes.subarray(1)])],
    ['is text', () => Buffer.from('{"id":"a"}')],
    ['is no object', () => encodeSlate(null as never)],
  ])('has no slate where its value %s, keeps the others, and takes it anew', async (_, change) => {
    const { store, overwrite } = await storeOf();
    await put(store, 'a', ['u']);
    await put(store, 'b');
    await overwrite('a', change);
    expect(await store.get(['a', 'b'])).toEqual([null, { id: 'b' }]);
    await put(store, 'a', ['u']);
    expect(await kept(store, 'a', 'b')).toEqual(['a', 'b']);
    await store.forget('u');
    expect(await kept(store, 'a', 'b')).toEqual(['b']);
  });
}
