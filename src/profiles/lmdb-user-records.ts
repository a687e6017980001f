/**
 * User records in lmdb, keyed by user and position. Reads are memory-mapped look-ups; writes are visible at once and not
 * flushed: what a crash loses, the fold from the checkpoint writes again.
 */
import { type Database, open } from 'lmdb';
import { type UserRecords } from './user-records.js';

const REMOVED = new Uint8Array(0);

export class LmdbUserRecords implements UserRecords {
  private readonly records: Database<Uint8Array, [string, number]>;
  private kept = 0;

  constructor(folder: string, tenant = 'main') {
    this.records = open<Uint8Array, [string, number]>({
      path: folder,
      name: `${tenant}/users`,
      encoding: 'binary',
      noSync: true,
    });
  }

  get(userId: string, position: number): Uint8Array | undefined {
    const range = { start: [userId, position] as [string, number], end: [userId, -1] as [string, number] };
    for (const { value } of this.records.getRange({ ...range, reverse: true, limit: 1 })) {
      return value.length === 0 ? undefined : value;
    }
    return undefined;
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

  erase(userId: string): void {
    for (const key of this.keysOf(userId, Number.MAX_SAFE_INTEGER)) this.records.removeSync(key);
  }

  async close(): Promise<void> {
    await this.records.flushed;
    await this.records.close();
  }

  private write(userId: string, position: number, record: Uint8Array): void {
    const [, ...hidden] = this.keysOf(userId, this.kept);
    for (const key of hidden) this.records.removeSync(key);
    this.records.putSync([userId, position], Buffer.from(record));
  }

  /** Keys of the user's records up to the position, newest first. */
  private keysOf(userId: string, position: number): [string, number][] {
    return [...this.records.getKeys({ start: [userId, position], end: [userId, -1], reverse: true })];
  }
}
