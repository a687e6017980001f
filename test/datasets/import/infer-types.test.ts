import { csvTable } from '../../../src/datasets/import/csv-table.js';
import { Database } from '../../../src/datasets/import/database.js';
import { inferTypes } from '../../../src/datasets/import/infer-types.js';
import { SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

async function kindsOf(values: readonly string[], use: 'codes' | 'attributes'): Promise<string> {
  const database = await Database.open();
  try {
    const raw = await csvTable(
      database,
      files.write('values.csv', `row,value\n${values.map((value) => `r,${value}\n`).join('')}`),
    );
    const table = await inferTypes(database, raw, { codes: [], attributes: [], [use]: ['value'] });
    return table.columns[1]!.kind;
  } finally {
    await database.close();
  }
}

describe('inferTypes', () => {
  it.each([
    ['number', ['1', '-2.5', '', ' 3 ', '1e3', '0']],
    ['text', ['1', '2', '007']],
    ['text', ['12345678901234567890']],
    ['text', ['1', 'nan']],
    ['json', ['true', 'FALSE', '']],
    ['text', ['true', '1']],
    ['text', ['', '']],
  ])('makes attributes %s of %j', async (kind, values) => {
    expect(await kindsOf(values, 'attributes')).toBe(kind);
  });

  it.each([
    ['number', ['1', '0', '', '999999999999999']],
    ['text', ['1', '01']],
    ['text', ['1', ' 1']],
    ['text', ['1.0']],
    ['text', ['-1']],
    ['text', ['1000000000000000']],
  ])('reads codes as %s of %j, so that each is written as it was', async (kind, values) => {
    expect(await kindsOf(values, 'codes')).toBe(kind);
  });
});
