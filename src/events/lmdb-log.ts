/**
 * The event log in lmdb, the embedded default: one folder, any number of processes of one machine. The entries of a
 * tenant are a sub-database of their own, position -> bytes of the codec. A commit is flushed before it becomes visible,
 * so whatever any process reads is on disk.
 */
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { asBinary, type Database, open, type RootDatabase, type RootDatabaseOptions } from 'lmdb';
import { type EventCodec, eventCodec, LogFormatError } from './codec.js';
import { DuplicateIds, idKey } from './duplicate-ids.js';
import { type Event } from './event.js';
import { GroupCommit } from './group-commit.js';
import { refuseForeignFile } from './lmdb-file.js';
import { freshView, lastKey } from './lmdb-reads.js';
import {
  type Appended,
  type EventLog,
  type LogEntry,
  LogUnavailableError,
  type Position,
  type PseudonymiseOptions,
} from './log.js';
import { refuseNetworkShare } from './network-share.js';
import { type Pseudonymise, pseudonymiser } from './pseudonymise.js';

export interface LmdbLogOptions {
  /** Created where it doesn't exist, unless `readOnly`. */
  readonly folder: string;
  readonly tenant?: string;
  /** How many of the ids that clients gave last are known as duplicates; about 100 bytes of disk each. */
  readonly duplicateWindow?: number;
  /** Only reads what another process writes: appending and erasing fail with `LogUnavailableError`. */
  readonly readOnly?: boolean;
}

/**
 * Without `overlappingSync` a commit is written to disk before it is visible, and one that fails leaves nothing behind.
 * Without `eventTurnBatching` lmdb-js makes no promise besides ours, whose rejection would be nobody's to handle.
 */
const ENVIRONMENT = { noSubdir: false, maxDbs: 64, overlappingSync: false, eventTurnBatching: false } as const;

/** Entries that a group of writes holds, or one step of an erasure reads, before others get their turn: some 10 ms. */
const ENTRIES_PER_TURN = 4_000;

/** Opens the log, or throws: `NetworkShareError` before anything is touched, else `LogUnavailableError`. */
export function openLmdbLog(options: LmdbLogOptions): EventLog {
  refuseNetworkShare(options.folder);
  return available(() => new LmdbLog(options));
}

class LmdbLog implements EventLog {
  readonly #root: RootDatabase;
  readonly #entries: Database<Event, Position>;
  readonly #codec: EventCodec;
  /** Absent in a log that is only read. */
  readonly #writer: { readonly commits: GroupCommit; readonly ids: DuplicateIds } | undefined;
  #closed: Promise<void> | undefined;

  constructor({ folder, tenant = 'main', duplicateWindow = 1_000_000, readOnly = false }: LmdbLogOptions) {
    if (readOnly && !existsSync(folder)) throw new Error(`${folder} does not exist`);
    refuseForeignFile(folder);
    this.#codec = eventCodec(tenant);
    this.#root = open(folder, { ...ENVIRONMENT, readOnly });
    const encoding: RootDatabaseOptions = { encoder: this.#codec }; // decodes in lmdb's buffer, without a copy
    this.#entries = this.#root.openDB(`${tenant}/entries`, encoding);
    if (this.#entries === undefined) {
      void this.#root.close();
      throw new Error(`${folder} holds no log of tenant "${tenant}"`);
    }
    if (!readOnly) {
      const ids = new DuplicateIds(this.#root, tenant, duplicateWindow);
      this.#writer = { commits: new GroupCommit(this.#root, ENTRIES_PER_TURN), ids };
    }
  }

  async append(events: readonly Event[]): Promise<Appended> {
    const packed = events.map((event) => this.#pack(event)); // before the transaction: what it throws concerns no other
    const keys = events.map((event) =>
      event.kind === 'interaction' && event.id !== undefined ? idKey(event.userId, event.id) : undefined,
    );
    if (events.length === 0) return { position: this.last(), positions: [] };
    return this.#write(events.length, ({ ids }) => {
      let position = lastKey(this.#entries);
      const positions = ids.admit(keys).map((admitted, i) => {
        if (!admitted) return null;
        this.#entries.putSync(++position, packed[i]!, { append: true });
        return position;
      });
      return { position, positions };
    });
  }

  async read(after: Position, limit: number): Promise<readonly LogEntry[]> {
    return this.#answer(() => {
      const read: LogEntry[] = [];
      const range = this.#entries.getRange({ start: after + 1, limit })[Symbol.iterator]();
      try {
        for (let next = range.next(); !next.done; next = range.next()) {
          read.push({ position: next.value.key, event: next.value.value });
        }
      } finally {
        range.return?.(); // where decoding throws lmdb-js would leave its cursor open, and the old view with it
      }
      return read;
    });
  }

