import { mkdir, readdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openMemoryLog } from '../support/memory-log.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import {
  CheckpointError,
  checkpointsOf,
  readCheckpoint,
  stateHash,
  writeCheckpoint,
} from '../../src/state/checkpoint.js';
import { FilesCheckpointStore } from '../../src/state/files-checkpoint-store.js';
import { Follower } from '../../src/state/follower.js';
import { LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { withFolder } from '../support/server.js';
import { click, stateOf } from '../support/state.js';

const empty = (settings: StateSettings = DEFAULT_STATE_SETTINGS): LiveState =>
  new LiveState(settings, new MemoryUserRecords());
const some = (): LiveState => stateOf([click('u', 'a', 0, { sessionId: 's' }), click('v', 'b', 1)]);

async function onlyFile(folder: string): Promise<string> {
  const { file } = (await checkpointsOf(folder))[0]!;
  return join(folder, file);
}

describe('a checkpoint', () => {
  it('gives back a state with the same hash', async () => {
    await withFolder(async (folder) => {
      const state = some();
      await writeCheckpoint(folder, state);
      const read = empty();
      await readCheckpoint(await onlyFile(folder), read);
      expect(stateHash(read)).toBe(stateHash(state));
      expect(read.position).toBe(2);
    });
  });

  it('with one changed byte anywhere, or cut short, is refused', async () => {
    await withFolder(async (folder) => {
      await writeCheckpoint(folder, some());
      const file = await onlyFile(folder);
      const whole = await readFile(file);
      for (const at of [0, 17, 40, whole.length >> 1, whole.length - 40, whole.length - 1]) {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= 1;
        await writeFile(file, damaged);
        await expect(readCheckpoint(file, empty())).rejects.toThrow(CheckpointError);
      }
      await writeFile(file, whole);
      await truncate(file, whole.length - 100);
      await expect(readCheckpoint(file, empty())).rejects.toThrow('its checksum does not match');
      await writeFile(file, 'something else');
      await expect(readCheckpoint(file, empty())).rejects.toThrow('is not a checkpoint');
    });
  });

  it('made under other settings is refused', async () => {
    await withFolder(async (folder) => {
      await writeCheckpoint(folder, some());
      const other = { ...DEFAULT_STATE_SETTINGS, scopes: ['all'] };
      await expect(readCheckpoint(await onlyFile(folder), empty(other))).rejects.toThrow('under other settings');
    });
  });

  it('is written beside and moved, and only the newest two stay', async () => {
    await withFolder(async (folder) => {
      const state = some();
      for (let at = 0; at < 4; at++) {
        await writeCheckpoint(folder, state);
        state.apply(click('u', `more-${at}`, 5 + at), state.position + 1);
      }
      expect(await readdir(folder)).toHaveLength(2);
      expect((await checkpointsOf(folder)).map(({ position }) => position)).toEqual([5, 4]);
    });
  });

  it('sweeps up what killed processes left unfinished, and what others are writing only where it is to be alone', async () => {
    await withFolder(async (folder) => {
      const [left, fresh, foreign] = ['1.tmp', '2.tmp', 'note'].map((end) =>
        end === 'note' ? end : `checkpoint-0000000000000001.bin.${end}`,
      );
      for (const file of [left!, fresh!, foreign!]) await writeFile(join(folder, file), 'half');
      await utimes(join(folder, left!), 0, 0);
      const state = some();
      await writeCheckpoint(folder, state);
      const { file } = (await checkpointsOf(folder))[0]!;
      expect((await readdir(folder)).sort()).toEqual([fresh, file, foreign].sort());
      await writeCheckpoint(folder, state, { keep: 1 });
      expect((await readdir(folder)).sort()).toEqual([file, foreign].sort());
    });
  });

  it('that can not be moved into place leaves nothing behind', async () => {
    await withFolder(async (folder) => {
      const blocked = join(folder, 'checkpoint-0000000000000002.bin');
      await mkdir(join(blocked, 'not-empty'), { recursive: true });
      await expect(writeCheckpoint(folder, some())).rejects.toThrow();
      expect(await readdir(folder)).toEqual(['checkpoint-0000000000000002.bin']);
    });
  });
});

describe('Follower', () => {
  it('falls back to an older checkpoint, or to the start, and says why', async () => {
    await withFolder(async (folder) => {
      const log = openMemoryLog();
      const told: string[] = [];
      const options = {
        log,
        records: new MemoryUserRecords(),
        settings: DEFAULT_STATE_SETTINGS,
        checkpoints: new FilesCheckpointStore(folder),
        onProblem: (message: string): void => void told.push(message),
      };
      await log.append([click('u', 'a', 0)]);
      const follower = await Follower.open(options);
      await follower.checkpoint();
      await log.append([click('u', 'b', 1)]);
      await follower.catchUp();
      await follower.checkpoint();
      await writeFile(await onlyFile(folder), 'garbage');
      const again = await Follower.open(options);
      expect(stateHash(again.state)).toBe(stateHash(follower.state));
      expect(told).toEqual([expect.stringMatching(/checkpoint not used: .* is not a checkpoint/) as string]);
    });
  });

  it('does not use a checkpoint that is ahead of its log', async () => {
    await withFolder(async (folder) => {
      const told: string[] = [];
      await writeCheckpoint(folder, some());
      const follower = await Follower.open({
        log: openMemoryLog(),
        records: new MemoryUserRecords(),
        settings: DEFAULT_STATE_SETTINGS,
        checkpoints: new FilesCheckpointStore(folder),
        onProblem: (message) => told.push(message),
      });
      expect(follower.state.position).toBe(0);
      expect(told[0]).toContain('is ahead of the log, which ends at 0');
    });
  });
});
