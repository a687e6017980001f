/**
 * An event log in Redis that is open. An append is one script, so all of it or nothing, and one round trip; nothing is sent
 * twice. It follows the stream on a connection of its own, so that `last` is fresh and new entries are at hand.
 */
import { type RedisClient, type RedisConnection } from '../remote/redis.js';
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
  type Rewrites,
} from './log.js';
import { RecentEntries } from './recent-entries.js';
import { RedisArchive } from './redis-archive.js';
import { redisDurability } from './redis-durability.js';
import { eraseFromStream } from './redis-erasure.js';
import { markOf, RedisLogEnd } from './redis-log-end.js';
import { appendRefused, isOfAnotherLog, unavailable } from './redis-log-errors.js';
import { type LogKeys } from './redis-log-keys.js';
import { type RawEntry, readRange } from './redis-log-reads.js';
import { APPEND, GET, TRIM } from './redis-log-scripts.js';
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

/** With every part of the contract that is optional. */
export class RedisEventLog implements Required<EventLog> {
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
    private promised: Durability,
  ) {
    const { redis, timeoutMs, tenant = 'main', onProblem = () => undefined } = options;
    this.codec = eventCodec(tenant);
    this.archive = new RedisArchive({ redis, tenant });
    this.end = new RedisLogEnd(keys, {
      onChange: () => this.listeners.forEach((listener) => listener()),
      onOther: (before, now) => {
        this.held.clear();
        onProblem(
          `the event log in Redis has lost events or is another one: it went up to ${before}, and now to ${now}`,
        );
      },
    });
    this.tail = new RedisTail({
      client: redis.duplicate(),
      key: keys.entries,
      end: this.end,
      timeoutMs,
      onEntries: (entries) => this.hold(entries),
      onConnected: (client) => this.readDurability(client),
      onProblem,
    });
  }

  static async open(options: RedisLogOptions, keys: LogKeys, durability: Durability): Promise<RedisEventLog> {
    const log = new RedisEventLog(options, keys, durability);
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

  get rewrites(): Rewrites {
    return this.end.rewrites;
  }

  get durability(): Durability {
    return this.promised;
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
    const { entries, erased, about, ids } = this.keys;
    const { duplicateWindow = 1_000_000 } = this.options;
    const { history, known } = this.end;
    const sent = this.options.redis
      .call((client) => APPEND.run(client, [entries, erased, about, ids], [...known, duplicateWindow, ...values]))
      .catch((error: unknown) => this.refused(error));
    this.appending.add(sent);
    const [position, ...given] = (await sent.finally(() => this.appending.delete(sent))) as [number, ...number[]];
    const positions = given.map((at) => (at === 0 ? null : at));
    const added = positions.flatMap((at, i) => (at === null ? [] : [{ position: at, bytes: packed[i]! }]));
    // Where all were duplicates, what stands at the end is not known, and where the history is another by now, nothing is.
    if (added.length > 0 && history === this.end.history) {
      this.held.add(added.map((entry) => this.decoded(entry)));
      this.end.raise(history, position, markOf(added.at(-1)!.bytes));
    }
    return { position, positions };
  }

  async read(after: Position, limit: number): Promise<readonly LogEntry[]> {
    return (await this.range(after, limit)).map((entry) => this.decoded(entry));
  }

  async get(positions: readonly Position[]): Promise<readonly (Event | null)[]> {
    const bytes = await this.bytesAt(positions);
    return bytes.map((found) => (found === null ? null : this.codec.decode(found)));
  }

  async pseudonymise(userId: string, pseudonym: string, options: PseudonymiseOptions): Promise<number> {
    this.held.clear();
    const rewritten = await eraseFromStream(
      {
        keys: this.keys,
        codec: this.codec,
        call: (run) => this.call(run),
        rewrites: async () => {
          await this.call((client) => this.end.look(client));
          return this.end.rewrites.count;
        },
        read: (after, limit) => this.range(after, limit),
        get: (positions) => this.bytesAt(positions),
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
    const [id, generation] = this.end.known;
    let first = 0;
    for (let reached = 1; reached > first && reached < before;) {
      first = reached;
      reached = (await this.call((client) =>
        TRIM.run(client, [entries, erased, about], [before, TRIMMED_AT_ONCE, id, generation]),
      )) as number;
    }
  }

  close(): Promise<void> {
    this.closed ??= Promise.allSettled([...this.appending]).then(() => this.tail.close());
    return this.closed;
  }

  private async range(after: Position, limit: number): Promise<readonly RawEntry[]> {
    this.refuseClosed();
    if (limit === 0) return [];
    const { keys, end } = this;
    const range = await this.call((client) => readRange(client, { keys, end }, { after, limit }));
    if (range.entries === null) throw new LogTrimmedError(after, range.first);
    return range.entries;
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

  /** An entry that can't be decoded fails whoever reads it, and not the tail. */
  private hold(entries: readonly RawEntry[]): void {
    try {
      this.held.add(entries.map((entry) => this.decoded(entry)));
    } catch {
      this.held.clear();
    }
  }

  /** At each connection, for it may be another Redis then. */
  private async readDurability(client: RedisClient): Promise<void> {
    const before = this.promised.warning;
    this.promised = await redisDurability(client);
    const { warning } = this.promised;
    if (warning !== null && warning !== before) this.options.onProblem?.(warning);
  }

  private call<T>(run: (client: RedisClient) => Promise<T>): Promise<T> {
    this.refuseClosed();
    return this.options.redis.call(run).catch(unavailable);
  }

  private refused(error: unknown): never {
    if (isOfAnotherLog(error)) {
      void this.options.redis.call((client) => this.end.look(client)).catch(() => undefined);
    }
    throw appendRefused(error);
  }

  private refuseClosed(): void {
    if (this.closed !== undefined) throw new LogUnavailableError('the event log is closed');
  }
}

function keyOf(event: Event): Buffer | string {
  return event.kind === 'interaction' && event.id !== undefined ? idKey(event.userId, event.id) : '';
}
