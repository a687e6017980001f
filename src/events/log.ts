/**
 * The event log: one total order of every mutation. State is a fold over it, so it is the only thing that must not be lost.
 * Contract of a backend: `append` answers only when the events are as durable as the backend can be, which for the embedded
 * one is on disk; positions rise by one from 1 without gaps, whichever process appends; a reader sees either all events of
 * one `append` or none of them. What is optional below belongs to a backend that is a service of its own.
 */
import { type Event } from './event.js';

/** Place of an event in the log, counted from 1; 0 stands before the first. */
export type Position = number;

export interface LogEntry {
  readonly position: Position;
  readonly event: Event;
}

export interface Appended {
  /** Position of the last event of the log once this append was done. */
  readonly position: Position;
  /** One entry an event given: its position, or null where its id stood in the window of duplicates already. */
  readonly positions: readonly (Position | null)[];
}

export interface EventLog {
  /**
   * Appends all events in their order, atomically, and resolves once they are durable. An interaction whose `id` was
   * appended before, within the window of duplicates, is left out: so one that was refused may be tried again with the same
   * ids, whether or not the first attempt came through.
   * @throws LogUnavailableError
   */
  append(events: readonly Event[]): Promise<Appended>;
  /**
   * At most `limit` entries after the position, in order; empty at the end of the log.
   * @throws LogTrimmedError where the log no longer has the first of them
   */
  read(after: Position, limit: number): Promise<readonly LogEntry[]>;
  /** The events at these positions, in one read; null where there is none. */
  get(positions: readonly Position[]): Promise<readonly (Event | null)[]>;
  /** Position of the last event, of a service the last that this process has been told of; 0 in an empty log. */
  last(): Position;
  /**
   * Erasure: gives every entry up to `upTo` that names the user the pseudonym instead, durably, and says how many there
   * were. Forget events keep the name unless `includeForgets` is set: a process that has not folded them yet needs it.
   */
  pseudonymise(userId: string, pseudonym: string, options: PseudonymiseOptions): Promise<number>;
  /**
   * Random name of the log, which lies with it: another where it was begun again, or has lost events that it had given out, as
   * in a failover. What was folded and kept under another name is of events that may not be in the log.
   */
  readonly history?: string;
  /** What erasures have rewritten, as far as this process has been told; never older than what it has read. */
  readonly rewrites?: Rewrites;
  /** Entries after the position that this process holds already; none where they have to be read. Never more than once. */
  recent?(after: Position): readonly LogEntry[];
  /** The listener is told whenever `last` or `history` has become another, whoever appended; must not throw. */
  onAppended?(listener: () => void): void;
  /** Drops all entries before the position. For positions only that checkpoints and archive have left behind. */
  trim?(before: Position): Promise<void>;
  /** Since when the service has not told of new events, ms, monotonic; null: it does. */
  readonly unfollowedSince?: number | null;
  /** What the service promises of what it has acknowledged. */
  readonly durability?: Durability;
  close(): Promise<void>;
}

export interface Rewrites {
  /** Steps of erasures. */
  readonly count: number;
  /** Highest position that was ever rewritten. */
  readonly upTo: Position;
  /** `count` when the erasure that has rewritten last had begun. */
  readonly since: number;
}

export interface Durability {
  /** Its settings, by their names; `unknown` where it does not tell them. */
  readonly settings: Readonly<Record<string, string>>;
  /** What may be lost, in plain words; null: nothing that was acknowledged, as far as a disk can promise it. */
  readonly warning: string | null;
}

export interface PseudonymiseOptions {
  readonly upTo: Position;
  readonly includeForgets: boolean;
  /** Random, and thrown away after the erasure: sessions keep apart and together under ids made with it. */
  readonly sessionSalt: string;
}

/** The log can't take or give events now. Whether an append was done is not known where its answer was lost: the message says so. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError';
  readonly code = 'LOG_UNAVAILABLE';

  constructor(
    message: string,
    options?: ErrorOptions,
    /** Whether the events may be in the log all the same. */
    readonly maybeAppended = false,
  ) {
    super(message, options);
  }
}

/** What was to be read is no longer in the log. */
export class LogTrimmedError extends Error {
  override readonly name = 'LogTrimmedError';
  readonly code = 'LOG_TRIMMED';

  /** `first` is the position of the first entry that is left. */
  constructor(
    after: Position,
    readonly first: Position,
  ) {
    super(`the event log begins at position ${first}, so it can't be read from behind ${after}`);
  }
}
