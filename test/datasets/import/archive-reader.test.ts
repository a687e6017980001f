import { ARCHIVE_COLUMNS } from '../../../src/datasets/archive/columns.js';
import { openSource } from '../../../src/datasets/import/import-source.js';
import { readAll, SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

const T = Date.UTC(2017, 9, 1);
const VALUES: { readonly [column: string]: string } = { user: "'u'", item: "'i'", type: "'CLICK'", time: String(T) };

/** An archive of one row, with the columns changed. */
function archive(changes: { readonly [column: string]: string } = {}): Promise<string> {
  const columns = Object.entries(ARCHIVE_COLUMNS).map(([name, type]) => {
    const value = changes[name] ?? `${VALUES[name] ?? 'NULL'}::${type}`;
    return `${value} AS "${name}"`;
  });
  return files.parquet('archive.parquet', `SELECT ${columns.join(', ')}`);
}

describe('format archive', () => {
  it('reads a row with nothing optional', async () => {
    const { events } = await readAll({ file: await archive(), format: 'archive', kind: 'interactions' });
    expect(events).toStrictEqual([{ kind: 'interaction', userId: 'u', itemId: 'i', type: 'CLICK', at: T }]);
  });

  it.each([
    ['user', 'NULL', 'BAD_ID', 'column "user": null is not an id'],
    ['item', '7', 'BAD_ID', 'column "item": 7 is not text'],
    ['type', "'click'", 'BAD_TYPE', 'column "type": "click" is not a type of interaction'],
    ['time', "'never'", 'BAD_TIME', 'column "time": "never" is not a time'],
    ['weight', "'heavy'", 'BAD_WEIGHT', 'column "weight": "heavy" is not a number'],
    ['region', '21', 'BAD_ID', 'column "region": 21 is not text'],
  ])('refuses a row whose %s is %s', async (column, value, code, message) => {
    const file = await archive({ [column]: value });
    const { events, rejected } = await readAll({ file, format: 'archive', kind: 'interactions' });
    expect({ events, rejected }).toEqual({ events: [], rejected: [{ row: 1, code, message }] });
  });

  it('refuses a file that is no archive, other kinds and a mapping', async () => {
    const clicks = {
      file: await files.parquet('clicks.parquet', 'SELECT \'u\' AS "user"'),
      format: 'archive',
    } as const;
    await expect(openSource({ ...clicks, kind: 'interactions' })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      message: 'the file has no column "position", which every archive has; its columns are: user',
    });
    await expect(openSource({ ...clicks, kind: 'items' })).rejects.toThrow(
      'format "archive" holds interactions, not items',
    );
    const mapping = { user: 'user' };
    await expect(openSource({ ...clicks, kind: 'interactions', mapping })).rejects.toMatchObject({
      code: 'BAD_MAPPING',
    });
  });
});
