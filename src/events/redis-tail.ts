/**
 * Reads the end of a log as it grows, on a connection of its own that waits in Redis for what comes. With every answer, and after
 * a while without one, it is told in the same round trip whether the log is still the one it was: a log that has lost events
 * says nothing to who waits for its next position, or other events than those that it had. It goes on by itself after
 * anything that ends the connection, and gives up one that is only silent.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { inOneTrip } from '../remote/in-one-trip.js';
import { type RedisClient, whenReady } from '../remote/redis.js';
import { type Position } from './log.js';
import { type EndAnswer, markOf, type RedisLogEnd } from './redis-log-end.js';
import { type RawEntry, rawEntry, type StreamEntry } from './redis-log-reads.js';

export interface RedisTailOptions {
  /** A connection for this alone. */
  readonly client: RedisClient;
  /** Key of the stream. */
  readonly key: string;
  /** Raised by what is read. */
  readonly end: RedisLogEnd;
  /** How long an answer may take once it is due, ms. */
  readonly timeoutMs: number;
  /** Entries in order. */
  readonly onEntries: (entries: readonly RawEntry[]) => void;
  /** Called whenever it has connected again. */
  readonly onConnected: (client: RedisClient) => Promise<void>;
  /** Told when the log can't be followed, and why, and then when it can again. */
  readonly onProblem: (message: string) => void;
}

/** Longest wait in Redis, ms. */
const WAIT_MS = 1_000;
const ENTRIES_AT_ONCE = 1_000;
/** Entries that are read after a while without a connection; more are passed over. */
const FOLLOWED_FROM = 1_000;
const PAUSE_MS = 50;

export class RedisTail {
  private isClosed = false;
  private failing: number | null = null;
  private ended: Promise<void> = Promise.resolve();
  /** In the history that is followed. */
  private reached: Position = 0;
  private history: string | undefined;

  constructor(private readonly options: RedisTailOptions) {}

  /** Since when the log can't be followed, ms, monotonic; null: it can. */
  get failingSince(): number | null {
    return this.failing;
  }

  /** From now on. */
  follow(): void {
    this.ended = this.run();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.options.client.disconnect();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { client, timeoutMs, onProblem } = this.options;
    while (!this.isClosed) {
      try {
        await whenReady(client, timeoutMs);
        await this.within(0, () => this.begin());
        if (this.failing !== null) onProblem('the event log is followed again');
        this.failing = null;
        while (!this.isClosed) await this.within(WAIT_MS, () => this.readOn());
      } catch (error) {
        if (this.isClosed) return;
        if (this.failing === null) onProblem(`the event log can't be followed: ${(error as Error).message}`);
        this.failing ??= performance.now();
        await delay(PAUSE_MS);
      }
    }
  }

  /** Where much has come since, it is for whoever folds to read. */
  private async begin(): Promise<void> {
    const { client, end, onConnected } = this.options;
    await onConnected(client);
    await end.look(client);
    if (end.last - this.reached > FOLLOWED_FROM) this.reached = end.last;
  }

  private async readOn(): Promise<void> {
    const { client, key, end, onEntries } = this.options;
    const asked = end.history;
    if (this.history !== undefined && this.history !== asked) this.reached = end.last;
    this.history = asked;
    const [read, seen] = await inOneTrip<[[key: Buffer, entries: StreamEntry[]][] | null, EndAnswer]>(
      end.queueLook(
        client.pipeline().xreadBuffer('COUNT', ENTRIES_AT_ONCE, 'BLOCK', WAIT_MS, 'STREAMS', key, `${this.reached}-0`),
      ),
    );
    // Entries of another history are no continuation of those before.
    if (!end.hear(asked, seen)) return;
    const entries = (read?.[0]?.[1] ?? []).map(rawEntry);
    if (entries.length === 0) return end.raise(asked, seen[2], seen[3]);
    onEntries(entries);
    const { position, bytes } = entries.at(-1)!;
    this.reached = position;
    if (entries.length < ENTRIES_AT_ONCE) end.raise(asked, position, markOf(bytes));
  }

  private async within<T>(waitMs: number, ask: () => Promise<T>): Promise<T> {
    const { client, timeoutMs } = this.options;
    const timer = setTimeout(() => client.disconnect(true), waitMs + timeoutMs);
    try {
      return await ask();
    } finally {
      clearTimeout(timer);
    }
  }
}
