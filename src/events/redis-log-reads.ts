/**
 * Reading the stream of a log as bytes. Positions are ids of the stream, so a range of them is one look-up; those that an
 * erasure has taken out of the stream are looked up in the hash where it has put them.
 */
import { type RedisClient } from '../remote/redis.js';
import { redisKey } from '../remote/redis-key.js';
import { type Position } from './log.js';

export interface RawEntry {
  readonly position: Position;
  readonly bytes: Buffer;
}

export interface LogKeys {
  readonly entries: string;
  readonly erased: string;
  readonly ids: string;
  readonly about: string;
}

export function logKeys(tenant: string): LogKeys {
  const key = (part: string): string => redisKey(tenant, 'log', part);
  return { entries: key('entries'), erased: key('erased'), ids: key('ids'), about: key('about') };
}

/** An entry as Redis gives it: its id, and its one field with its value. */
export type StreamEntry = readonly [id: Buffer, fields: readonly Buffer[]];

export function rawEntry([id, fields]: StreamEntry): RawEntry {
  return { position: Number.parseInt(id.toString('latin1'), 10), bytes: fields[1]! };
}

export interface Range {
  /** At most as many as were asked for, in order; null where the first of them is no longer in the log. */
  readonly entries: readonly RawEntry[] | null;
  /** Positions of the first and the last entry of the log, at that time. */
  readonly first: Position;
  readonly last: Position;
}

/** Entries after the position: one round trip, and another where there are erased ones among them. */
export async function readRange(
  client: RedisClient,
  keys: LogKeys,
  { after, limit }: { readonly after: Position; readonly limit: number },
): Promise<Range> {
  const [about, found] = await inOneTrip<[(string | null)[], StreamEntry[]]>(
    client
      .pipeline()
      .hmget(keys.about, 'first', 'last')
      .xrangeBuffer(keys.entries, `${after + 1}-0`, `${after + limit}-0`),
  );
  const streamed = found.map(rawEntry);
  const first = Number(about[0] ?? 1);
  // What came between the two is in the stream and not in the first answer.
  const last = Math.max(Number(about[1] ?? 0), streamed.at(-1)?.position ?? 0);
  const expected = Math.min(limit, last - after);
  if (streamed.length >= expected) return { entries: streamed, first, last };
  if (after + 1 < first) return { entries: null, first, last };
  const positions = Array.from({ length: expected }, (_, i) => after + 1 + i);
  const byPosition = new Map(streamed.map(({ position, bytes }) => [position, bytes]));
  const missing = positions.filter((position) => !byPosition.has(position));
  const erased = await client.hmgetBuffer(keys.erased, ...missing.map(String));
  missing.forEach((position, i) => erased[i] != null && byPosition.set(position, erased[i]));
  const entries = positions.map((position) => ({ position, bytes: byPosition.get(position) }));
  if (entries.every(isThere)) return { entries, first, last };
  // Dropped since the first answer.
  const next = entries.findLast((entry) => !isThere(entry))!.position + 1;
  return { entries: null, first: next, last };
}

function isThere(entry: { position: Position; bytes: Buffer | undefined }): entry is RawEntry {
  return entry.bytes !== undefined;
}

/** Answers of a pipeline in their order; throws the first of its errors. */
export async function inOneTrip<Answers extends readonly unknown[]>(pipeline: {
  exec(): Promise<[error: Error | null, result: unknown][] | null>;
}): Promise<Answers> {
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  }) as unknown as Answers;
}
