import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ARCHIVE_COLUMNS } from '../../src/datasets/archive/columns.js';
import { writeArchive } from '../../src/datasets/archive/write-archive.js';
import { clickFiles } from '../../src/datasets/click-files.js';
import { type EventSource } from '../../src/events/event-source.js';
import { type LogEntry } from '../../src/events/log.js';
import { openMemoryLog } from '../support/memory-log.js';
import { withFolder } from '../support/server.js';
import { NOW, SampleFiles } from './import/sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

function csv(name: string, rows: readonly string[]): string {
  return files.write(name, ['user_id,item_id,timestamp', ...rows, ''].join('\n'));
}

async function read(source: EventSource, after = 0): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const batch of source.read(after)) entries.push(...batch);
  return entries;
}

const open = (...paths: string[]): Promise<EventSource> => clickFiles({ files: paths, format: 'csv', now: NOW });

const itemsOf = (entries: readonly LogEntry[]): string =>
  entries.map(({ event }) => (event.kind === 'interaction' ? event.itemId : '?')).join('');

describe('clickFiles', () => {
  const odd = csv('odd.csv', ['u,a,1000', 'u,c,3000', 'u,e,5000']);
  const even = csv('even.csv', ['u,b,2000', 'u,d,4000', 'u,f,6000']);

  it('merges files by time and counts positions from 1 without gaps', async () => {
    const entries = await read(await open(even, odd));
    expect(itemsOf(entries)).toBe('abcdef');
    expect(entries.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('keeps equal times in the order in which the files were named', async () => {
    const x = csv('x.csv', ['u,x,1000']);
    const y = csv('y.csv', ['u,y,1000']);
    expect(itemsOf(await read(await open(x, y)))).toBe('xy');
    expect(itemsOf(await read(await open(y, x)))).toBe('yx');
  });

  it('goes on after a position as if it had read all before', async () => {
    const source = await open(odd, even);
    const all = await read(source);
    for (const after of [0, 1, 3, 5, 6, 7]) expect(await read(source, after)).toEqual(all.slice(after));
  });

  it('merges across more rows than a batch of the reader holds', async () => {
    const rows = (start: number) => Array.from({ length: 9_000 }, (_, at) => `u,i,${1_000 + start + at * 2}`);
    const entries = await read(await open(csv('long-odd.csv', rows(1)), csv('long-even.csv', rows(0))));
    const times = entries.map(({ event }) => event.at);
    expect(times).toHaveLength(18_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(entries.at(-1)!.position).toBe(18_000);
  });

  it('goes by content and order, not by names', async () => {
    const copy = csv('copy.csv', ['u,a,1000', 'u,c,3000', 'u,e,5000']);
    expect((await open(copy, even)).fingerprint).toBe((await open(odd, even)).fingerprint);
    expect((await open(even, odd)).fingerprint).not.toBe((await open(odd, even)).fingerprint);
  });

  it('says whether its events come in the order of time: those of an archive come in that of the log', async () => {
    expect((await open(odd, even)).inTimeOrder).toBe(true);
    const archive = await clickFiles({ files: [odd], format: 'archive', now: NOW });
    expect(archive.inTimeOrder).toBe(false);
  });

  it('merges files of an archive in the order of its log, where what came late stands late', () =>
    withFolder(async (folder) => {
      const noon = Date.UTC(2023, 0, 2, 12);
      const day = 86_400_000;
      const of = (itemId: string, at: number) =>
        ({ kind: 'interaction', userId: 'u', itemId, type: 'CLICK', at }) as const;
      const log = openMemoryLog();
      const item = { kind: 'item', itemId: 'a', attributes: {}, at: noon } as const;
      const late = of('d', noon - day); // in the file of the day before, after all of these
      await log.append([of('b', noon - day + 1), item, of('a', noon), of('c', noon + day), late, of('e', noon + 1)]);
      await writeArchive(log, folder);
      const paths = readdirSync(folder).map((name) => join(folder, name));
      expect(paths).toHaveLength(3);
      for (const order of [paths, paths.toReversed()]) {
        const source = await clickFiles({ files: order, format: 'archive', now: NOW });
        const entries = await read(source);
        expect(itemsOf(entries)).toBe('bacde');
        expect(entries.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
      }
    }));

  it('refuses an archive with an event of which nothing says where it belongs', async () => {
    const columns = Object.entries(ARCHIVE_COLUMNS).map(([name, type]) => {
      const values: Record<string, string> = { user: "'u'", item: "'i'", type: "'CLICK'", time: '1000' };
      return `${values[name] ?? 'NULL'}::${type} AS "${name}"`;
    });
    const file = await files.parquet('lost.parquet', `SELECT ${columns.join(', ')}`);
    const source = await clickFiles({ files: [file], format: 'archive', now: NOW });
    const message = 'row 1: column "position" is no position of a log';
    await expect(read(source)).rejects.toMatchObject({ code: 'BAD_ROW', message });
  });

  it('refuses a file that is not there', async () => {
    await expect(open('/nowhere.csv')).rejects.toThrow('/nowhere.csv');
  });
});
