/**
 * Erasure in a log on Redis: entries of a stream can't be written again, so one that names the user is taken out of it, and its
 * bytes under the pseudonym go to a hash that every read looks into where a position is missing. A batch is one step.
 */
import { type EventCodec } from './codec.js';
import { LogTrimmedError, type Position, type PseudonymiseOptions } from './log.js';
import { pseudonymiser } from './pseudonymise.js';
import { type RawEntry } from './redis-log-reads.js';

/** Entries read, or rewritten, at once. */
const AT_ONCE = 1_000;

export interface RewriteParts {
  readonly codec: EventCodec;
  /** First position that the log has. */
  readonly first: () => Promise<Position>;
  readonly read: (after: Position, limit: number) => Promise<readonly RawEntry[]>;
  readonly get: (positions: readonly Position[]) => Promise<readonly (Buffer | null)[]>;
  /** Rewrites what still stands as it was found; gives the positions of the rest. */
  readonly rewrite: (
    changes: readonly { position: Position; before: Buffer; after: Buffer }[],
  ) => Promise<readonly Position[]>;
}

/** How many entries were rewritten. */
export async function pseudonymiseStream(
  { codec, first, read, get, rewrite }: RewriteParts,
  { userId, pseudonym, ...options }: PseudonymiseOptions & { readonly userId: string; readonly pseudonym: string },
): Promise<number> {
  const name = Buffer.from(userId);
  const pseudonymise = pseudonymiser({ userId, pseudonym, ...options });
  const changesOf = (entries: readonly RawEntry[]): { position: Position; before: Buffer; after: Buffer }[] =>
    entries.flatMap(({ position, bytes }) => {
      const event = position <= options.upTo && bytes.includes(name) ? pseudonymise(codec.decode(bytes)) : null;
      return event === null ? [] : [{ position, before: bytes, after: Buffer.from(codec.encode(event)) }];
    });
  let rewritten = 0;
  for (let after = (await first()) - 1; after < options.upTo; after += AT_ONCE) {
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
      const changed = await rewrite(changes);
      rewritten += changes.length - changed.length;
      const bytes = changed.length === 0 ? [] : await get(changed);
      changes = changesOf(changed.flatMap((position, i) => (bytes[i] == null ? [] : [{ position, bytes: bytes[i] }])));
    }
    if (entries.length < AT_ONCE) break;
  }
  return rewritten;
}
