/**
 * What a process knows of the end of a log in Redis: its last position, and the bytes there, by which it is known again. A
 * failover can lose events that were given out, and others can take their positions before anybody looks; then the bytes
 * differ, or the log is shorter, and so is told that the history is another one.
 */
import { randomUUID } from 'node:crypto';
import { type RedisClient } from '../remote/redis.js';
import { type Position } from './log.js';
import { inOneTrip, type LogKeys, rawEntry, type StreamEntry } from './redis-log-reads.js';

export class RedisLogEnd {
  private position: Position = 0;
  /** Null where they have not been seen. */
  private bytes: Buffer | null = null;
  private log: string | null = null;
  private losses = 0;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly keys: LogKeys,
    /** Told when the position or the history has become another. */
    private readonly onChange: () => void,
  ) {}

  get last(): Position {
    return this.position;
  }

  /** Random id of the log; empty before the first look. */
  get id(): string {
    return this.log ?? '';
  }

  get history(): string {
    return `${this.id}/${this.losses}`;
  }

  /** Something is known to stand at the position. */
  raise(position: Position, bytes: Buffer | null): void {
    if (position <= this.position) return;
    this.position = position;
    // A copy: the buffer is a part of a larger one.
    this.bytes = bytes === null ? null : Buffer.from(bytes);
    this.onChange();
  }

  /** Looks how the log ends now and whether it is still the one that was known. A log that is not there is begun. */
  look(client: RedisClient): Promise<void> {
    const looked = this.looking.then(() => this.lookOnce(client));
    this.looking = looked.catch(() => undefined);
    return looked;
  }

  private async lookOnce(client: RedisClient): Promise<void> {
    const at = this.position;
    const [about, streamed, erased] = await inOneTrip<[(string | null)[], StreamEntry[], Buffer | null]>(
      client
        .pipeline()
        .hmget(this.keys.about, 'id', 'last', 'first')
        .xrangeBuffer(this.keys.entries, `${at}-0`, `${at}-0`)
        .hgetBuffer(this.keys.erased, `${at}`),
    );
    const [id, last, first] = [about[0], Number(about[1] ?? 0), Number(about[2] ?? 1)];
    if (id == null) {
      await client.hsetnx(this.keys.about, 'id', randomUUID());
      return this.lookOnce(client);
    }
    const found = streamed.length > 0 ? rawEntry(streamed[0]!).bytes : null;
    const isLost = last < at || (at >= first && found === null && erased === null) || this.differs(at, found);
    if (id === this.log && !(at > 0 && isLost)) {
      if (at === this.position) this.bytes ??= found;
      return this.raise(last, null);
    }
    if (id === this.log) this.losses++;
    this.log = id;
    this.position = last;
    this.bytes = null;
    this.onChange();
  }

  /** Of what an erasure has rewritten nothing can be told. */
  private differs(at: Position, found: Buffer | null): boolean {
    return at === this.position && this.bytes !== null && found !== null && !found.equals(this.bytes);
  }
}
