import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Event } from '../../../src/events/event.js';
import { type Appended } from '../../../src/events/log.js';
import { openMemoryLog } from '../../support/memory-log.js';
import {
  importFile,
  type ImportFileOptions,
  type ImportProgress,
  type ImportReport,
} from '../../../src/datasets/import/import-file.js';
import { NOW, SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

const BATCH = 8;
const ROWS = 43;
/** 43 rows: every ninth has no item, every eleventh is malformed; times go back and forth. */
const CLICKS = files.write(
  'clicks.csv',
  `user,item,time\n${Array.from({ length: ROWS }, (_, k) =>
    k % 11 === 5 ? 'broken\n' : `u${k},${k % 9 === 4 ? '' : `i${k}`},${1_500_000_000 + ((k * 29) % 31)}\n`,
  ).join('')}`,
);

/** A log that is cut off after so many appends. */
class World {
  readonly log = openMemoryLog();
  appends = 0;
  readonly progress: ImportProgress[] = [];

  constructor(private readonly allowed = Infinity) {}

  import(options: Partial<ImportFileOptions<'interactions'>> = {}): Promise<ImportReport> {
    return importFile({
      file: CLICKS,
      format: 'csv',
      kind: 'interactions',
      now: NOW,
      batchSize: BATCH,
      append: (events) => this.append(events),
      importedRows: (fingerprint) => this.importedRows(fingerprint),
      onProgress: (progress) => this.progress.push(progress),
      ...options,
    });
  }

  async events(): Promise<Event[]> {
    return (await this.log.read(0, 1e9)).map(({ event }) => event);
  }

  async interactions(): Promise<Event[]> {
    return (await this.events()).filter(({ kind }) => kind !== 'import');
  }

  private async append(events: readonly Event[]): Promise<Appended> {
    if (this.appends >= this.allowed) throw new Error('cut off');
    this.appends++;
    return this.log.append(events);
  }

  private async importedRows(fingerprint: string) {
    const marks = (await this.events()).filter((event) => event.kind === 'import');
    return marks.findLast((mark) => mark.fingerprint === fingerprint);
  }
}

/** The same log, with the plug back in. */
function resumed(world: World): World {
  const again = new World();
  return Object.assign(again, { log: world.log });
}

describe('importFile', () => {
  it('reports what was read, kept and dropped, and why', async () => {
    const report = await new World().import();
    expect(report).toMatchObject({
      file: CLICKS,
      kind: 'interactions',
      total: ROWS,
      read: ROWS,
      kept: 34,
      dropped: 9,
      duplicates: 0,
      reasons: { BAD_ID: 5, BAD_ROW: 4 },
      firstRows: { BAD_ID: [5, 14, 23, 32, 41], BAD_ROW: [6, 17, 28, 39] },
      alreadyImported: false,
      resumedAt: 0,
    });
    expect(report.rejected.map(({ row }) => row)).toEqual([5, 6, 14, 17, 23, 28, 32, 39, 41]);
    expect(report.rejected[1]).toEqual({
      row: 6,
      code: 'BAD_ROW',
      message: 'the row has 1 columns where the header has 3',
    });
  });

  it('appends each batch with a mark of how far it goes, the last of which is complete', async () => {
    const world = new World();
    await world.import();
    const marks = (await world.events()).filter((event) => event.kind === 'import');
    expect(marks.map(({ rows, complete, at }) => [rows, complete, at])).toEqual([
      ...[8, 16, 24, 32, 40].map((rows) => [rows, false, NOW]),
      [ROWS, true, NOW],
    ]);
    expect(world.progress.map(({ rows }) => rows)).toEqual([8, 16, 24, 32, 40, ROWS]);
    expect(world.progress.at(-1)).toEqual({ rows: ROWS, total: ROWS, kept: 34, rejected: 9 });
  });

  it('goes on after an interruption at any batch with exactly the events of one run', async () => {
    const whole = new World();
    await whole.import();
    for (let allowed = 0; allowed < whole.appends; allowed++) {
      const world = new World(allowed);
      await expect(world.import()).rejects.toThrow('cut off');
      const report = await resumed(world).import();
      expect(report).toMatchObject({ resumedAt: allowed * BATCH, read: ROWS - allowed * BATCH, total: ROWS });
      expect(await world.events()).toEqual(await whole.events());
    }
  });

  it('goes on with batches of another size', async () => {
    const world = new World(3);
    await expect(world.import()).rejects.toThrow('cut off');
    await resumed(world).import({ batchSize: 5 });
    const whole = new World();
    await whole.import();
    expect(await world.interactions()).toEqual(await whole.interactions());
  });

  it('adds nothing the second time, nor from a renamed copy', async () => {
    const world = new World();
    await world.import();
    const before = await world.events();
    const copy = join(files.folder, 'copy.csv');
    copyFileSync(CLICKS, copy);
    for (const file of [CLICKS, copy])
      expect(await world.import({ file })).toMatchObject({
        alreadyImported: true,
        total: ROWS,
        read: 0,
        kept: 0,
        dropped: 0,
      });
    expect(await world.events()).toEqual(before);
  });

  it('takes the same file under another mapping for another import', async () => {
    const world = new World();
    await world.import();
    expect(await world.import({ mapping: { user: 'item', item: 'user' } })).toMatchObject({
      alreadyImported: false,
      read: ROWS,
    });
  });

  it('changes nothing where a strict import meets a bad row, and names the first of the file', async () => {
    const world = new World();
    await expect(world.import({ strict: true })).rejects.toMatchObject({ code: 'BAD_ROW', row: 5 });
    expect(world.appends).toBe(0);
  });

  it('imports all of a good file strictly', async () => {
    const file = files.write('good.csv', 'user,item,time\nu,b,2017-10-02\nu,a,2017-10-01\n');
    const world = new World();
    expect(await world.import({ file, strict: true })).toMatchObject({ kept: 2, dropped: 0 });
    expect(await world.interactions()).toMatchObject([{ itemId: 'a' }, { itemId: 'b' }]);
  });

  it('counts rows whose id is in the log already apart from those it keeps', async () => {
    const file = files.write('ids.csv', 'user,item,time,id\nu,a,2017-10-01,1\nu,b,2017-10-02,1\nu,c,2017-10-03,2\n');
    expect(await new World().import({ file })).toMatchObject({ read: 3, kept: 2, dropped: 0, duplicates: 1 });
  });

  it('reports items that another process’s declaration has overtaken between reading and appending', async () => {
    const file = files.lines('overtaken.jsonl', [
      { id: 'a', price: 1 },
      { id: 'b', size: 1 },
      { id: 'c', price: 2 },
    ]);
    const log = openMemoryLog();
    let appended = false;
    const report = await importFile({
      file,
      format: 'jsonl',
      kind: 'items',
      now: NOW,
      append: (events) => ((appended = true), log.append(events)),
      importedRows: () => undefined,
      declaredType: (name) => (name === 'price' && appended ? 'string' : null),
    });
    expect(report).toMatchObject({ read: 3, kept: 1, dropped: 2, firstRows: { WRONG_TYPE: [1, 3] } });
  });

  it('marks a file without rows as complete', async () => {
    const world = new World();
    const file = files.write('none.csv', 'user,item,time\n');
    expect(await world.import({ file })).toMatchObject({ total: 0, read: 0 });
    expect(await world.events()).toMatchObject([{ kind: 'import', rows: 0, complete: true }]);
    expect(await world.import({ file })).toMatchObject({ alreadyImported: true });
  });

  it('has one append in flight at a time, and none when it is done', async () => {
    let open = 0;
    let most = 0;
    const append = async (events: readonly Event[]): Promise<Appended> => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 2));
      open--;
      return { position: 1, positions: events.map(() => 1) };
    };
    await new World().import({ append });
    expect([most, open]).toEqual([1, 0]);
  });
});
