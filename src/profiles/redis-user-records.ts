/**
 * User records in Redis, shared by all replicas, keyed by user, settings, log and position. `get` answers from what is near: what
 * `prefetch` has brought and what this fold has written. That stays true, for whatever is to be seen at a later position this fold writes itself:
 * so an instance serves one fold, and one that starts anew takes another instance. Writes wait for `flush`; all of them may be made
 * again. Redis must not evict keys that do not expire (`maxmemory-policy` noeviction or volatile-*).
 */
import { type ChainableCommander } from 'ioredis';
import { inOneTrip } from '../remote/in-one-trip.js';
import { type RedisConnection } from '../remote/redis.js';
import { FellBehindError } from './fell-behind-error.js';
import { NearRecords } from './near-records.js';
import { RecordWrites, type UserWrites } from './record-writes.js';
import {
  ERASE_RECORDS,
  positionText,
  RAISE_KEPT,
  RedisRecordLayout,
  SWEEP_REMOVED,
  WRITE_RECORDS,
} from './redis-record-layout.js';
import { type UserRecords } from './user-records.js';

export interface RedisUserRecordsOptions {
  readonly redis: RedisConnection;
  /** Names what else than the log shapes a record: only records under the same name are read. */
  readonly settings: string;
  readonly tenant?: string;
  /** Names the log: only records of folds over the same one are read. */
  readonly log?: string | undefined;
  /** Only records of the fold of this number are read. */
  readonly fold?: number;
  /** Bytes of records held near. */
  readonly nearBytes?: number;
}

const NEAR_BYTES = 32 * 2 ** 20;
/** Users of one pipeline of reads, and bytes of one of writes: more would keep others waiting, and be late themselves. */
const READS_AT_ONCE = 512;
const WRITTEN_AT_ONCE = 4 * 2 ** 20;
/** A replica that is further behind an erasure than this has to start from a newer checkpoint anyway. */
const ERASED_MARK_S = 3_600;
/** Of those who were removed, with each pipeline of writes. */
const SWEPT_AT_ONCE = 1_000;
const REMOVED = new Uint8Array(0);

export class RedisUserRecords implements UserRecords {
  readonly fold: number;
  private readonly near: NearRecords;
  private readonly writes = new RecordWrites();
  private readonly layout: RedisRecordLayout;
  /** Reads under way, each with the users written since it began: for them it comes too late. */
  private readonly reads = new Set<Set<string>>();
  /** Users who are being brought near now. */
  private readonly asked = new Map<string, Promise<void>>();
  private flushing: Promise<void> | null = null;
  private kept = 0;
  /** What the store was told of it. */
  private raised = 0;
  /** Whether anything was read or written: the store is not asked as long as everybody fits in memory. */
  private isUsed = false;

  constructor(private readonly options: RedisUserRecordsOptions) {
    const { settings, log, fold = 0, tenant = 'main', nearBytes = NEAR_BYTES } = options;
    this.fold = fold;
    this.layout = new RedisRecordLayout(tenant, JSON.stringify([settings, log, fold]));
    this.near = new NearRecords(nearBytes);
  }

  forFold(log: string | undefined, fold = 0): RedisUserRecords {
    return new RedisUserRecords({ ...this.options, log, fold });
  }

  get(userId: string, position: number): Uint8Array | undefined {
    const near = this.near.get(userId);
    if (near === undefined) throw new Error(`records as of position ${position} were read and not prefetched`);
    if (near.from > position) {
      throw new Error(`records as of position ${position} were read by a fold that has written at ${near.from}`);
    }
    return near.record;
  }

  put(userId: string, position: number, record: Uint8Array): void {
    this.write(userId, position, record);
  }

  remove(userId: string, position: number): void {
    this.write(userId, position, REMOVED);
  }

  keepFrom(position: number): void {
    this.kept = Math.max(this.kept, position);
  }

  async erase(userId: string, upTo: number): Promise<void> {
    this.writes.drop(userId, upTo);
    const near = this.near.get(userId);
    if (near !== undefined && near.from <= upTo) this.near.set(userId, { from: upTo, record: undefined });
    for (const written of this.reads) written.add(userId);
    const { layout } = this;
    const keys = [layout.recordsKey(userId), layout.erasedKey(userId), layout.removedUnderKey];
    const values = [positionText(upTo), ERASED_MARK_S, userId, layout.removedPrefix];
    await this.send((pipeline) => pipeline.eval(ERASE_RECORDS, keys.length, ...keys, ...values));
  }

