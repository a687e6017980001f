import { CachedDocumentTexts } from '../../src/cache/cached-document-texts.js';
import { type DocumentTexts } from '../../src/cache/document-texts.js';

/** Counts what it is asked. */
class Texts implements DocumentTexts {
  readonly asked: string[] = [];
  readonly texts = new Map<string, string>();
  get(hash: string): Promise<string | null> {
    this.asked.push(hash);
    return Promise.resolve(this.texts.get(hash) ?? null);
  }
  put(hash: string, text: string): Promise<void> {
    this.texts.set(hash, text);
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

it('asks the store once for a text, and again for one that is not there', async () => {
  const store = new Texts();
  const texts = new CachedDocumentTexts(store, 100);
  expect([await texts.get('a'), await texts.get('a')]).toEqual([null, null]);
  await store.put('a', 'text');
  expect([await texts.get('a'), await texts.get('a'), await texts.get('a')]).toEqual(['text', 'text', 'text']);
  expect(store.asked).toEqual(['a', 'a', 'a']);
});

it('knows what was put through it, also where the store could not take it', async () => {
  const store = new Texts();
  const texts = new CachedDocumentTexts(store, 100);
  await texts.put('a', 'text');
  store.texts.clear();
  expect(await texts.get('a')).toBe('text');
});

it('holds no more than it may: what was used last, and nothing that is too large alone', async () => {
  const store = new Texts();
  const texts = new CachedDocumentTexts(store, 10);
  for (const hash of ['a', 'b', 'c']) await texts.put(hash, hash.repeat(3));
  await texts.get('a');
  await texts.put('d', 'ddd');
  for (const hash of ['a', 'c', 'd', 'b']) await texts.get(hash);
  expect(store.asked).toEqual(['b']);
  await texts.put('large', 'x'.repeat(11));
  expect(await texts.get('large')).toHaveLength(11);
  expect(store.asked).toEqual(['b', 'large']);
});