  async get(positions: readonly Position[]): Promise<readonly (Event | null)[]> {
    return this.#answer(() => positions.map((position) => this.#entries.get(position) ?? null));
  }

  last(): Position {
    return this.#answer(() => lastKey(this.#entries));
  }

  /**
   * No read can find the old bytes any more; but lmdb writes to fresh pages, so the abandoned ones keep them within the
   * file until it uses those pages again for later entries.
   */
  async pseudonymise(userId: string, pseudonym: string, options: PseudonymiseOptions): Promise<number> {
    const rewrite = pseudonymiser({ userId, pseudonym, ...options });
    const name = Buffer.from(userId);
    const end = Math.min(options.upTo, this.last());
    let rewritten = 0;
    for (let first = 1; first <= end; first += ENTRIES_PER_TURN) {
      const positions = this.#answer(() => {
        const last = Math.min(end, first + ENTRIES_PER_TURN - 1);
        return this.#naming(name, first, last).filter((position) => this.#rewritten(position, rewrite) !== null);
      });
      if (positions.length > 0) {
        rewritten += await this.#write(positions.length, () => this.#rewrite(positions, rewrite));
      }
      await nextTurn();
    }
    return rewritten;
  }

  close(): Promise<void> {
    this.#closed ??= (this.#writer?.commits.idle() ?? Promise.resolve()).then(() => this.#root.close());
    return this.#closed;
  }

  /** Positions of the entries that may name the user, found without decoding any. */
  #naming(name: Buffer, first: Position, last: Position): Position[] {
    const found: Position[] = [];
    for (let position = first; position <= last; position++) {
      if (this.#entries.getBinary(position)?.includes(name)) found.push(position);
    }
    return found;
  }

  /** Reads each entry again, within the transaction: another process may have erased the other user of a merge. */
  #rewrite(positions: readonly Position[], rewrite: Pseudonymise): number {
    let rewritten = 0;
    for (const position of positions) {
      const event = this.#rewritten(position, rewrite);
      if (event === null) continue;
      this.#entries.putSync(position, this.#pack(event));
      rewritten++;
    }
    return rewritten;
  }

  #rewritten(position: Position, rewrite: Pseudonymise): Event | null {
    const event = this.#entries.get(position);
    return event === undefined ? null : rewrite(event);
  }

  /** The bytes of an entry, in the wrapper that lmdb-js takes in place of a value. */
  #pack(event: Event): Event {
    // lmdb-js declares values alone; it writes what stands in its wrapper as it is.
    return asBinary(this.#codec.encode(event)) as unknown as Event;
  }

  #answer<T>(answer: () => T): T {
    return available(() => {
      this.#refuseClosed();
      freshView(this.#root);
      return answer();
    });
  }

  async #write<T>(size: number, run: (writer: { readonly ids: DuplicateIds }) => T): Promise<T> {
    this.#refuseClosed();
    const writer = this.#writer;
    if (writer === undefined) throw new LogUnavailableError('the event log was opened for reading only');
    return writer.commits.write(size, () => run(writer)).catch(unavailable);
  }

  #refuseClosed(): void {
    if (this.#closed !== undefined) throw new LogUnavailableError('the event log is closed');
  }
}

function available<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    return unavailable(error);
  }
}

/** Errors of lmdb become the contract's; those that are ours already, or of an entry that can't be read, stay. */
function unavailable(error: unknown): never {
  if (error instanceof LogUnavailableError || error instanceof LogFormatError) throw error;
  const message = error instanceof Error ? error.message : String(error);
  throw new LogUnavailableError(`the event log is unavailable: ${message}`, { cause: error });
}