  isAtHand(userId: string): boolean {
    return this.near.get(userId) !== undefined;
  }

  prefetch(userIds: readonly string[], position: number): Promise<void> | null {
    const missing = userIds.filter((userId) => !this.near.touch(userId));
    if (missing.length === 0) return null;
    const waits = new Set(missing.flatMap((userId) => this.asked.get(userId) ?? []));
    const unasked = missing.filter((userId) => !this.asked.has(userId));
    if (unasked.length > 0) {
      const bringing = this.bring(unasked, new Set(userIds), position).finally(() => {
        for (const userId of unasked) this.asked.delete(userId);
      });
      for (const userId of unasked) this.asked.set(userId, bringing);
      waits.add(bringing);
    }
    return Promise.all(waits).then(() => undefined);
  }

  flush(): Promise<void> | null {
    if (this.writes.isEmpty && (this.raised >= this.kept || !this.isUsed)) return null;
    return (this.flushing ??= this.writeAll().finally(() => (this.flushing = null)));
  }

  private write(userId: string, position: number, record: Uint8Array): void {
    this.isUsed = true;
    this.writes.add(userId, { position, record });
    this.near.set(userId, { from: position, record: record.length === 0 ? undefined : record });
    for (const written of this.reads) written.add(userId);
  }

  private async bring(missing: readonly string[], needed: ReadonlySet<string>, position: number): Promise<void> {
    this.near.makeRoom((userId) => needed.has(userId) || this.writes.has(userId));
    for (let from = 0; from < missing.length; from += READS_AT_ONCE) {
      await this.read(missing.slice(from, from + READS_AT_ONCE), position);
    }
  }

  private async read(userIds: readonly string[], position: number): Promise<void> {
    const { layout, options } = this;
    this.isUsed = true;
    const written = new Set<string>();
    this.reads.add(written);
    try {
      const range = layout.upTo(position);
      const replies = await options.redis.call((client) => {
        const pipeline = client.pipeline();
        for (const userId of userIds) {
          pipeline.zrangeBuffer(layout.recordsKey(userId), ...range, 'BYLEX', 'REV', 'LIMIT', 0, 1);
        }
        // Asked last: whoever drops records has raised it before.
        pipeline.get(layout.keptKey);
        return inOneTrip<unknown[]>(pipeline);
      });
      const kept = Number(replies.pop() ?? 0);
      if (kept > position) throw new FellBehindError(position, kept);
      userIds.forEach((userId, at) => {
        if (!written.has(userId)) this.near.set(userId, layout.read((replies[at] as Buffer[])[0]));
      });
    } finally {
      this.reads.delete(written);
    }
  }

  private async writeAll(): Promise<void> {
    while (!this.writes.isEmpty || this.raised < this.kept) {
      const isPast = this.writes.isPast(this.kept);
      const some = this.writes.take(WRITTEN_AT_ONCE);
      try {
        await this.send((pipeline) => this.fill(pipeline, some), isPast);
        this.writes.arrived();
      } catch (error) {
        this.writes.putBack();
        throw error;
      }
    }
  }

  /**
   * One round trip; first of all it tells the store which position is kept, where all is there that was written up to it: up to there the
   * store takes nothing from then on.
   */
  private async send(
    fill: (pipeline: ChainableCommander) => void,
    isPast = this.writes.isPast(this.kept),
  ): Promise<void> {
    const { kept, layout } = this;
    const isToRaise = isPast && kept > this.raised;
    await this.options.redis.call((client) => {
      const pipeline = client.pipeline();
      if (isToRaise) pipeline.eval(RAISE_KEPT, 1, layout.keptKey, positionText(kept));
      fill(pipeline);
      return inOneTrip(pipeline);
    });
    if (isToRaise) this.raised = kept;
  }

  private fill(pipeline: ChainableCommander, some: UserWrites): void {
    const { layout } = this;
    const { keptKey, removedKey, removedUnderKey, settings } = layout;
    for (const [userId, writes] of some) {
      const keys = [layout.recordsKey(userId), layout.erasedKey(userId), keptKey, removedKey, removedUnderKey];
      const versions = writes.flatMap(({ position, record }) => [positionText(position), Buffer.from(record)]);
      pipeline.eval(WRITE_RECORDS, keys.length, ...keys, settings, userId, ...versions);
    }
    pipeline.eval(SWEEP_REMOVED, 2, keptKey, removedKey, settings, layout.recordsPrefix, SWEPT_AT_ONCE);
  }
}
