/**
 * The event log in Redis, for replicas on several machines: one stream a tenant, whose entry ids are the positions and whose
 * values are the bytes of the codec. An append is one script, so all of it or nothing, and one round trip; nothing is sent
 * twice. Every process follows the stream on a connection of its own, so that `last` is fresh and new entries are at hand.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type RedisClient, type RedisConnection, whenReady } from '../remote/redis.js';
import { RemoteUnavailableError } from '../remote/guard.js';
import { type EventCodec, eventCodec } from './codec.js';
import { idKey } from './duplicate-ids.js';
import { type Event } from './event.js';
import {
  type Appended,
  type Durability,
  type EventLog,
  type LogEntry,
  LogTrimmedError,
  LogUnavailableError,
  type Position,
  type PseudonymiseOptions,
} from './log.js';
import { RecentEntries } from './recent-entries.js';
import { RedisArchive } from './redis-archive.js';
import { redisDurability } from './redis-durability.js';
import { pseudonymiseStream } from './redis-erasure.js';
import { RedisLogEnd } from './redis-log-end.js';
import { type LogKeys, logKeys, type RawEntry, readRange } from './redis-log-reads.js';
import { APPEND, GET, LOST_EVENTS, OTHER_LOG, REWRITE, TRIM } from './redis-log-scripts.js';
import { RedisTail } from './redis-tail.js';

export interface RedisLogOptions {
  /** Shared with other stores; whoever opened it closes it. */
  readonly redis: RedisConnection;
  /** For one answer, ms. */
  readonly timeoutMs: number;
  readonly tenant?: string;
  /** How many of the ids that clients gave last are known as duplicates; about 130 bytes of Redis's memory each. */
  readonly duplicateWindow?: number;
  /** How long opening waits for Redis, ms. */
  readonly waitMs?: number;
  /** Told when the log can't be followed, when it can again, and that its history is another. */
  readonly onProblem?: (message: string) => void;
}

/** Redis is blocked for some milliseconds while it drops so many entries. */
const TRIMMED_AT_ONCE = 10_000;
/** Entries that the tail reads after a while without a connection; more are passed over. */
const FOLLOWED_FROM = 1_000;
const PAUSE_MS = 20;

/** Every part of the contract that is optional. */
export type RedisEventLog = Required<EventLog>;

/** Waits for Redis, and finds the end of the log or begins one. @throws LogUnavailableError */
export async function openRedisLog(options: RedisLogOptions): Promise<RedisEventLog> {
  const { redis, waitMs = 5_000, tenant = 'main' } = options;
  const keys = logKeys(tenant);
  const until = performance.now() + waitMs;
  await whenReady(redis.client, waitMs).catch(unavailable);
  for (;;) {
    try {
      const durability = await redis.call(redisDurability);
      return await RedisLog.open(options, keys, durability);
    } catch (error) {
      if (performance.now() >= until) return unavailable(error);
      await delay(PAUSE_MS);
    }
  }
}

class RedisLog implements RedisEventLog {
  private readonly codec: EventCodec;
  private readonly end: RedisLogEnd;
  private readonly tail: RedisTail;
  private readonly archive: RedisArchive;
  private readonly held = new RecentEntries();
  private readonly listeners: (() => void)[] = [];
  private readonly appending = new Set<Promise<unknown>>();
  private closed: Promise<void> | undefined;

  private constructor(
    private readonly options: RedisLogOptions,
    private readonly keys: LogKeys,
    readonly durability: Durability,
  ) {
    const { redis, timeoutMs, tenant = 'main', onProblem = () => undefined } = options;
    this.codec = eventCodec(tenant);
    this.archive = new RedisArchive({ redis, tenant });
    this.end = new RedisLogEnd(keys, () => this.listeners.forEach((listener) => listener()));
    this.tail = new RedisTail({
      client: redis.duplicate(),
      key: keys.entries,
      timeoutMs,
      look: (client, reached) => this.look(client, reached),
      onEntries: (entries, isEnd) => this.follow(entries, isEnd),
      onProblem,
    });
  }

  static async open(options: RedisLogOptions, keys: LogKeys, durability: Durability): Promise<RedisLog> {
    const log = new RedisLog(options, keys, durability);
    try {
      await options.redis.call((client) => log.end.look(client));
    } catch (error) {
      await log.tail.close();
      throw error;
    }
    log.tail.follow();
    return log;
  }

  get history(): string {
    return this.end.history;
  }

  get losses(): number {
    return this.end.losses;
  }

  get unfollowedSince(): number | null {
    return this.tail.failingSince;
  }

  last(): Position {
    this.refuseClosed();
    return this.end.last;
  }

  onAppended(listener: () => void): void {
    this.listeners.push(listener);
  }

  recent(after: Position): readonly LogEntry[] {
    return this.held.take(after);
  }

  async append(events: readonly Event[]): Promise<Appended> {
    this.refuseClosed();
    const packed = events.map((event) => this.codec.encode(event));
    if (events.length === 0) return { position: this.end.last, positions: [] };
    const values = events.flatMap((event, i) => [keyOf(event), packed[i]!]);
    const { entries, ids, about } = this.keys;
    const { duplicateWindow = 1_000_000 } = this.options;
    const sent = this.options.redis
      .call((client) =>
        APPEND.run(client, [entries, ids, about], [this.end.history, this.end.last, duplicateWindow, ...values]),
      )
      .catch((error: unknown) => this.refused(error));
    this.appending.add(sent);
    const [position, ...given] = (await sent.finally(() => this.appending.delete(sent))) as [number, ...number[]];
    const positions = given.map((at) => (at === 0 ? null : at));
    const added = positions.flatMap((at, i) => (at === null ? [] : [{ position: at, bytes: packed[i]! }]));
    this.held.add(added.map((entry) => this.decoded(entry)));
    this.end.raise(position, added.at(-1)?.bytes ?? null);
    return { position, positions };
  }

