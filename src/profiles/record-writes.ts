/**
 * Writes that wait for their way to the store, by user and in their order. Some are taken at a time; what did not arrive is put
 * back before those that came since.
 */
export interface RecordWrite {
  readonly position: number;
  /** Empty: a removal. */
  readonly record: Uint8Array;
}

export type UserWrites = ReadonlyMap<string, readonly RecordWrite[]>;

export class RecordWrites {
  private waiting = new Map<string, readonly RecordWrite[]>();
  private taken: UserWrites = new Map();

  get isEmpty(): boolean {
    return this.waiting.size === 0 && this.taken.size === 0;
  }

  /** Whether something of the user is not known to be in the store. */
  has(userId: string): boolean {
    return this.waiting.has(userId) || this.taken.has(userId);
  }

  /** Whether all that was written up to the position is known to be in the store. */
  isPast(position: number): boolean {
    for (const writes of [...this.waiting.values(), ...this.taken.values()]) {
      if (writes[0]!.position <= position) return false;
    }
    return true;
  }

  add(userId: string, write: RecordWrite): void {
    this.waiting.set(userId, [...(this.waiting.get(userId) ?? []), write]);
  }

  /** Drops what waits of the user up to the position. */
  drop(userId: string, upTo: number): void {
    const left = this.waiting.get(userId)?.filter(({ position }) => position > upTo) ?? [];
    if (left.length === 0) this.waiting.delete(userId);
    else this.waiting.set(userId, left);
  }

  /** The oldest, of whole users, until they have so many bytes; ends with `arrived` or `putBack`. */
  take(bytes: number): UserWrites {
    const some = new Map<string, readonly RecordWrite[]>();
    let left = bytes;
    for (const [userId, writes] of this.waiting) {
      if (left <= 0) break;
      some.set(userId, writes);
      this.waiting.delete(userId);
      for (const { record } of writes) left -= record.length;
    }
    this.taken = some;
    return some;
  }

  arrived(): void {
    this.taken = new Map();
  }

  putBack(): void {
    const since = this.waiting;
    this.waiting = new Map(this.taken);
    for (const [userId, writes] of since) this.waiting.set(userId, [...(this.taken.get(userId) ?? []), ...writes]);
    this.taken = new Map();
  }
}
