/**
 * Speed of the embedded event log: appending (flushed) and reading in batches of 4,000, one event at a time, and the
 * codec alone. Median and spread of 5 rounds. Then the same log in lmdb and in Redis (appendfsync always) by turns: 1 and 32
 * writers of single events, reading, and how long after its append an event is seen at another connection.
 * `node --require ./test/support/register-swc.cjs test/bench/event-log.bench.ts`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventCodec } from '../../src/events/codec.js';
import { type Event } from '../../src/events/event.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { type EventLog } from '../../src/events/log.js';
import { openRedisLog } from '../../src/events/redis-log.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { NO_REDIS, startRedis } from '../support/redis.js';

const ROUNDS = 5;
const BATCH = 4_000;
const EVENTS = 200_000; // a round
const SINGLES = 500;

let made = 0;

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'event-log-bench-'));
  const log = openLmdbLog({ folder });
  const append = (withIds: boolean, count: number, size: number) => async () => {
    const batches = Array.from({ length: count / size }, () => Array.from({ length: size }, () => click(withIds)));
    return timed(async () => {
      for (const batch of batches) await log.append(batch);
    });
  };

  const codec = eventCodec('main');
  const events = Array.from({ length: EVENTS }, () => click(false));
  const encoded = events.map((event) => Buffer.from(codec.encode(event)));
  await measure('encode', EVENTS, () => timed(() => events.forEach((event) => codec.encode(event))));
  await measure('decode', EVENTS, () => timed(() => encoded.forEach((bytes) => codec.decode(bytes))));

  await measure('append, batches of 4,000, no ids', EVENTS, append(false, EVENTS, BATCH));
  await measure('read, batches of 4,000', EVENTS, () =>
    timed(async () => {
      for (let after = 0; after < EVENTS; after += BATCH) await log.read(after, BATCH);
    }),
  );
  await measure('append, batches of 4,000, with ids', EVENTS / 2, append(true, EVENTS / 2, BATCH));
  await measure('append, one by one', SINGLES, append(true, SINGLES, 1));
  await measure('append, one by one, 500 at once', SINGLES, () => {
    const singles = Array.from({ length: SINGLES }, () => [click(true)]);
    return timed(() => Promise.all(singles.map((single) => log.append(single))));
  });
  await measure('erase one user, entries scanned', log.last(), () => {
    const erasure = { upTo: log.last(), includeForgets: true, sessionSalt: 'salt' };
    return timed(() => log.pseudonymise(`${made % 300_000}`, 'erased', erasure));
  });
  await log.close();
  rmSync(folder, { recursive: true });
  if (NO_REDIS === null) await compare();
  else console.log(`lmdb and redis are not compared: ${NO_REDIS}`);
}

/** Two openings of one log: what one appends, the other sees. */
interface Pair {
  readonly name: string;
  readonly writer: EventLog;
  readonly reader: EventLog;
}