  async read(after: Position, limit: number): Promise<readonly LogEntry[]> {
    const { entries, last } = await this.range(after, limit);
    // Whoever has read what stands at the end knows of it.
    if (entries.length < limit) this.end.raise(last, entries.at(-1)?.bytes ?? null);
    return entries.map((entry) => this.decoded(entry));
  }

  async get(positions: readonly Position[]): Promise<readonly (Event | null)[]> {
    const bytes = await this.bytesAt(positions);
    return bytes.map((found) => (found === null ? null : this.codec.decode(found)));
  }

  async pseudonymise(userId: string, pseudonym: string, options: PseudonymiseOptions): Promise<number> {
    const { entries, erased } = this.keys;
    this.held.clear();
    const rewritten = await pseudonymiseStream(
      {
        codec: this.codec,
        first: () => this.call(async (client) => Number((await client.hget(this.keys.about, 'first')) ?? 1)),
        read: async (after, limit) => (await this.range(after, limit)).entries,
        get: (positions) => this.bytesAt(positions),
        rewrite: async (changes) => {
          const values = changes.flatMap(({ position, before, after }) => [position, before, after]);
          return (await this.call((client) => REWRITE.run(client, [entries, erased], values))) as Position[];
        },
      },
      { userId, pseudonym, ...options },
    );
    this.held.clear();
    const { upTo, sessionSalt } = options;
    // After the log: an archive that is begun in between is of what was rewritten.
    await this.archive.owe({ userId, pseudonym, upTo, sessionSalt }).catch(unavailable);
    return rewritten;
  }

  async trim(before: Position): Promise<void> {
    const { entries, erased, about } = this.keys;
    let first = 0;
    for (let reached = 1; reached > first && reached < before;) {
      first = reached;
      reached = (await this.call((client) =>
        TRIM.run(client, [entries, erased, about], [before, TRIMMED_AT_ONCE]),
      )) as number;
    }
  }

  close(): Promise<void> {
    this.closed ??= Promise.allSettled([...this.appending]).then(() => this.tail.close());
    return this.closed;
  }

  private async range(after: Position, limit: number): Promise<{ entries: readonly RawEntry[]; last: Position }> {
    this.refuseClosed();
    if (limit === 0) return { entries: [], last: 0 };
    const { entries, first, last } = await this.call((client) => readRange(client, this.keys, { after, limit }));
    if (entries === null) throw new LogTrimmedError(after, first);
    return { entries, last };
  }

  private async bytesAt(positions: readonly Position[]): Promise<readonly (Buffer | null)[]> {
    this.refuseClosed();
    if (positions.length === 0) return [];
    const { entries, erased } = this.keys;
    return (await this.call((client) => GET.run(client, [entries, erased], positions))) as (Buffer | null)[];
  }

  private decoded({ position, bytes }: RawEntry): LogEntry {
    return { position, event: this.codec.decode(bytes) };
  }

  /** What the tail has read. An entry that can't be decoded fails whoever reads it, and not the tail. */
  private follow(entries: readonly RawEntry[], isEnd: boolean): void {
    try {
      this.held.add(entries.map((entry) => this.decoded(entry)));
    } catch {
      this.held.clear();
    }
    if (isEnd) this.end.raise(entries.at(-1)!.position, entries.at(-1)!.bytes);
  }

  /** Says from where the tail reads on: where much has come since, it is for whoever folds to read. */
  private async look(client: RedisClient, reached: Position): Promise<Position> {
    const { history, losses, last } = this.end;
    await this.end.look(client);
    if (history === this.end.history && losses === this.end.losses)
      return this.end.last - reached > FOLLOWED_FROM ? this.end.last : reached;
    this.held.clear();
    this.options.onProblem?.(
      `the event log in Redis has lost events or is another one: it went up to ${last}, and now to ${this.end.last}`,
    );
    return this.end.last;
  }

  private call<T>(run: (client: RedisClient) => Promise<T>): Promise<T> {
    this.refuseClosed();
    return this.options.redis.call(run).catch(unavailable);
  }

  /** Of an append. */
  private refused(error: unknown): never {
    const cause = error instanceof RemoteUnavailableError ? (error.cause as Error) : (error as Error);
    if (cause.message.startsWith(OTHER_LOG) || cause.message.startsWith(LOST_EVENTS)) {
      void this.options.redis.call((client) => this.look(client, 0)).catch(() => undefined);
    }
    // Where Redis has refused the script, it wrote nothing.
    const maybeAppended = cause.name !== 'ReplyError';
    const outcome = maybeAppended ? 'whether the events were appended is not known' : 'nothing was appended';
    const message = `the event log is unavailable: ${(error as Error).message}; ${outcome}`;
    throw new LogUnavailableError(message, { cause: error }, maybeAppended);
  }

  private refuseClosed(): void {
    if (this.closed !== undefined) throw new LogUnavailableError('the event log is closed');
  }
}

function keyOf(event: Event): Buffer | string {
  return event.kind === 'interaction' && event.id !== undefined ? idKey(event.userId, event.id) : '';
}

function unavailable(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  throw new LogUnavailableError(`the event log is unavailable: ${message}`, { cause: error });
}
