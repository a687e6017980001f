/** What every backend of the checkpoint store must do; each backend's test file runs it with its own way of opening one. */
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { CheckpointError, stateHash } from '../../src/state/checkpoint.js';
import { type CheckpointStore } from '../../src/state/checkpoint-store.js';
import { LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { click, stateOf } from '../support/state.js';

/** A place of checkpoints, and how to damage what is in it. */
export interface CheckpointPlace {
  /** Two stores over it; they stand for two processes. */
  readonly store: CheckpointStore;
  readonly other: CheckpointStore;
  /** Replaces the bytes of the checkpoint of this position. */
  readonly rewrite: (position: number, change: (bytes: Buffer) => Buffer) => Promise<void>;
}

const empty = (settings: StateSettings = DEFAULT_STATE_SETTINGS): LiveState =>
  new LiveState(settings, new MemoryUserRecords());

/** A state of so many events. */
export const stateAt = (position: number, settings: Partial<StateSettings> = {}): LiveState =>
  stateOf(
    Array.from({ length: position }, (_, at) => click(`u${at % 3}`, `item-${at}`, at)),
    settings,
  );

export function checkpointStoreContract(
  withPlace: (run: (place: CheckpointPlace) => Promise<void>) => Promise<void>,
): void {
  const positions = async (store: CheckpointStore): Promise<number[]> =>
    (await store.list()).map(({ position }) => position);

  it('is empty at first', () =>
    withPlace(async ({ store }) => {
      expect(await store.list()).toEqual([]);
    }));

  it('gives back a state with the same hash, in any other store of the place', () =>
    withPlace(async ({ store, other }) => {
      const state = stateAt(5);
      expect(await store.write(state)).toEqual([5]);
      const [found] = await other.list();
      const read = empty();
      await other.read(found!, read, undefined);
      expect([read.position, stateHash(read)]).toEqual([5, stateHash(state)]);
    }));

  it('keeps the two newest, newest first', () =>
    withPlace(async ({ store }) => {
      for (const position of [2, 4, 6]) await store.write(stateAt(position));
      expect(await positions(store)).toEqual([6, 4]);
      expect(await store.write(stateAt(8))).toEqual([8, 6]);
    }));

  it('writes the state of one moment, however it changes meanwhile', () =>
    withPlace(async ({ store }) => {
      const state = stateAt(3);
      const writing = store.write(state);
      for (let at = 3; at < 300; at++) {
        state.apply(click('u', `more-${at}`, at), at + 1);
        if (at % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await writing;
      const [found] = await store.list();
      const read = empty();
      await store.read(found!, read, undefined);
      const then = stateAt(3);
      for (let at = 3; at < found!.position; at++) then.apply(click('u', `more-${at}`, at), at + 1);
      expect(stateHash(read)).toBe(stateHash(then));
    }));

  it('refuses one with a changed byte, one that is cut short and one that is something else', () =>
    withPlace(async ({ store, rewrite }) => {
      const changes: [(bytes: Buffer) => Buffer, RegExp][] = [
        [(bytes) => bytes.fill(bytes[300]! ^ 1, 300, 301), /damaged/],
        [(bytes) => bytes.subarray(0, -100), /damaged/],
        [(bytes) => Buffer.alloc(bytes.length, 'x'), /damaged|not a checkpoint/],
        [() => Buffer.alloc(0), /damaged|not a checkpoint/],
      ];
      for (const [change, reason] of changes) {
        await store.write(stateAt(4));
        await rewrite(4, change);
        const [found] = await store.list();
        const reading = store.read(found!, empty(), undefined);
        await expect(reading).rejects.toThrow(CheckpointError);
        await expect(reading).rejects.toMatchObject({ code: 'CHECKPOINT_UNUSABLE' });
        await expect(reading).rejects.toThrow(reason);
      }
    }));

  it('refuses one that was made under other settings', () =>
    withPlace(async ({ store }) => {
      await store.write(stateAt(4));
      const [found] = await store.list();
      const other = empty({ ...DEFAULT_STATE_SETTINGS, scopes: ['all'] });
      await expect(store.read(found!, other, undefined)).rejects.toThrow('under other settings');
    }));

  it('refuses one of another log, or of a log without a name', () =>
    withPlace(async ({ store }) => {
      await store.write(stateAt(4), { log: 'this one' });
      const [found] = await store.list();
      await store.read(found!, empty(), 'this one');
      for (const log of ['another one', undefined]) {
        await expect(store.read(found!, empty(), log)).rejects.toThrow('is of another log');
      }
    }));

  it('leaves only the one that is to be the only one, whichever process wrote before', () =>
    withPlace(async ({ store, other }) => {
      for (const position of [2, 4]) await store.write(stateAt(position));
      expect(await other.write(stateAt(5), { only: true })).toEqual([5]);
      expect(await positions(store)).toEqual([5]);
    }));

  it('says that one is gone that was listed before', () =>
    withPlace(async ({ store }) => {
      await store.write(stateAt(2));
      const [found] = await store.list();
      await store.write(stateAt(3), { only: true });
      await expect(store.read(found!, empty(), undefined)).rejects.toThrow(`${found!.name} is gone`);
    }));
}
