import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Erasures } from '../src/erasures.js';
import { type EventLog, LogUnavailableError } from '../src/events/log.js';
import { openLmdbLog } from '../src/events/lmdb-log.js';
import { MemoryUserRecords } from '../src/profiles/memory-user-records.js';
import { checkpointsOf, stateHash } from '../src/state/checkpoint.js';
import { Follower } from '../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../src/state/state-settings.js';
import { withFolder } from './support/server.js';
import { click, NOON } from './support/state.js';

interface Opened {
  readonly log: EventLog;
  readonly follower: Follower;
  readonly erasures: Erasures;
  readonly folder: string;
}

async function withErasures(run: (opened: Opened) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const log = openLmdbLog({ folder: join(folder, 'log') });
    const records = new MemoryUserRecords();
    const checkpoints = join(folder, 'checkpoints');
    const follower = await Follower.open({ log, records, checkpoints, settings: DEFAULT_STATE_SETTINGS });
    const onProblem = (message: string): void => expect(message).toBe('none');
    const notes = join(folder, 'erasures');
    const replays = join(folder, 'replay');
    const erasures = new Erasures({ folder: notes, replays, log, follower, records, onProblem });
    await run({ log, follower, erasures, folder });
    erasures.close();
    await log.close();
  });
}

async function everything(log: EventLog): Promise<string> {
  return JSON.stringify(await log.read(0, 10_000));
}

async function foldedAnew(log: EventLog): Promise<string> {
  const settings = DEFAULT_STATE_SETTINGS;
  const { state } = await Follower.open({ log, settings, records: new MemoryUserRecords(), checkpoints: null });
  return stateHash(state);
}

const HISTORY = [
  click('visitor-7', 'a', 0, { sessionId: 's' }),
  click('other', 'a', 1),
  { kind: 'merge', fromUserId: 'visitor-7', intoUserId: 'anna', at: NOON } as const,
  click('anna', 'b', 2, { sessionId: 's', recommendationId: 'r-1' }),
  { kind: 'profile', userId: 'anna', attributes: { email: 'anna@example.org' }, at: NOON } as const,
  click('visitor-7', 'c', 3),
];

describe('Erasures', () => {
  it('leaves no trace of the person but in the note of the erasure, and a rebuild gives the same state', async () => {
    await withErasures(async ({ log, follower, erasures, folder }) => {
      await log.append(HISTORY);
      await follower.catchUp();
      await follower.checkpoint();
      const erased = await erasures.erase('anna', NOON);
      expect(erased).toEqual({ interactions: 2, profile: true, logEntries: 5, position: 8 });
      const [user] = follower.state.users.read(['anna'], follower.state.position);
      expect(user).toBeNull();
      expect((await everything(log)).match(/anna/g)).toHaveLength(1);
      expect(await foldedAnew(log)).toBe(stateHash(follower.state));
      expect(await checkpointsOf(join(folder, 'checkpoints'))).toEqual([
        { file: expect.anything() as string, position: 8 },
      ]);
    });
  });

  it('leaves no fold of a replay that knows the person', async () => {
    await withErasures(async ({ log, follower, erasures, folder }) => {
      await log.append(HISTORY);
      await follower.catchUp();
      await mkdir(join(folder, 'replay', 'key'), { recursive: true });
      await writeFile(join(folder, 'replay', 'key', 'checkpoint-0000000000000004.bin'), 'anna');
      await erasures.erase('anna', NOON);
      expect(await readdir(folder)).not.toContain('replay');
    });
  });

  it('keeps what an id did after its history had become somebody else’s', async () => {
    await withErasures(async ({ log, follower, erasures }) => {
      await log.append(HISTORY);
      await follower.catchUp();
      await erasures.erase('anna', NOON);
      const [visitor] = follower.state.users.read(['visitor-7'], follower.state.position);
      expect(visitor).toMatchObject({ interactions: 1 });
      expect((await everything(log)).match(/visitor-7/g)).toHaveLength(1);
    });
  });

  it('goes on after a crash at any step, and takes the id out of its own note too', async () => {
    for (const position of [null, 8]) {
      await withErasures(async ({ log, follower, erasures, folder }) => {
        await log.append(HISTORY);
        const forgets = ['anna', 'erased-1'].map((userId) => ({ kind: 'forget', userId, at: NOON }) as const);
        if (position !== null) await log.append(forgets);
        await follower.catchUp();
        const merged = [{ userId: 'visitor-7', position: 3 }];
        const intent = { pseudonym: 'erased-1', sessionSalt: 'salt', userId: 'anna', position, merged };
        await mkdir(join(folder, 'erasures'));
        await writeFile(join(folder, 'erasures', 'erased-1.json'), JSON.stringify(intent));
        await erasures.resume();
        expect(log.last()).toBe(8);
        expect(await everything(log)).not.toContain('anna');
        expect(await readdir(join(folder, 'erasures'))).toEqual([]);
        expect(await foldedAnew(log)).toBe(stateHash(follower.state));
      });
    }
  });

  it('leaves nothing behind when the log refuses the event', async () => {
    await withErasures(async ({ log, follower, erasures, folder }) => {
      await log.append(HISTORY);
      await follower.catchUp();
      await log.close();
      await expect(erasures.erase('anna', NOON)).rejects.toThrow(LogUnavailableError);
      expect(await readdir(join(folder, 'erasures'))).toEqual([]);
    });
  });
});
