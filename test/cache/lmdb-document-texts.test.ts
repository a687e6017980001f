import { LmdbDocumentTexts } from '../../src/cache/lmdb-document-texts.js';
import { withFolder } from '../support/server.js';

async function withTexts(
  { capacity = 100, bytes = 1_000 },
  run: (texts: LmdbDocumentTexts, other: LmdbDocumentTexts) => void,
): Promise<void> {
  await withFolder(async (folder) => {
    const options = { folder, capacity, bytes };
    const [texts, other] = [new LmdbDocumentTexts(options), new LmdbDocumentTexts(options)];
    run(texts, other);
    await texts.close();
    await other.close();
  });
}

describe('LmdbDocumentTexts', () => {
  it('shares a text with all that opened the folder', () =>
    withTexts({}, (texts, other) => {
      expect(other.get('a')).toBeNull();
      texts.put('a', 'text');
      expect(other.get('a')).toBe('text');
    }));

  it('drops the oldest when there are too many', () =>
    withTexts({ capacity: 2 }, (texts) => {
      for (const hash of ['a', 'b', 'a', 'c']) texts.put(hash, hash);
      expect(['a', 'b', 'c'].map((hash) => texts.get(hash))).toEqual([null, 'b', 'c']);
    }));

  it('drops the oldest when they are too large together, and never takes one that is too large alone', () =>
    withTexts({ bytes: 10 }, (texts) => {
      texts.put('a', 'ä'.repeat(3));
      texts.put('b', 'b');
      texts.put('c', 'c'.repeat(5));
      texts.put('d', 'd'.repeat(11));
      expect(['a', 'b', 'c', 'd'].map((hash) => texts.get(hash))).toEqual([null, 'b', 'ccccc', null]);
    }));
});
