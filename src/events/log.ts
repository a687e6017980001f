/**
 * The event log: one total order of every mutation. State is a fold over it, so it is the only thing that must not be lost.
 * Contract of a backend: `append` answers only when the events are on disk; positions rise by one from 1 without gaps,
 * whichever process appends; a reader sees either all events of one `append` or none of them.
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
   * appended before, within the window of duplicates, is left out.
   */
  append(events: readonly Event[]): Promise<Appended>;
  /** At most `limit` entries after the position, in order; empty at the end of the log. */
  read(after: Position, limit: number): Promise<readonly LogEntry[]>;
  /** The events at these positions, in one read; null where there is none. */
  get(positions: readonly Position[]): Promise<readonly (Event | null)[]>;
  /** Position of the last event; 0 in an empty log. */
  last(): Position;
  /**
   * Erasure: gives every entry up to `upTo` that names the user the pseudonym instead, durably, and says how many there
   * were. Forget events keep the name unless `includeForgets` is set: a process that has not folded them yet needs it.
   */
  pseudonymise(userId: string, pseudonym: string, options: PseudonymiseOptions): Promise<number>;
  close(): Promise<void>;
}

export interface PseudonymiseOptions {
  readonly upTo: Position;
  readonly includeForgets: boolean;
  /** Random, and thrown away after the erasure: sessions keep apart and together under ids made with it. */
  readonly sessionSalt: string;
}

/** The log can't take or give events now; nothing of the request was appended. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError';
  readonly code = 'LOG_UNAVAILABLE';
}
