import { existsSync } from 'node:fs';
import { Database } from '../../../src/datasets/import/database.js';
import { type ImportFormat } from '../../../src/datasets/import/formats.js';
import { openSource } from '../../../src/datasets/import/import-source.js';
import { type ImportKind, type ImportMapping } from '../../../src/datasets/import/mapping.js';
import { readAll, SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

const GOOD = 'user,item,time\nu,i,2017-10-01\n';

interface Case {
  readonly file: string;
  readonly format?: string;
  readonly kind?: ImportKind;
  readonly mapping?: ImportMapping;
}

function refusal({ file, format = 'csv', kind = 'interactions', mapping }: Case): Promise<unknown> {
  const options = { file, format: format as ImportFormat, kind, mapping };
  return openSource(options).then(
    (source) => source.close().then(() => 'opened'),
    (error: unknown) => error,
  );
}

describe('openSource', () => {
  it('says which file is not there', async () => {
    expect(await refusal({ file: '/none.csv' })).toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: 'there is no file /none.csv',
    });
    expect(await refusal({ file: files.folder })).toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: `${files.folder} is not a file`,
    });
  });

  it('says which formats there are', async () => {
    expect(await refusal({ file: files.write('a.csv', GOOD), format: 'xml' })).toMatchObject({
      code: 'UNKNOWN_FORMAT',
      message: 'unknown format "xml"; there are: csv, parquet, jsonl, globo, archive',
    });
  });

  it('reads globo only as interactions and only with its own mapping', async () => {
    const file = files.write('a.csv', GOOD);
    expect(await refusal({ file, format: 'globo', kind: 'items' })).toMatchObject({
      code: 'UNKNOWN_FORMAT',
      message: 'format "globo" holds interactions, not items',
    });
    expect(await refusal({ file, format: 'globo', mapping: { user: 'user' } })).toMatchObject({
      code: 'BAD_MAPPING',
      message: 'format "globo" has a mapping of its own and takes no other',
    });
    expect(await refusal({ file, format: 'globo' })).toMatchObject({
      code: 'UNKNOWN_COLUMN',
      message: expect.stringContaining(
        'no column "user_id", which is mapped to "user"; its columns are: user, item, time',
      ),
    });
  });

  it.each([
    ['csv', '', 'is empty'],
    ['csv', '\n\n', 'has no header'],
    ['csv', 'a,b,a\n', 'has the column "a" twice'],
    ['csv', '\xff\xfea\0,\0b\0', 'is not UTF-8 text'],
    ['csv', '"a"b,c\n', 'has text after a closing quote'],
    ['jsonl', 'x\n[1]\n', 'holds a JSON object with keys'],
    ['parquet', 'PAR1 and no more', 'cannot be read: '],
  ])('refuses as %s the content %j', async (format, content, message) => {
    const file = files.write('unreadable', Buffer.from(content, 'latin1'));
    expect(await refusal({ file, format })).toMatchObject({
      code: 'UNREADABLE_FILE',
      message: expect.stringContaining(message),
    });
  });

  it('takes patterns and quotes in the name of a file literally', async () => {
    files.write('data1.csv', 'nothing of use');
    const file = files.write("it's [data]?*.csv", GOOD);
    expect((await readAll({ file, format: 'csv', kind: 'interactions' })).events).toHaveLength(1);
  });

  it('leaves nothing behind, whether a file can be opened or not', async () => {
    const opened = jest.spyOn(Database, 'open');
    await refusal({ file: files.write('b.csv', 'a\n') });
    expect(await refusal({ file: files.write('c.csv', `${GOOD}\n\nbroken\n`) })).toBe('opened');
    const databases = await Promise.all(opened.mock.results.map(({ value }) => value as Promise<Database>));
    expect(databases.map(({ folder }) => existsSync(folder))).toEqual([false, false]);
  });
});
