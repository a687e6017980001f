import { fingerprint, type Reading } from '../../../src/datasets/import/fingerprint.js';
import { SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

const READING: Reading = {
  kind: 'items',
  format: 'csv',
  mapping: { columns: { item: 'id', published: 'day' }, attributes: ['a', 'b'], timeUnit: 'auto' },
};
const FILE = files.write('a.csv', 'id\n1\n');

describe('fingerprint', () => {
  it('is the SHA-256 of the content and of how it is read, for good', async () => {
    expect(await fingerprint(FILE, READING)).toBe('9183c4f8d977b3e7344337a47c958fee505452112f3e37643a09532ded594cc7');
  });

  it('does not depend on the name of the file or the order of the mapping', async () => {
    const mapping = { ...READING.mapping, columns: { published: 'day', item: 'id' } };
    const copy = files.write('b.csv', 'id\n1\n');
    expect(await fingerprint(copy, { mapping, format: 'csv', kind: 'items' })).toBe(await fingerprint(FILE, READING));
  });

  it.each<[string, Partial<Reading>]>([
    ['kind', { kind: 'profiles' }],
    ['format', { format: 'parquet' }],
    ['unit of time', { mapping: { ...READING.mapping, timeUnit: 's' } }],
    ['column', { mapping: { ...READING.mapping, columns: { item: 'id', published: 'date' } } }],
    ['list of attributes', { mapping: { ...READING.mapping, attributes: ['a'] } }],
  ])('changes with the %s', async (_, change) => {
    expect(await fingerprint(FILE, { ...READING, ...change })).not.toBe(await fingerprint(FILE, READING));
  });

  it('changes with the content', async () => {
    expect(await fingerprint(files.write('c.csv', 'id\n2\n'), READING)).not.toBe(await fingerprint(FILE, READING));
  });
});
