/**
 * Notes of erasures in Redis, for replicas: a hash of them by pseudonym, and for each whose replica is at it, a key that it holds for
 * some minutes and renews while it is. Where the replica is gone for good another one goes on when it has run out.
 */
import { randomUUID } from 'node:crypto';
import { DamagedNoteError, type ErasureNote, type ErasureNotes, parseNote } from './erasure-note.js';
import { inOneTrip } from './remote/in-one-trip.js';
import { type RedisConnection } from './remote/redis.js';
import { redisKey } from './remote/redis-key.js';
import { RedisScript } from './remote/redis-script.js';

export interface RedisErasureNotesOptions {
  readonly redis: RedisConnection;
  readonly tenant?: string;
  /** How long a replica that was not heard of is thought to be at it, ms. */
  readonly heldMs?: number;
}

/** While it is held for once, so that one or two may fail. */
const RENEWALS = 4;
const WRITE = new RedisScript(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
return 1`);
/** 1: it is ours now, or was already. */
const CLAIM = new RedisScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);

export class RedisErasureNotes implements ErasureNotes {
  private readonly own = randomUUID();
  private readonly redis: RedisConnection;
  private readonly tenant: string;
  private readonly heldMs: number;

  constructor({ redis, tenant = 'main', heldMs = 300_000 }: RedisErasureNotesOptions) {
    this.redis = redis;
    this.tenant = tenant;
    this.heldMs = heldMs;
  }

  async write(note: ErasureNote): Promise<void> {
    const { pseudonym } = note;
    const values = [pseudonym, JSON.stringify(note), this.own, this.heldMs];
    await this.redis.call((client) => WRITE.run(client, [this.notes, this.holderOf(pseudonym)], values));
  }

  names(): Promise<readonly string[]> {
    return this.redis.call((client) => client.hkeys(this.notes));
  }

  async read(name: string): Promise<ErasureNote | null> {
    const text = await this.redis.call((client) => client.hget(this.notes, name));
    if (text === null) return null;
    const note = parseNote(text);
    if (note === null) throw new DamagedNoteError(`field ${name} of ${this.notes}`);
    return note;
  }

  async remove(pseudonym: string): Promise<void> {
    await this.redis.call((client) =>
      inOneTrip(client.multi().hdel(this.notes, pseudonym).del(this.holderOf(pseudonym))),
    );
  }

  async claim({ pseudonym }: ErasureNote): Promise<boolean> {
    const values = [this.own, this.heldMs];
    return (await this.redis.call((client) => CLAIM.run(client, [this.holderOf(pseudonym)], values))) === 1;
  }

  hold(note: ErasureNote): () => void {
    const timer = setInterval(() => {
      // Away for a moment: the next one may come in time.
      this.claim(note).catch(() => undefined);
    }, this.heldMs / RENEWALS).unref();
    return () => clearInterval(timer);
  }

  private get notes(): string {
    return redisKey(this.tenant, 'erasures');
  }

  private holderOf(pseudonym: string): string {
    return redisKey(this.tenant, 'erasures', 'holder', pseudonym);
  }
}
