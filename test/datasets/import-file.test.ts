import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { importFile, type ImportFileOptions, type ImportReport } from '../../src/datasets/import/import-file.js';
import { type ImportKind } from '../../src/datasets/import/mapping.js';
import { reportLines } from '../../src/datasets/import/report.js';
import { type Event } from '../../src/events/event.js';
import { openMemoryLog } from '../../src/events/memory-log.js';
import { withFolder } from '../support/server.js';
import { NOON, stateOf } from '../support/state.js';

interface Imported {
  readonly report: ImportReport;
  /** Everything in the log but the notes of imports. */
  readonly events: readonly Event[];
}
type Options = Partial<ImportFileOptions<ImportKind>> & Pick<ImportFileOptions, 'file' | 'format'>;

/** Imports into a log of its own, or goes on with the one given. */
async function imported(options: Options, log = openMemoryLog()): Promise<Imported> {
  const before = await log.read(0, 10_000);
  const { imports } = stateOf(before.map(({ event }) => event));
  const report = await importFile({
    kind: 'interactions',
    mapping: {},
    now: NOON,
    append: (events) => log.append(events),
    importedRows: (fingerprint) => imports.of(fingerprint),
    ...options,
  } as ImportFileOptions<ImportKind>);
  const events = (await log.read(0, 10_000)).map(({ event }) => event).filter(({ kind }) => kind !== 'import');
  return { report, events };
}

const CLICKS = `user_id,item,timestamp,type,region
u2,b,2026-01-02T00:00:00Z,like,north
u1,"a, quoted",2026-01-01T00:00:00Z,,south
u3,,2026-01-01T00:00:00Z,,
u4,a,tomorrow,,
u5,a,2026-01-01T00:00:00Z,dance,
u6,a,2999-01-01T00:00:00Z,,
`;

describe('importFile', () => {
  it('puts interactions of a CSV file in order of time and reports bad rows by number and reason', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'clicks.csv');
      await writeFile(file, CLICKS);
      const { report, events } = await imported({ file, format: 'csv' });
      expect(events).toMatchObject([
        { userId: 'u1', itemId: 'a, quoted', type: 'CLICK', at: Date.UTC(2026, 0, 1), context: { region: 'south' } },
        { userId: 'u2', itemId: 'b', type: 'LIKE', context: { region: 'north' } },
      ]);
      expect(report).toMatchObject({ read: 6, kept: 2, dropped: 4, reasons: { BAD_ID: 1, BAD_TIME: 2, BAD_TYPE: 1 } });
      expect(report.rejected.map(({ row }) => row).sort()).toEqual([3, 4, 5, 6]);
      expect(reportLines(report)[0]).toMatch(/6 rows read, 2 kept, 4 dropped/);
    }));

  it('adds nothing the second time, under another name either', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'clicks.csv');
      await writeFile(file, CLICKS);
      const log = openMemoryLog();
      await imported({ file, format: 'csv' }, log);
      await copyFile(file, join(folder, 'renamed.csv'));
      const again = await imported({ file: join(folder, 'renamed.csv'), format: 'csv' }, log);
      expect(again.report).toMatchObject({ alreadyImported: true, kept: 0 });
      expect(again.events).toHaveLength(2);
    }));

  it('goes on where an interruption left it, whatever the batch', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'many.csv');
      const rows = Array.from({ length: 50 }, (_, at) => `u${at},i${at % 7},${1_700_000_000 + ((at * 13) % 50)}`);
      await writeFile(file, ['user,item,time', ...rows].join('\n'));
      const whole = (await imported({ file, format: 'csv' })).events;
      for (const batches of [0, 1, 3, 6]) {
        const log = openMemoryLog();
        let left = batches;
        const append = (events: readonly Event[]): ReturnType<typeof log.append> => {
          if (left-- === 0) throw new Error('pulled the plug');
          return log.append(events);
        };
        await expect(imported({ file, format: 'csv', batchSize: 7, append }, log)).rejects.toThrow('pulled the plug');
        expect((await imported({ file, format: 'csv', batchSize: 7 }, log)).events).toEqual(whole);
      }
    }));

  it('changes nothing where a strict import meets a bad row', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'clicks.csv');
      await writeFile(file, CLICKS);
      const log = openMemoryLog();
      await expect(imported({ file, format: 'csv', strict: true }, log)).rejects.toMatchObject({ code: 'BAD_ROW' });
      expect(log.last()).toBe(0);
    }));

  it('reads items and profiles of JSON lines with their types, and broken lines as bad rows', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'items.jsonl');
      await writeFile(
        file,
        '{"id":"a","title":"Ä","words":3,"tags":["x"],"available":false}\n{broken\n{"id":"b","premium":true}\n',
      );
      const { report, events } = await imported({ file, format: 'jsonl', kind: 'items' });
      expect(events).toMatchObject([
        { kind: 'item', itemId: 'a', available: false, attributes: { title: 'Ä', words: 3, tags: ['x'] } },
        { kind: 'item', itemId: 'b', attributes: { premium: true } },
      ]);
      expect(report.rejected).toMatchObject([{ row: 2, code: 'BAD_ROW' }]);
      const profiles = join(folder, 'profiles.jsonl');
      await writeFile(profiles, '{"user":"u","region":"north","plan":"free"}\n');
      const { events: known } = await imported({ file: profiles, format: 'jsonl', kind: 'profiles' });
      expect(known).toMatchObject([
        { kind: 'profile', userId: 'u', context: { region: 'north' }, attributes: { plan: 'free' } },
      ]);
    }));

  it('reads the named format out of Parquet, without the columns that know the future', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'clicks.parquet');
      const database = await (await DuckDBInstance.create(':memory:')).connect();
      await database.run(`copy (select 7::bigint user_id, 9007199254740993::bigint session_id, 1700000000000::bigint session_start,
        2 session_size, 55 click_article_id, 1700000001000::bigint click_timestamp, 4 click_environment, 1 "click_deviceGroup",
        17 click_os, 1 click_country, 25 click_region, 2 click_referrer_type) to '${file}' (format parquet)`);
      const { events } = await imported({ file, format: 'globo' });
      expect(events).toEqual([
        {
          kind: 'interaction',
          userId: '7',
          itemId: '55',
          type: 'CLICK',
          at: 1_700_000_001_000,
          sessionId: '9007199254740993',
          context: { device: '1', os: '17', country: '1', region: '25', referrer: '2' },
        },
      ]);
      database.closeSync();
    }));
});
