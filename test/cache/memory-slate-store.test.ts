import { MemorySlateStore } from '../../src/cache/memory-slate-store.js';

function storeOf(capacity: number): { store: MemorySlateStore<{ id: string }>; pass: (ms: number) => void } {
  let now = 0;
  const store = new MemorySlateStore<{ id: string }>({ capacity, ttlMs: 1_000, clock: () => now });
  return { store, pass: (ms) => (now += ms) };
}

describe('MemorySlateStore', () => {
  it('gives a slate until its time is over', async () => {
    const { store, pass } = storeOf(10);
    await store.put({ id: 'a' }, 'u');
    pass(999);
    expect(await store.get('a')).toEqual({ id: 'a' });
    pass(1);
    expect(await store.get('a')).toBeNull();
  });

  it('drops the oldest beyond its capacity', async () => {
    const { store } = storeOf(2);
    for (const id of ['a', 'b', 'c']) await store.put({ id }, null);
    expect(await Promise.all(['a', 'b', 'c'].map((id) => store.get(id)))).toEqual([null, { id: 'b' }, { id: 'c' }]);
  });

  it('forgets what was made for a user, and only that', async () => {
    const { store } = storeOf(10);
    await store.put({ id: 'a' }, 'u');
    await store.put({ id: 'b' }, 'v');
    await store.put({ id: 'c' }, 'u');
    expect(await store.forget('u')).toBe(2);
    expect(await Promise.all(['a', 'b', 'c'].map((id) => store.get(id)))).toEqual([null, { id: 'b' }, null]);
  });
});
