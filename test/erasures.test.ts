import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErasureNote } from '../src/erasure-note.js';
import { Erasures, FORGET_EVENT_KEEPS_ID_MS } from '../src/erasures.js';
import { FolderErasureNotes } from '../src/folder-erasure-notes.js';
import { logSource } from '../src/events/event-source.js';
import { type EventLog, LogUnavailableError } from '../src/events/log.js';
import { openLmdbLog } from '../src/events/lmdb-log.js';
import { processMark } from '../src/disk/process-mark.js';
import { MemoryUserRecords } from '../src/profiles/memory-user-records.js';
import { checkpointsOf, stateHash } from '../src/state/checkpoint.js';
import { FilesCheckpointStore } from '../src/state/files-checkpoint-store.js';
import { Follower } from '../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../src/state/state-settings.js';
import { WorkFolder } from '../src/training/work-folder.js';
import { evaluated } from './support/replay.js';
import { withFolder } from './support/server.js';
import { click, NOON } from './support/state.js';

interface Opened {
  readonly log: EventLog;
  readonly follower: Follower;
  readonly erasures: Erasures;
  readonly folder: string;
  /** Ids whose slates were forgotten, in order. */
  readonly forgotten: string[];
  readonly problems: string[];
  /** The clock of erasures, ms; tests move it. */
  now: number;
}

interface Options {
  readonly settings?: StateSettings;
  /** Called whenever slates are forgotten. */
  readonly onForget?: (opened: Opened) => Promise<void>;
}

async function withErasures(
  run: (opened: Opened) => Promise<void>,
  { settings = DEFAULT_STATE_SETTINGS, onForget }: Options = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const log = openLmdbLog({ folder: join(folder, 'log') });
    const records = new MemoryUserRecords();
    const checkpoints = new FilesCheckpointStore(join(folder, 'checkpoints'));
    const follower = await Follower.open({ log, records, checkpoints, settings });
    const problems: string[] = [];
    const forgotten: string[] = [];
    const opened: Omit<Opened, 'erasures'> = { log, follower, folder, forgotten, problems, now: NOON };
    const erasures = new Erasures({
      notes: new FolderErasureNotes(join(folder, 'erasures'), FORGET_EVENT_KEEPS_ID_MS, () => opened.now),
      replays: join(folder, 'replay'),
      trainings: join(folder, 'training'),
      log,
      follower,
      slates: {
        async forget(userId) {
          forgotten.push(userId);
          await onForget?.(opened as Opened);
          return 1;
        },
      },
      now: () => opened.now,
      onProblem: (message) => problems.push(message),
    });
    await run(Object.assign(opened, { erasures }));
    await erasures.close();
    await log.close();
  });
}

const writeNote = (folder: string, note: ErasureNote): Promise<void> =>
  new FolderErasureNotes(folder, 0, () => NOON).write(note);

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

/** A process that has ended. */
const ENDED = { ...processMark(), pid: spawnSync(process.execPath, ['-e', '']).pid };
const LEFT: ErasureNote = {
  pseudonym: 'erased-1',
  sessionSalt: 'salt',
  userId: 'anna',
  merged: [],
  at: NOON,
  owner: ENDED,
  position: null,
  carriedOut: false,
};