/** lmdb tells nobody: a server looks so often. */
const LMDB_LOOKS_EVERY_MS = 10;
const COMPARED_SINGLES = 2_000;
const COMPARED_READS = 40_000;
const SEEN = 300;

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'event-log-bench-'));
  const server = await startRedis();
  const connections = [0, 1].map(() => new RedisConnection({ url: server.url, timeoutMs: 30_000 }));
  const [writer, reader] = await Promise.all(connections.map((redis) => openRedisLog({ redis, timeoutMs: 30_000 })));
  const pairs: Pair[] = [
    { name: 'lmdb', writer: openLmdbLog({ folder }), reader: openLmdbLog({ folder }) },
    { name: 'redis', writer: writer!, reader: reader! },
  ];
  for (const { writer } of pairs) {
    for (let i = 0; i < COMPARED_READS; i += BATCH)
      await writer.append(Array.from({ length: BATCH }, () => click(true)));
  }
  await byTurns(pairs, 'append, 1 writer', COMPARED_SINGLES / 4, ({ writer }) =>
    write(writer, 1, COMPARED_SINGLES / 4),
  );
  await byTurns(pairs, 'append, 32 writers', COMPARED_SINGLES, ({ writer }) => write(writer, 32, COMPARED_SINGLES));
  await byTurns(pairs, 'read, batches of 4,000', COMPARED_READS, ({ reader }) =>
    timed(async () => {
      for (let after = 0; after < COMPARED_READS; after += BATCH) await reader.read(after, BATCH);
    }),
  );
  for (const pair of pairs) await seen(pair);
  for (const { writer, reader } of pairs) await Promise.all([writer.close(), reader.close()]);
  for (const redis of connections) await redis.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function byTurns(
  pairs: readonly Pair[],
  name: string,
  count: number,
  round: (pair: Pair) => Promise<number>,
): Promise<void> {
  const rounds = pairs.map((): number[] => []);
  for (let i = 0; i <= ROUNDS; i++) {
    for (const [at, pair] of pairs.entries()) {
      const ms = await round(pair);
      if (i > 0) rounds[at]!.push(ms); // the first is warm-up
    }
  }
  pairs.forEach((pair, at) => {
    const rates = rounds[at]!.map((ms) => Math.round((count * 1_000) / ms)).sort((a, b) => a - b);
    const spread = `${rates[0]} to ${rates.at(-1)}`;
    console.log(`${`${pair.name}: ${name}`.padEnd(36)} ${rates[ROUNDS >> 1]}/s (${spread})`);
  });
}

function write(log: EventLog, writers: number, count: number): Promise<number> {
  return timed(() =>
    Promise.all(
      Array.from({ length: writers }, async () => {
        for (let i = 0; i < count / writers; i++) await log.append([click(true)]);
      }),
    ),
  );
}

/** From before an append to when the reader knows of it. */
async function seen({ name, writer, reader }: Pair): Promise<void> {
  const waiting = new Map<number, () => void>();
  const look = (): void => {
    for (const [position, told] of waiting) {
      if (reader.last() >= position && waiting.delete(position)) told();
    }
  };
  reader.onAppended?.(look);
  const timer = reader.onAppended === undefined ? setInterval(look, LMDB_LOOKS_EVERY_MS) : undefined;
  const times: number[] = [];
  for (let i = 0; i < SEEN; i++) {
    const next = writer.last() + 1;
    const told = new Promise<void>((resolve) => waiting.set(next, resolve));
    const from = performance.now();
    const appended = writer.append([click(true)]);
    await told;
    times.push(performance.now() - from);
    await appended;
  }
  clearInterval(timer);
  times.sort((a, b) => a - b);
  const at = (share: number): string => times[Math.floor(share * SEEN)]!.toFixed(2);
  console.log(`${`${name}: appended to seen`.padEnd(36)} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}

/** Prints how many a second, and microseconds for one; `round` gives milliseconds for `count`. The first is warm-up. */
async function measure(name: string, count: number, round: () => Promise<number>): Promise<void> {
  await round();
  const rounds: number[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round());
  rounds.sort((a, b) => a - b);
  const rate = (ms: number) => Math.round(count / ms) + 'k';
  const [fastest, median, slowest] = [rounds[0]!, rounds[ROUNDS >> 1]!, rounds[ROUNDS - 1]!];
  const micros = ((median * 1_000) / count).toFixed(2);
  console.log(`${name.padEnd(36)} ${rate(median)}/s (${rate(slowest)} to ${rate(fastest)}), ${micros} us each`);
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The clicks of a news site as they look in the log: ids of digits, 4 clicks a session, 5 codes of context. */
function click(withId: boolean): Event {
  const n = made++;
  return {
    kind: 'interaction',
    ...(withId && { id: `${(n * 2_654_435_761) % 2 ** 32}-${n}` }),
    userId: `${n % 300_000}`,
    itemId: `${100_000 + ((n * 7_919) % 40_000)}`,
    type: 'CLICK',
    at: 1_507_000_000_000 + n,
    sessionId: `${1_506_825_423_271_737 + (n >> 2)}`,
    context: { device: '1', os: '17', country: '1', region: '25', referrer: '2' },
  };
}

void run();
