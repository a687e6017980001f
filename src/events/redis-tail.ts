/**
 * Reads the end of a log as it grows, on a connection of its own that waits in Redis for what comes. It goes on by itself after
 * anything that ends the connection, and gives up one that is only silent. Now and then, and after each fault, it lets the end
 * of the log be looked at, for a log that was replaced says nothing to who waits for its next position.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type RedisClient, whenReady } from '../remote/redis.js';
import { type Position } from './log.js';
import { type RawEntry, rawEntry, type StreamEntry } from './redis-log-reads.js';

export interface RedisTailOptions {
  /** A connection for this alone. */
  readonly client: RedisClient;
  /** Key of the stream. */
  readonly key: string;
  /** How long an answer may take once it is due, ms. */
  readonly timeoutMs: number;
  /** Looks at the end of the log and says from where to read on; told what was read last, 0 at first. */
  readonly look: (client: RedisClient, reached: Position) => Promise<Position>;
  /** Entries in order; `isEnd`: nothing stood behind the last of them. */
  readonly onEntries: (entries: readonly RawEntry[], isEnd: boolean) => void;
  /** Told when the log can't be followed, and why, and then when it can again. */
  readonly onProblem: (message: string) => void;
}

/** Between two looks, ms. */
const WAIT_MS = 1_000;
const ENTRIES_AT_ONCE = 1_000;
const PAUSE_MS = 50;

export class RedisTail {
  private isClosed = false;
  private failing: number | null = null;
  private ended: Promise<void> = Promise.resolve();

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
    const { client, timeoutMs, look, onProblem } = this.options;
    let reached: Position = 0;
    while (!this.isClosed) {
      try {
        await whenReady(client, timeoutMs);
        reached = await this.within(0, (tail) => look(tail, reached));
        if (this.failing !== null) onProblem('the event log is followed again');
        this.failing = null;
        const until = performance.now() + WAIT_MS;
        while (!this.isClosed && performance.now() < until) reached = await this.readOn(reached);
      } catch (error) {
        if (this.isClosed) return;
        if (this.failing === null) onProblem(`the event log can't be followed: ${(error as Error).message}`);
        this.failing ??= performance.now();
        await delay(PAUSE_MS);
      }
    }
  }

  /** The position reached. */
  private async readOn(after: Position): Promise<Position> {
    const { key, onEntries } = this.options;
    const read = await this.within(WAIT_MS, (client) =>
      client.xreadBuffer('COUNT', ENTRIES_AT_ONCE, 'BLOCK', WAIT_MS, 'STREAMS', key, `${after}-0`),
    );
    const found = (read as [key: Buffer, entries: StreamEntry[]][] | null)?.[0]?.[1] ?? [];
    if (found.length === 0) return after;
    const entries = found.map(rawEntry);
    onEntries(entries, entries.length < ENTRIES_AT_ONCE);
    return entries.at(-1)!.position;
  }

  private async within<T>(waitMs: number, ask: (client: RedisClient) => Promise<T>): Promise<T> {
    const { client, timeoutMs } = this.options;
    const timer = setTimeout(() => client.disconnect(true), waitMs + timeoutMs);
    try {
      return await ask(client);
    } finally {
      clearTimeout(timer);
    }
  }
}
