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
  private lost = 0;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly keys: LogKeys,
    /** Told when the position or the history has become another. */
    private readonly onChange: () => void,
  ) {}

  get last(): Position {
    return this.position;
  }

  /** Random name of the log; empty before the first look. */
  get history(): string {
    return this.log ?? '';
  }

  get losses(): number {
    return this.lost;
  }

  /** Something is known to stand at the position. */
  raise(position: Position, bytes: Buffer | null): void {
    if (position < this.position || (position === this.position && this.bytes !== null)) return;
    // A copy: the buffer is a part of a larger one.
    this.bytes = bytes === null ? null : Buffer.from(bytes);
    if (position === this.position) return;
    this.position = position;
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
    const { about: aboutKey, entries, erased: erasedKey } = this.keys;
    const [about, streamed, erased, newest] = await inOneTrip<[(string | null)[], Found, Buffer | null, Found]>(
      client
        .pipeline()
        .hmget(aboutKey, 'id', 'last', 'first')
        .xrangeBuffer(entries, `${at}-0`, `${at}-0`)
        .hgetBuffer(erasedKey, `${at}`)
        .xrevrangeBuffer(entries, '+', '-', 'COUNT', 1),
    );
    const [id, last, first] = [about[0], Number(about[1] ?? 0), Number(about[2] ?? 1)];
    if (id == null) {
      await client.hsetnx(aboutKey, 'id', randomUUID());
      return this.lookOnce(client);
    }
    const found = bytesAt(at, streamed);
    const isLost = last < at || (at >= first && found === null && erased === null) || this.differs(at, found);
    if (id === this.log && !(at > 0 && isLost)) {
      return this.raise(last, bytesAt(last, newest));
    }
    if (id === this.log) this.lost++;
    this.log = id;
    this.position = last;
    this.bytes = bytesAt(last, newest);
    this.onChange();
  }

  /** Of what an erasure has rewritten nothing can be told. */
  private differs(at: Position, found: Buffer | null): boolean {
    return at === this.position && this.bytes !== null && found !== null && !found.equals(this.bytes);
  }
}

type Found = readonly StreamEntry[];

function bytesAt(position: Position, [entry]: Found): Buffer | null {
  const found = entry === undefined ? null : rawEntry(entry);
  return found?.position === position ? found.bytes : null;
}
