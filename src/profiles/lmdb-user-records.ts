/**
 * User records in lmdb, keyed by user, settings and position. Reads are memory-mapped look-ups; writes are visible at once
 * and not flushed: what a crash loses, the fold from the checkpoint writes again. A fold under other settings has
 * records of its own and never sees these; an erasure finds those of all settings.
 */
import { existsSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { AtHandRecords } from './at-hand-records.js';
import { type UserRecords } from './user-records.js';

const REMOVED = new Uint8Array(0);
/** Sorts behind every key of settings. */
const BEHIND_SETTINGS = '\uffff';

export interface LmdbUserRecordsOptions {
  /** Must exist. */
  readonly folder: string;
  /** Names what else than the log shapes a record: only records under the same name are read. */
  readonly settings: string;
  readonly tenant?: string;
}

type Key = [userId: string, settings: string, position: number];

export class LmdbUserRecords extends AtHandRecords implements UserRecords {
  private readonly root: RootDatabase;
  private readonly records: Database<Uint8Array, Key>;
  private readonly settings: string;
  private kept = 0;

  constructor({ folder, settings, tenant = 'main' }: LmdbUserRecordsOptions) {
    super();
    this.settings = settings;
    this.root = open({ path: folder, noSync: true });
    this.records = this.root.openDB<Uint8Array, Key>({ name: nameOf(tenant), encoding: 'binary' });
  }

  get(userId: string, position: number): Uint8Array | undefined {
    return newestRecord(this.records, [userId, this.settings, position]);
  }

  put(userId: string, position: number, record: Uint8Array): void {
    this.write(userId, position, record);
  }

  remove(userId: string, position: number): void {
    this.write(userId, position, REMOVED);
  }

  keepFrom(position: number): void {
    this.kept = position;
  }

  erase(userId: string, upTo: number): Promise<void> {
    this.root.resetReadTxn(); // other processes have written, too
    this.root.doesExist(0);
    // A shorter key is no key, but stands before all that begin with it.
    const range = { start: [userId] as unknown as Key, end: [userId, BEHIND_SETTINGS, 0] as Key };
    for (const key of [...this.records.getKeys(range)]) if (key[2] <= upTo) this.records.removeSync(key);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.records.flushed;
    await this.root.close();
  }

  private write(userId: string, position: number, record: Uint8Array): void {
    const range = { start: [userId, this.settings, this.kept] as Key, end: [userId, this.settings, -1] as Key };
    const [, ...hidden] = [...this.records.getKeys({ ...range, reverse: true })];
    for (const key of hidden) this.records.removeSync(key);
    this.records.putSync([userId, this.settings, position], Buffer.from(record));
  }
}

/** What another process has written, to be read and never changed; null where there is nothing. */
export interface WrittenUserRecords extends Pick<UserRecords, 'get'> {
  close(): Promise<void>;
}

export function openWrittenUserRecords({
  folder,
  settings,
  tenant = 'main',
}: LmdbUserRecordsOptions): WrittenUserRecords | null {
  if (!existsSync(folder)) return null;
  const root = open({ path: folder, readOnly: true });
  const records = root.openDB<Uint8Array, Key>({ name: nameOf(tenant), encoding: 'binary' }) as
    Database<Uint8Array, Key> | undefined;
  return {
    get: (userId, position) => records && newestRecord(records, [userId, settings, position]),
    close: () => root.close(),
  };
}

function nameOf(tenant: string): string {
  return `${tenant}/users`;
}

function newestRecord(records: Database<Uint8Array, Key>, key: Key): Uint8Array | undefined {
  const [userId, settings] = key;
  for (const { value } of records.getRange({ start: key, end: [userId, settings, -1], reverse: true, limit: 1 })) {
    return value.length === 0 ? undefined : value;
  }
  return undefined;
}
