/**
 * User records in memory: for tests and for replays, which start from nothing and end with the process. Given written
 * records, it reads through to them and keeps what it writes to itself.
 */
import { AtHandRecords } from './at-hand-records.js';
import { type UserRecords } from './user-records.js';

interface Version {
  readonly position: number;
  readonly record: Uint8Array | undefined;
}

export class MemoryUserRecords extends AtHandRecords implements UserRecords {
  /** Versions of each user, oldest first. */
  private readonly versions = new Map<string, Version[]>();
  private kept = 0;

  constructor(private readonly written: Pick<UserRecords, 'get'> | null = null) {
    super();
  }

  get(userId: string, position: number): Uint8Array | undefined {
    const own = this.versions.get(userId)?.findLast((version) => version.position <= position);
    return own === undefined ? this.written?.get(userId, position) : own.record;
  }

  put(userId: string, position: number, record: Uint8Array): void {
    this.write(userId, { position, record });
  }

  remove(userId: string, position: number): void {
    this.write(userId, { position, record: undefined });
  }

  keepFrom(position: number): void {
    this.kept = position;
  }

  erase(userId: string, upTo: number): Promise<void> {
    const left = this.versions.get(userId)?.filter(({ position }) => position > upTo) ?? [];
    if (left.length === 0) this.versions.delete(userId);
    else this.versions.set(userId, left);
    return Promise.resolve();
  }

  private write(userId: string, version: Version): void {
    const versions = (this.versions.get(userId) ?? []).filter((other) => other.position < version.position);
    const visible = versions.findLastIndex((other) => other.position <= this.kept);
    this.versions.set(userId, [...versions.slice(Math.max(visible, 0)), version]);
  }
}
