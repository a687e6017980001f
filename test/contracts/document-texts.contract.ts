/** What every backend of the registered documents must do. */
import { createHash } from 'node:crypto';
import { type DocumentTexts, type DocumentTextsBounds } from '../../src/cache/document-texts.js';

export interface DocumentTextsUnderTest {
  readonly texts: DocumentTexts;
  /** A second opening of the same. */
  readonly other: DocumentTexts;
  close(): Promise<void>;
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export function documentTextsContract(open: (bounds: DocumentTextsBounds) => Promise<DocumentTextsUnderTest>): void {
  let opened: DocumentTextsUnderTest;
  const textsOf = async (bounds: Partial<DocumentTextsBounds> = {}): Promise<DocumentTextsUnderTest> => {
    opened = await open({ capacity: 100, bytes: 1_000, ...bounds });
    return opened;
  };
  afterEach(() => opened.close());
  const putAll = async (texts: DocumentTexts, ...all: string[]): Promise<void> => {
    for (const text of all) await texts.put(hashOf(text), text);
  };
  const getAll = (texts: DocumentTexts, ...all: string[]): Promise<(string | null)[]> =>
    Promise.all(all.map((text) => texts.get(hashOf(text))));

  it('shares a text with all that opened it', async () => {
    const { texts, other } = await textsOf();
    expect(await getAll(other, '{ ä }')).toEqual([null]);
    await putAll(texts, '{ ä }', '');
    expect(await getAll(other, '{ ä }', '', 'x')).toEqual(['{ ä }', '', null]);
  });

  it('drops the oldest when there are too many', async () => {
    const { texts, other } = await textsOf({ capacity: 2 });
    await putAll(texts, 'a', 'b', 'a', 'c');
    expect(await getAll(other, 'a', 'b', 'c')).toEqual([null, 'b', 'c']);
  });

  it('drops the oldest when they are too large together, and never takes one that is too large alone', async () => {
    const { texts, other } = await textsOf({ bytes: 10 });
    await putAll(texts, 'ä'.repeat(3), 'b', 'c'.repeat(5), 'd'.repeat(11));
    const all = ['ä'.repeat(3), 'b', 'c'.repeat(5), 'd'.repeat(11)];
    expect(await getAll(other, ...all)).toEqual([null, 'b', 'ccccc', null]);
    await putAll(other, 'e'.repeat(4));
    expect(await getAll(texts, 'b', 'ccccc', 'eeee')).toEqual(['b', 'ccccc', 'eeee']);
  });
}
