import { CsvRecord, MAX_RECORD_BYTES } from '../../../src/datasets/import/csv-record.js';
import { formatFields, parseFields } from '../../../src/datasets/import/csv-fields.js';

/** Text, number of fields and problem of each record. */
function records(text: string): [string, number, string | undefined][] {
  const record = new CsvRecord(','.charCodeAt(0));
  const bytes = Buffer.from(text);
  const found: [string, number, string | undefined][] = [];
  for (let at = 0; at < bytes.length; at = record.next) {
    if (!record.read(bytes, at, true)) throw new Error('not read to the end');
    found.push([bytes.toString('utf8', record.start, record.end), record.fields, record.problem]);
  }
  return found;
}

describe('CsvRecord', () => {
  it('ends a record at a newline of any kind that stands outside quotes', () => {
    expect(records('a,b\n"c\nd","e""f"\r\ng\rh,')).toEqual([
      ['a,b', 2, undefined],
      ['"c\nd","e""f"', 2, undefined],
      ['g', 1, undefined],
      ['h,', 2, undefined],
    ]);
  });

  it('takes a quote inside an unquoted field for itself', () => {
    expect(records('5" pipe,x\n')).toEqual([['5" pipe,x', 2, undefined]]);
  });

  it('gives up only the first line where a quote is broken', () => {
    expect(records('"a"b,c\nd,e\n')).toEqual(
      [
        ['"a"b,c', 2, 'has text after a closing quote'],
        ['d,e', 2, undefined],
      ].map(([text, , problem]) => [text, expect.any(Number), problem]),
    );
    expect(records('1,"a\n2,b\n3,c')).toEqual([
      ['1,"a', 2, 'has a quote that is never closed'],
      ['2,b', 2, undefined],
      ['3,c', 2, undefined],
    ]);
  });

  it('asks for more bytes while it cannot know where a record ends', () => {
    const record = new CsvRecord(','.charCodeAt(0));
    for (const text of ['a', 'a,"b', 'a,"b"', 'a\r', '"a\n'])
      expect(record.read(Buffer.from(text), 0, false)).toBe(false);
  });

  it('stops waiting for the end of a record of more than 1 MiB', () => {
    const record = new CsvRecord(','.charCodeAt(0));
    const open = Buffer.from(`"a\n${'b'.repeat(MAX_RECORD_BYTES)}`);
    expect(record.read(open, 0, false)).toBe(true);
    expect(record).toMatchObject({ end: 2, next: 3, problem: 'has a quote that is never closed' });
    expect(record.read(open.subarray(2), 1, false)).toBe(false);
    expect(record.read(Buffer.alloc(MAX_RECORD_BYTES + 1, 'x'), 0, false)).toBe(true);
    expect(record.problem).toBe('is longer than 1 MiB');
  });
});

describe('parseFields', () => {
  it.each<[string, string[]]>([
    ['a,b', ['a', 'b']],
    ['', ['']],
    [',', ['', '']],
    ['"a,b","c""d",', ['a,b', 'c"d', '']],
    ['"","""",x"y', ['', '"', 'x"y']],
  ])('reads %j', (record, fields) => {
    expect(parseFields(record, ',')).toEqual(fields);
  });

  it('reads back what was formatted', () => {
    const fields = ['a', '"', 'b,c', '', '\n', '""'];
    expect(parseFields(formatFields(fields, ','), ',')).toEqual(fields);
  });
});
