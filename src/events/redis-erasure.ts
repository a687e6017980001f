/**
 * Erasure in a log on Redis: entries of a stream can't be written again, so one that names the user is taken out of it, and its
 * bytes under the pseudonym go to a hash that every read looks into where a position is missing. A batch is one step.
 */
import { type RedisClient } from '../remote/redis.js';
import { type EventCodec } from './codec.js';
import { LogTrimmedError, type Position, type PseudonymiseOptions } from './log.js';
import { pseudonymiser } from './pseudonymise.js';
import { type LogKeys } from './redis-log-keys.js';
import { type RawEntry } from './redis-log-reads.js';
import { REWRITE } from './redis-log-scripts.js';

/** Entries read, or rewritten, at once. */
const AT_ONCE = 1_000;

type Call = <T>(run: (client: RedisClient) => Promise<T>) => Promise<T>;

export interface ErasedLog {
  readonly keys: LogKeys;
  readonly codec: EventCodec;
  readonly call: Call;
  /** How many steps of erasures there were so far. */
  readonly rewrites: () => Promise<number>;
  readonly read: (after: Position, limit: number) => Promise<readonly RawEntry[]>;
  readonly get: (positions: readonly Position[]) => Promise<readonly (Buffer | null)[]>;
}

interface Change {
  readonly position: Position;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** How many entries were rewritten. */
export async function eraseFromStream(
  { keys, codec, call, rewrites, read, get }: ErasedLog,
  { userId, pseudonym, ...options }: PseudonymiseOptions & { readonly userId: string; readonly pseudonym: string },
): Promise<number> {
  const name = Buffer.from(userId);
  const pseudonymise = pseudonymiser({ userId, pseudonym, ...options });
  const changesOf = (entries: readonly RawEntry[]): Change[] =>
    entries.flatMap(({ position, bytes }) => {
      const event = position <= options.upTo && bytes.includes(name) ? pseudonymise(codec.decode(bytes)) : null;
      return event === null ? [] : [{ position, before: bytes, after: Buffer.from(codec.encode(event)) }];
    });
  const since = await rewrites();
  const first = await call((client) => client.hget(keys.about, 'first'));
  let rewritten = 0;
  for (let after = Number(first ?? 1) - 1; after < options.upTo; after += AT_ONCE) {
    let entries: readonly RawEntry[];
    try {
      entries = await read(after, AT_ONCE);
    } catch (error) {
      if (!(error instanceof LogTrimmedError)) throw error;
      // Trimmed in the meantime.
      after = error.first - 1 - AT_ONCE;
      continue;
    }
    let changes = changesOf(entries);
    while (changes.length > 0) {
      // Another process may have erased the other user of a merge in the meantime.
      const changed = await call((client) => rewrite(client, keys, { since, changes }));
      rewritten += changes.length - changed.length;
      const bytes = changed.length === 0 ? [] : await get(changed);
      changes = changesOf(changed.flatMap((position, i) => (bytes[i] == null ? [] : [{ position, bytes: bytes[i] }])));
    }
    if (entries.length < AT_ONCE) break;
  }
  return rewritten;
}

/** Rewrites what still stands as it was found; gives the positions of the rest. */
async function rewrite(
  client: RedisClient,
  { entries, erased, about }: LogKeys,
  { since, changes }: { readonly since: number; readonly changes: readonly Change[] },
): Promise<readonly Position[]> {
  const values = changes.flatMap(({ position, before, after }) => [position, before, after]);
  return (await REWRITE.run(client, [entries, erased, about], [since, ...values])) as Position[];
}
