/**
 * What a process knows of the end of a log in Redis: which log it is, its last position, and a mark of the entry there by which
 * that is known again. A failover can lose events that were given out, and others can take their positions before anybody looks.
 * Whoever finds that out gives the log another generation in Redis, so that all learn of it, and what was folded and kept of
 * its events goes by another name from then on.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type RedisClient } from '../remote/redis.js';
import { inOneTrip } from '../remote/in-one-trip.js';
import { type Position, type Rewrites } from './log.js';
import { type LogKeys } from './redis-log-keys.js';
import { LOOK } from './redis-log-scripts.js';

/** As `LOOK` gives it. */
export type EndAnswer = readonly [
  id: string,
  generation: string,
  last: Position,
  mark: string,
  rewrites: number,
  rewrittenTo: Position,
  rewrittenSince: number,
];

export interface EndListener {
  /** The position or the history has become another. */
  onChange(): void;
  /** The log that was known has lost events, or another one was begun: before `onChange`. */
  onOther(before: Position, now: Position): void;
}

export class RedisLogEnd {
  private id = '';
  private generation = '0';
  private position: Position = 0;
  /** Empty where the entry has not been seen. */
  private mark = '';
  private erasures: Rewrites = { count: 0, upTo: 0, since: 0 };

  constructor(
    private readonly keys: LogKeys,
    private readonly listener: EndListener,
  ) {}

  get last(): Position {
    return this.position;
  }

  /** Name of the log and of its generation. */
  get history(): string {
    return `${this.id}.${this.generation}`;
  }

  get rewrites(): Rewrites {
    return this.erasures;
  }

  /** What a script has to be told to see whether the log is still this one. */
  get known(): readonly [id: string, generation: string, position: Position, mark: string] {
    return [this.id, this.generation, this.position, this.mark];
  }

  /** Something is known to stand at the position of that history; its mark, or nothing. */
  raise(history: string, position: Position, mark: string): void {
    if (history !== this.history || position < this.position) return;
    if (position === this.position) {
      if (this.mark === '') this.mark = mark;
      return;
    }
    this.position = position;
    this.mark = mark;
    this.listener.onChange();
  }

  /** Looks how the log ends now and whether it is still the one that was known. A log that is not there is begun. */
  async look(client: RedisClient): Promise<void> {
    const asked = this.history;
    const [answer] = await inOneTrip<[EndAnswer]>(this.queueLook(client.pipeline()));
    this.hear(asked, answer);
    this.raise(this.history, answer[2], answer[3]);
  }

  /** The same as a part of a pipeline, whose answer is for `hear`. */
  queueLook<Pipeline extends Parameters<typeof LOOK.queue>[0]>(pipeline: Pipeline): Pipeline {
    const { entries, erased, about } = this.keys;
    LOOK.queue(pipeline, [entries, erased, about], [...this.known, randomUUID()]);
    return pipeline;
  }

  /** Takes what was answered to who had asked about the history; whether that is still the one. */
  hear(asked: string, [id, generation, last, mark, count, upTo, since]: EndAnswer): boolean {
    // What was asked before another history was found may be of the one before.
    if (asked !== this.history) return false;
    const isSame = `${id}.${generation}` === asked;
    // Answers of two connections may come in another order than they were given.
    if (!isSame || count >= this.erasures.count) this.erasures = { count, upTo, since };
    if (isSame) return true;
    const [isFirst, before] = [this.id === '', this.position];
    [this.id, this.generation, this.position, this.mark] = [id, generation, last, mark];
    if (!isFirst) this.listener.onOther(before, last);
    this.listener.onChange();
    return false;
  }
}

/** As the scripts make it. */
export function markOf(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}
