/**
 * What Redis knows of the archive of a log: which one it is, up to where it has come, whose turn it is to write it, and which erasures
 * it has yet to get. A consumer group would do none of it: a group is given entries one by one and never those that an erasure has
 * taken out of the stream, while a file of the archive is all of a range of positions. So one process claims the archive for a while.
 */
import { randomUUID } from 'node:crypto';
import { type RedisConnection } from '../remote/redis.js';
import { redisKey } from '../remote/redis-key.js';
import { type RedisScript } from '../remote/redis-script.js';
import { type Position } from './log.js';
import { logKeys } from './redis-log-keys.js';
import {
  ACKNOWLEDGE,
  CARRIED_OUT,
  CLAIM,
  CLAIM_LOST,
  CLAIMED,
  ELSEWHERE,
  KEEP,
  OWE,
  RELEASE,
} from './redis-archive-scripts.js';

/** One id of a person, as the log got its erasure. */
export interface OwedErasure {
  readonly userId: string;
  readonly pseudonym: string;
  /** Up to here in the log the id was the person's. */
  readonly upTo: Position;
  readonly sessionSalt: string;
}

/** The archive can't be written here and now. The message says why and what to do. */
export class ArchiveClaimError extends Error {
  override readonly name = 'ArchiveClaimError';

  constructor(
    readonly code: 'ARCHIVE_BUSY' | 'ARCHIVE_ELSEWHERE' | 'ARCHIVE_CLAIM_LOST',
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** By the codes of the scripts. */
const REFUSALS: Readonly<Record<string, ConstructorParameters<typeof ArchiveClaimError>>> = {
  [CLAIMED]: ['ARCHIVE_BUSY', 'another process is writing the archive; one that died frees it a minute later'],
  [ELSEWHERE]: [
    'ARCHIVE_ELSEWHERE',
    'the archive of this log is in another folder; --anew begins one here in its place',
  ],
  [CLAIM_LOST]: [
    'ARCHIVE_CLAIM_LOST',
    'Redis was away for too long, and another process may write the archive; run it again',
  ],
};

export interface RedisArchiveOptions {
  readonly redis: RedisConnection;
  readonly tenant?: string;
  /** How long one that died keeps others from writing, ms. */
  readonly claimMs?: number;
}

export class RedisArchive {
  private readonly token = randomUUID();
  private readonly keys: { readonly about: string; readonly archiver: string; readonly due: string };
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: RedisArchiveOptions) {
    const { tenant = 'main' } = options;
    const { about } = logKeys(tenant);
    this.keys = { about, archiver: redisKey(tenant, 'log', 'archiver'), due: redisKey(tenant, 'log', 'archive-due') };
  }

  /** Where the archive has come to; 0 where there is none. */
  async archivedUpTo(): Promise<Position> {
    return Number((await this.options.redis.call((client) => client.hget(this.keys.about, 'archived'))) ?? 0);
  }

  /** Makes this process the one that writes the archive, until `release`. @throws ArchiveClaimError */
  async claim(archive: string, { anew = false }: { readonly anew?: boolean } = {}): Promise<void> {
    await this.run(CLAIM, [archive, this.token, this.claimMs, anew ? 1 : 0]);
    // What fails here is noticed before anything is written.
    this.timer = setInterval(() => void this.keep().catch(() => undefined), this.claimMs / 3);
    this.timer.unref();
  }

  /** Makes sure that it still is. @throws ArchiveClaimError */
  async keep(): Promise<void> {
    await this.run(KEEP, [this.token, this.claimMs]);
  }

  /** Everything up to the position is archived, durably. @throws ArchiveClaimError */
  async acknowledge(position: Position): Promise<void> {
    await this.run(ACKNOWLEDGE, [this.token, this.claimMs, position]);
  }

  /** An erasure that the log has got; also one that it has got before. */
  async owe(erasure: OwedErasure): Promise<void> {
    const { about, due } = this.keys;
    const values = [erasure.pseudonym, JSON.stringify(erasure)];
    await this.options.redis.call((client) => OWE.run(client, [about, due], values));
  }

  async owed(): Promise<readonly OwedErasure[]> {
    const found = await this.options.redis.call((client) => client.hvals(this.keys.due) as Promise<string[]>);
    return found.map((text) => JSON.parse(text) as OwedErasure);
  }

  /** Every file has got them. @throws ArchiveClaimError */
  async carriedOut(erasures: readonly OwedErasure[]): Promise<void> {
    await this.run(CARRIED_OUT, [this.token, this.claimMs, ...erasures.map(({ pseudonym }) => pseudonym)]);
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.run(RELEASE, [this.token]);
  }

  private get claimMs(): number {
    return this.options.claimMs ?? 60_000;
  }

  private async run(script: RedisScript, values: readonly (string | number)[]): Promise<void> {
    const { about, archiver, due } = this.keys;
    try {
      await this.options.redis.call((client) => script.run(client, [about, archiver, due], values));
    } catch (error) {
      const code = (error as Error).message.split(' ', 1)[0]!;
      const refusal = REFUSALS[code];
      throw refusal === undefined ? error : new ArchiveClaimError(...refusal);
    }
  }
}
