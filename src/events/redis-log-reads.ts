/**
 * Reading the stream of a log as bytes. Positions are ids of the stream, so a range of them is one look-up; those that an
 * erasure has taken out of the stream are looked up in the hash where it has put them.
 */
import { inOneTrip } from '../remote/in-one-trip.js';
import { type RedisClient } from '../remote/redis.js';
import { type Position } from './log.js';
import { type EndAnswer, type RedisLogEnd } from './redis-log-end.js';
import { type LogKeys } from './redis-log-keys.js';

export interface RawEntry {
  readonly position: Position;
  readonly bytes: Buffer;
}

/** An entry as Redis gives it: its id, and its one field with its value. */
export type StreamEntry = readonly [id: Buffer, fields: readonly Buffer[]];

export function rawEntry([id, fields]: StreamEntry): RawEntry {
  return { position: Number.parseInt(id.toString('latin1'), 10), bytes: fields[1]! };
}

/** Entries in order, or of a log that no longer has the first of them the position of its first one. */
export type Range = { readonly entries: readonly RawEntry[] } | { readonly entries: null; readonly first: Position };

/**
 * At most `limit` entries after the position, as they stood before the end of the log was looked at: what the end says then
 * of losses and erasures is not older than they. One round trip, and another where there are erased ones among them.
 */
export async function readRange(
  client: RedisClient,
  { keys, end }: { readonly keys: LogKeys; readonly end: RedisLogEnd },
  { after, limit }: { readonly after: Position; readonly limit: number },
): Promise<Range> {
  const asked = end.history;
  const [about, found, seen] = await inOneTrip<[(string | null)[], StreamEntry[], EndAnswer]>(
    end.queueLook(
      client
        .pipeline()
        .hmget(keys.about, 'first', 'last')
        .xrangeBuffer(keys.entries, `${after + 1}-0`, `${after + limit}-0`),
    ),
  );
  const streamed = found.map(rawEntry);
  // What came between the two is in the stream and not in the first answer.
  const last = Math.max(Number(about[1] ?? 0), streamed.at(-1)?.position ?? 0);
  const expected = Math.min(limit, last - after);
  if (streamed.length < expected) {
    const first = Number(about[0] ?? 1);
    if (after + 1 < first) return { entries: null, first };
    return withErased(client, { keys, end }, { streamed, after, expected });
  }
  heard(end, asked, seen);
  return { entries: streamed };
}

/** The same with those that the stream no longer has. */
async function withErased(
  client: RedisClient,
  { keys, end }: { readonly keys: LogKeys; readonly end: RedisLogEnd },
  { streamed, after, expected }: { streamed: readonly RawEntry[]; after: Position; expected: number },
): Promise<Range> {
  const positions = Array.from({ length: expected }, (_, i) => after + 1 + i);
  const byPosition = new Map(streamed.map(({ position, bytes }) => [position, bytes]));
  const missing = positions.filter((position) => !byPosition.has(position));
  const asked = end.history;
  const [erased, seen] = await inOneTrip<[(Buffer | null)[], EndAnswer]>(
    end.queueLook(client.pipeline().hmgetBuffer(keys.erased, ...missing.map(String))),
  );
  missing.forEach((position, i) => erased[i] != null && byPosition.set(position, erased[i]));
  const entries = positions.map((position) => ({ position, bytes: byPosition.get(position) }));
  heard(end, asked, seen);
  if (entries.every(isThere)) return { entries };
  // Dropped since the first answer.
  return { entries: null, first: entries.findLast((entry) => !isThere(entry))!.position + 1 };
}

/** Whoever has read what stands at the end knows of it. */
function heard(end: RedisLogEnd, asked: string, seen: EndAnswer): void {
  if (end.hear(asked, seen)) end.raise(asked, seen[2], seen[3]);
}

function isThere(entry: { position: Position; bytes: Buffer | undefined }): entry is RawEntry {
  return entry.bytes !== undefined;
}
