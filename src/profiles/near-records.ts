/**
 * The records that a process holds of a store on the other side of a network: of each user the newest one, or that there is
 * none. So many bytes of them; the least recently used go first, but none that is still needed.
 */
export interface NearRecord {
  /** Position at which it was written; 0 where the user never had one. */
  readonly from: number;
  /** Undefined: there is none, or it was removed. */
  readonly record: Uint8Array | undefined;
}

/** What an entry takes besides its id and its record. */
const ENTRY_BYTES = 120;

export class NearRecords {
  /** The least recently used first. */
  private readonly entries = new Map<string, NearRecord>();
  private held = 0;

  constructor(private readonly bound: number) {}

  /** About so many bytes are held. */
  get bytes(): number {
    return this.held;
  }

  get(userId: string): NearRecord | undefined {
    return this.entries.get(userId);
  }

  set(userId: string, near: NearRecord): void {
    const before = this.entries.get(userId);
    if (before !== undefined) this.drop(userId, before);
    this.entries.set(userId, near);
    this.held += bytesOf(userId, near);
  }

  /** Counts the user as used now; false where nothing is held of them. */
  touch(userId: string): boolean {
    const near = this.entries.get(userId);
    if (near === undefined) return false;
    this.entries.delete(userId);
    this.entries.set(userId, near);
    return true;
  }

  /** Lets go of what is over the bound. */
  makeRoom(isNeeded: (userId: string) => boolean): void {
    for (const [userId, near] of this.entries) {
      if (this.held <= this.bound) return;
      if (!isNeeded(userId)) this.drop(userId, near);
    }
  }

  private drop(userId: string, near: NearRecord): void {
    this.entries.delete(userId);
    this.held -= bytesOf(userId, near);
  }
}

function bytesOf(userId: string, { record }: NearRecord): number {
  return ENTRY_BYTES + 2 * userId.length + (record?.length ?? 0);
}
