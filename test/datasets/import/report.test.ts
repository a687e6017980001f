import { type ImportReport } from '../../../src/datasets/import/import-file.js';
import { reportLines } from '../../../src/datasets/import/report.js';

const REPORT: ImportReport = {
  file: 'clicks.csv',
  kind: 'interactions',
  total: 12_345,
  read: 12_345,
  kept: 12_345,
  dropped: 0,
  duplicates: 0,
  reasons: {},
  firstRows: {},
  rejected: [],
  alreadyImported: false,
  resumedAt: 0,
  seconds: 1.25,
};

describe('reportLines', () => {
  it('says in one line that all rows were kept', () => {
    expect(reportLines(REPORT)).toEqual(['clicks.csv: 12,345 rows read, 12,345 kept, 0 dropped (1.3 s)']);
  });

  it('says why rows were dropped, which were the first, and what was wrong with them', () => {
    const rejected = Array.from({ length: 14 }, (_, k) => ({
      row: 1000 * (k + 1),
      code: 'BAD_ID' as const,
      message: `m${k}`,
    }));
    const report = {
      ...REPORT,
      kept: 12_329,
      dropped: 15,
      duplicates: 1,
      reasons: { BAD_ID: 14, BAD_ROW: 1 },
      firstRows: { BAD_ID: [1000, 2000, 3000, 4000, 5000], BAD_ROW: [7] },
      rejected,
    };
    expect(reportLines(report)).toEqual([
      'clicks.csv: 12,345 rows read, 12,329 kept, 15 dropped, 1 in the log already (1.3 s)',
      '  dropped BAD_ID: 14 rows, first at 1,000, 2,000, 3,000, 4,000, 5,000',
      '  dropped BAD_ROW: 1 row, at 7',
      ...Array.from({ length: 10 }, (_, k) => `  row ${k + 1},000: m${k}`),
      '  and 5 more',
    ]);
  });

  it('says where an interrupted import went on', () => {
    expect(reportLines({ ...REPORT, read: 4153, kept: 4153, resumedAt: 8192 })).toEqual([
      'clicks.csv: 4,153 rows read, 4,153 kept, 0 dropped (1.3 s)',
      '  went on after 8,192 rows of an interrupted import',
    ]);
  });

  it('says that a file was imported before', () => {
    expect(reportLines({ ...REPORT, read: 0, kept: 0, alreadyImported: true })).toEqual([
      'clicks.csv: imported before, nothing added (12,345 rows)',
    ]);
  });
});