describe('Erasures', () => {
  it('leaves no trace of the person but in the note of the erasure, and a rebuild gives the same state', async () => {
    await withErasures(async ({ log, follower, erasures, folder }) => {
      await log.append(HISTORY);
      await follower.catchUp();
      await follower.checkpoint();
      const erased = await erasures.erase('anna', NOON);
      expect(erased).toEqual({ interactions: 2, profile: true, slates: 4, logEntries: 5, position: 8 });
      const [user] = follower.state.users.read(['anna'], follower.state.position);
      expect(user).toBeNull();
      expect((await everything(log)).match(/anna/g)).toHaveLength(1);
      expect(await foldedAnew(log)).toBe(stateHash(follower.state));
      expect(await checkpointsOf(join(folder, 'checkpoints'))).toEqual([
        { file: expect.anything() as string, position: 8 },
      ]);
    });
  });

  it('erases records once more before it ends, for a process that stood still may have written them', async () => {
    await withErasures(async (opened) => {
      const { log, follower, erasures } = opened;
      await log.append(HISTORY);
      await follower.catchUp();
      await erasures.erase('anna', NOON);
      const { records } = follower.state;
      records.put('anna', 4, Buffer.from('late'));
      records.put('visitor-7', 2, Buffer.from('late'));
      records.put('visitor-7', 6, Buffer.from('somebody else'));
      opened.now = NOON + FORGET_EVENT_KEEPS_ID_MS;
      await erasures.resume();
      expect(['anna', 'visitor-7'].map((id) => records.get(id, 5))).toEqual([undefined, undefined]);
      expect(records.get('visitor-7', 6)).toEqual(Buffer.from('somebody else'));
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
      await withErasures(async (opened) => {
        const { log, follower, erasures, folder } = opened;
        await log.append(HISTORY);
        const forgets = ['anna', 'erased-1'].map((userId) => ({ kind: 'forget', userId, at: NOON }) as const);
        if (position !== null) await log.append(forgets);
        await follower.catchUp();
        const merged = [{ userId: 'visitor-7', position: 3 }];
        await writeNote(join(folder, 'erasures'), { ...LEFT, position, merged });
        await erasures.resume();
        expect(await everything(log)).toContain('anna');
        opened.now = NOON + FORGET_EVENT_KEEPS_ID_MS;
        await erasures.resume();
        expect(log.last()).toBe(8);
        expect(await everything(log)).not.toContain('anna');
        expect(await readdir(join(folder, 'erasures'))).toEqual([]);
        expect(await foldedAnew(log)).toBe(stateHash(follower.state));
      });
    }
  });

  it('takes the id out of the forget event when its time has come, and not before', async () => {
    await withErasures(async (opened) => {
      const { log, erasures, folder } = opened;
      await log.append(HISTORY);
      await erasures.erase('anna', NOON);
      opened.now = NOON + FORGET_EVENT_KEEPS_ID_MS - 1;
      await erasures.resume();
      expect((await everything(log)).match(/anna/g)).toHaveLength(1);
      opened.now++;
      await erasures.resume();
      expect(await everything(log)).not.toContain('anna');
      expect(await readdir(join(folder, 'erasures'))).toEqual([]);
    });
  });

  it('leaves an erasure to the process that carries it out, as long as that runs', async () => {
    await withErasures(async ({ log, erasures, folder }) => {
      await log.append(HISTORY);
      await writeNote(join(folder, 'erasures'), { ...LEFT, at: 0, owner: processMark(process.ppid) });
      await erasures.resume();
      expect(log.last()).toBe(HISTORY.length);
    });
  });

  it('reports a damaged note by name and code, once, and goes on with the others', async () => {
    await withErasures(async ({ log, erasures, folder, problems }) => {
      await log.append(HISTORY);
      const notes = join(folder, 'erasures');
      await mkdir(notes);
      await writeFile(join(notes, 'erased-0.json'), '');
      await writeFile(join(notes, 'erased-2.json'), '{"userId":"anna"}');
      await writeNote(notes, { ...LEFT, at: 0 });
      await erasures.resume();
      await erasures.resume();
      expect(problems).toEqual(
        ['erased-0.json', 'erased-2.json'].map(
          (name) =>
            `ERASURE_NOTE_DAMAGED: ${join(notes, name)} is no note of an erasure: an erasure may be half done; ask for it again and remove this`,
        ),
      );
      expect(await everything(log)).not.toContain('anna');
      expect(await readdir(notes)).toEqual(['erased-0.json', 'erased-2.json']);
    });
  });

  it('replaces a note whole: what is there before and after each step can be read', async () => {
    const seen: ErasureNote[] = [];
    const onForget = async ({ folder }: Opened): Promise<void> => {
      const [file, ...others] = await readdir(join(folder, 'erasures'));
      expect(others).toEqual([]);
      seen.push(JSON.parse(await readFile(join(folder, 'erasures', file!), 'utf8')) as ErasureNote);
    };
    await withErasures(
      async ({ log, erasures }) => {
        await log.append(HISTORY);
        await erasures.erase('anna', NOON);
        expect(seen).toHaveLength(4);
        for (const note of seen) expect(note).toMatchObject({ userId: 'anna', position: 8, carriedOut: false });
      },
      { onForget },
    );
  });

  it('forgets lists of the person and of every id merged into it, once the log is rewritten too', async () => {
    const named: number[] = [];
    const onForget = async ({ log }: Opened): Promise<void> =>
      void named.push((await everything(log)).match(/anna/g)!.length);
    await withErasures(
      async ({ log, erasures, forgotten }) => {
        await log.append(HISTORY);
        await erasures.erase('anna', NOON);
        expect(forgotten).toEqual(['anna', 'visitor-7', 'anna', 'visitor-7']);
        expect(named.slice(-2)).toEqual([1, 1]);
      },
      { onForget },
    );
  });

  it('erases the ids merged into a user who has spilled from memory', async () => {
    const settings = { ...DEFAULT_STATE_SETTINGS, bounds: { ...DEFAULT_STATE_SETTINGS.bounds, users: 2 } };
    await withErasures(
      async ({ log, follower, erasures }) => {
        const others = ['u1', 'u2', 'u3'].map((id, at) => click(id, 'd', 4 + at));
        await log.append([...HISTORY.slice(0, 5), ...others]);
        await follower.catchUp();
        expect(follower.state.users.find('anna')).toBe(-1);
        await erasures.erase('anna', NOON);
        const rewritten = await everything(log);
        expect(rewritten).not.toContain('visitor-7');
        expect(rewritten).not.toContain('example.org');
      },
      { settings },
    );
  });

  it('leaves the spilled record of whoever bears the id of a merged visitor since', async () => {
    const settings = { ...DEFAULT_STATE_SETTINGS, bounds: { ...DEFAULT_STATE_SETTINGS.bounds, users: 2 } };
    await withErasures(
      async ({ log, follower, erasures }) => {
        await log.append([...HISTORY, ...['u1', 'u2'].map((id, at) => click(id, 'd', 4 + at))]);
        await follower.catchUp();
        const { users } = follower.state;
        expect(users.find('visitor-7')).toBe(-1);
        await erasures.erase('anna', NOON);
        const [visitor, anna] = users.read(['visitor-7', 'anna'], follower.state.position);
        expect([visitor?.interactions, anna]).toEqual([1, null]);
      },
      { settings },
    );
  });

  it('leaves nothing behind when the log refuses the event', async () => {
    await withErasures(async ({ log, follower, erasures, folder }) => {
      await log.append(HISTORY);
      await follower.catchUp();
      jest.spyOn(log, 'append').mockRejectedValue(new LogUnavailableError('the disk is full'));
      await expect(erasures.erase('anna', NOON)).rejects.toThrow(LogUnavailableError);
      expect(await readdir(join(folder, 'erasures'))).toEqual([]);
    });
  });

  it('leaves no fold of a replay that knows the person', async () => {
    await withErasures(async ({ log, follower, erasures, folder }) => {
      await log.append(HISTORY);
      await follower.catchUp();
      await mkdir(join(folder, 'replay', 'key'), { recursive: true });
      await writeFile(join(folder, 'replay', 'key', 'checkpoint-0000000000000004.bin'), 'anna');
      await erasures.erase('anna', NOON);
      expect(await readdir(join(folder, 'replay'))).toEqual(['last-erasure']);
    });
  });

  it('leaves none either of a replay that had read the person’s events before', async () => {
    await withErasures(async ({ log, follower, erasures, folder }) => {
      await log.append([...HISTORY, click('other', 'b', 60)]);
      await follower.catchUp();
      const source = await logSource(log);
      let reads = 0;
      async function* read(after: number) {
        const isFold = ++reads === 2;
        for await (const entries of source.read(after)) {
          if (isFold) await erasures.erase('anna', NOON);
          yield entries;
        }
      }
      const cacheFolder = join(folder, 'replay');
      const asked = { from: NOON + 30 * 60_000, cacheFolder };
      expect((await evaluated([], { source: { ...source, read }, ...asked })).queries).toBe(1);
      expect(await readdir(cacheFolder)).toEqual(['last-erasure']);
      await evaluated([], { source: await logSource(log), ...asked });
      const [kept] = (await readdir(cacheFolder, { recursive: true })).filter((file) => file.endsWith('.bin'));
      expect((await readFile(join(cacheFolder, kept!))).includes('anna')).toBe(false);
    });
  });

  it('leaves a training under way its folder, and removes what others left', async () => {
    await withErasures(async ({ log, follower, erasures, folder }) => {
      await log.append(HISTORY);
      await follower.catchUp();
      const trainings = join(folder, 'training');
      const running = await WorkFolder.open(trainings, { a: 1 });
      await running.once('weights', () => Promise.resolve([1]));
      await (await WorkFolder.open(trainings, { a: 2 })).release();
      await erasures.erase('anna', NOON);
      expect(await readdir(trainings)).toHaveLength(1);
      expect(await running.once('weights', () => Promise.resolve([2]))).toEqual([1]);
    });
  });
});
