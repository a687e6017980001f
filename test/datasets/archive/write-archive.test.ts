import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArchive } from '../../../src/datasets/archive/write-archive.js';
import { readEvents } from '../../../src/datasets/import/read-events.js';
import { type Event, type InteractionEvent } from '../../../src/events/event.js';
import { type EventLog } from '../../../src/events/log.js';
import { openMemoryLog } from '../../support/memory-log.js';
import { EVERY_KIND } from '../../contracts/event-log.contract.js';
import { withFolder } from '../../support/server.js';
import { DAY, HOUR, sampleWorld, START } from '../demo/sample.js';

const T = Date.UTC(2017, 9, 1, 22);
const click = (itemId: string, at: number, more: Partial<InteractionEvent> = {}): InteractionEvent => ({
  kind: 'interaction',
  userId: 'u',
  itemId,
  type: 'CLICK',
  at,
  ...more,
});

async function logOf(events: readonly Event[]): Promise<EventLog> {
  const log = openMemoryLog();
  for (let at = 0; at < events.length; at += 1_000) await log.append(events.slice(at, at + 1_000));
  return log;
}

async function eventsIn(file: string, now = Date.UTC(2030, 0)): Promise<Event[]> {
  const events: Event[] = [];
  for await (const batch of readEvents({ file, format: 'archive', kind: 'interactions', now, strict: true })) {
    events.push(...batch.events);
  }
  return events;
}

/** Every file of the folder, by name. */
async function archiveIn(folder: string): Promise<Record<string, Event[]>> {
  const files: Record<string, Event[]> = {};
  for (const name of (await readdir(folder)).toSorted()) files[name] = await eventsIn(join(folder, name));
  return files;
}

describe('the archive', () => {
  it('holds the interactions of each UTC day in the order of the log', () =>
    withFolder(async (folder) => {
      const first = [click('b', T + HOUR), click('a', T), click('c', T + HOUR)];
      const late = click('late', T - 1);
      const next = [click('d', T + 2 * HOUR), click('e', T + 3 * HOUR)];
      const log = await logOf([
        first[0]!,
        { kind: 'item', itemId: 'a', at: T },
        next[0]!,
        first[1]!,
        first[2]!,
        next[1]!,
        late,
      ]);
      expect(await writeArchive(log, folder)).toEqual({ interactions: 6, days: 2, removed: 0, position: 7 });
      expect(await archiveIn(folder)).toEqual({
        'interactions-2017-10-01.parquet': [...first, late],
        'interactions-2017-10-02.parquet': next,
      });
    }));

  it('gives every field back exactly, absent ones absent', () =>
    withFolder(async (folder) => {
      const full = EVERY_KIND.filter(
        (event) => event.kind === 'interaction' && Number.isInteger(event.at) && event.at >= 0,
      );
      const odd: InteractionEvent[] = [
        click(' 007 ', T, { userId: '\t"Zoë" 🦊, ', id: '1e3', sessionId: '9007199254740993', weight: 0.1 }),
        click('x'.repeat(256), T, { context: { device: ' 1 ', referrer: 'null' }, recommendationId: ' r ', rank: 100 }),
        click('1', T, { userId: '', weight: 1000, context: { os: '' }, type: 'UNDO' }),
      ];
      const log = await logOf([...full, ...odd]);
      await writeArchive(log, folder);
      const files = await archiveIn(folder);
      expect(files['interactions-1970-01-01.parquet']).toStrictEqual(full);
      expect(files['interactions-2017-10-01.parquet']).toStrictEqual(odd);
    }));

  it('of two days of the demo world is its log, day by day', () =>
    withFolder(async (folder) => {
      const events = [...sampleWorld().events(START, START + 2 * DAY)].flat();
      const interactions = events.filter((event) => event.kind === 'interaction');
      expect(interactions.length).toBeGreaterThan(5_000);
      const { interactions: written, days } = await writeArchive(await logOf(events), folder);
      expect({ written, days }).toEqual({ written: interactions.length, days: 3 });
      const dayOf = ({ at }: Event): number => Math.floor(at / DAY);
      const inOrder = [0, 1, 2].flatMap((day) =>
        interactions.filter((event) => dayOf(event) === dayOf({ at: START } as Event) + day),
      );
      expect(Object.values(await archiveIn(folder)).flat()).toEqual(inOrder);
    }));

  it('is written anew: an erasure reaches it, and days that the log no longer has go', () =>
    withFolder(async (folder) => {
      const log = await logOf([click('a', T, { userId: 'ann', id: 'x', sessionId: 's' }), click('b', T)]);
      await writeArchive(log, folder);
      const file = join(folder, 'interactions-2017-10-01.parquet');
      await writeFile(join(folder, 'interactions-2017-09-30.parquet'), await readFile(file));
      await log.pseudonymise('ann', 'p', { upTo: 2, includeForgets: true, sessionSalt: 'salt' });
      expect((await writeArchive(log, folder)).removed).toBe(1);
      expect(Object.keys(await archiveIn(folder))).toEqual(['interactions-2017-10-01.parquet']);
      const [erased] = await eventsIn(file);
      expect(erased).toMatchObject({ userId: 'p', itemId: 'a' });
      expect(erased).not.toHaveProperty('id');
    }));

  it('leaves what a killed run left unfinished no longer than until the next one, and other files alone', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'interactions-2017-10-01.parquet.0a-1b.tmp'), 'half');
      await mkdir(join(folder, 'recograph-import-a1b2c3'));
      await writeFile(join(folder, 'recograph-import-a1b2c3/staged.duckdb'), 'interactions');
      await writeFile(join(folder, 'notes.parquet'), 'mine');
      await mkdir(join(folder, 'interactions'));
      await writeArchive(await logOf([]), folder);
      expect((await readdir(folder)).toSorted()).toEqual(['interactions', 'notes.parquet']);
    }));
});
