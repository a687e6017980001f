/**
 * Folding where most events bring somebody back who had left memory, and somebody else leaves: events/s over records in memory, in
 * lmdb and in Redis, taking turns; medians with their least and most. Then round trips to Redis and bytes per list asked for.
 * node --require ./test/support/register-swc.cjs test/bench/spilled-users.bench.ts [ROUNDS=5]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmdbUserRecords } from '../../src/profiles/lmdb-user-records.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { RedisUserRecords } from '../../src/profiles/redis-user-records.js';
import { type UserRecords } from '../../src/profiles/user-records.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { foldNext } from '../support/fold-over.js';
import { randomEvents } from '../support/random-events.js';
import { startRedis } from '../support/redis.js';

const ROUNDS = Number(process.argv[2] ?? 5);
const EVENTS = 30_000;
const USERS = 8_000;
const IN_MEMORY = 800;
/** As the follower reads the log. */
const BATCH = 4_096;
const REQUESTS = 200;

const settings: StateSettings = {
  ...DEFAULT_STATE_SETTINGS,
  bounds: { ...DEFAULT_STATE_SETTINGS.bounds, users: IN_MEMORY },
};
const entries = randomEvents({ seed: 1, count: EVENTS, users: USERS, leaving: 1 });

interface Measured {
  readonly state: LiveState;
  readonly perSecond: number;
}

async function fold(records: UserRecords): Promise<Measured> {
  const state = new LiveState(settings, records);
  const from = performance.now();
  while (state.position < entries.length) await foldNext(state, entries, BATCH);
  for (let writing; (writing = records.flush()) !== null;) await writing;
  return { state, perSecond: (EVENTS / (performance.now() - from)) * 1_000 };
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, median, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!].map(Math.round);
  return `${median} events/s (${least} to ${most})`;
}

async function main(): Promise<void> {
  const server = await startRedis(['--appendfsync', 'everysec']);
  const redis = new RedisConnection({ url: server.url, timeoutMs: 10_000 });
  await new Promise((resolve) => redis.client.once('ready', resolve));
  let calls = 0;
  const call = redis.call.bind(redis);
  redis.call = (run) => {
    calls++;
    return call(run);
  };
  const rates: Record<string, number[]> = { memory: [], lmdb: [], Redis: [], 'Redis, 0.1 MB near': [] };
  const told: Record<string, number> = {};
  let returns = 0;
  let last: LiveState | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const folder = mkdtempSync(join(tmpdir(), 'recograph-bench-'));
    const lmdb = new LmdbUserRecords({ folder, settings: 'bench' });
    const memory = new MemoryUserRecords();
    const get = memory.get.bind(memory);
    returns = 0;
    memory.get = (userId, position) => {
      const record = get(userId, position);
      if (record !== undefined) returns++;
      return record;
    };
    const inMemory = await fold(memory);
    const inLmdb = await fold(lmdb);
    const folds: Record<string, Measured> = { memory: inMemory, lmdb: inLmdb };
    for (const [name, near] of [
      ['Redis', {}],
      ['Redis, 0.1 MB near', { nearBytes: 100_000 }],
    ] as const) {
      calls = 0;
      const tenant = `t${round}${near.nearBytes ?? ''}`;
      folds[name] = await fold(new RedisUserRecords({ redis, settings: 'bench', tenant, ...near }));
      told[name] = calls;
    }
    for (const [name, { perSecond }] of Object.entries(folds)) rates[name]!.push(perSecond);
    const hashes = new Set(Object.values(folds).map(({ state }) => stateHash(state)));
    if (hashes.size !== 1) throw new Error('the states differ');
    last = folds['Redis, 0.1 MB near']!.state;
    await lmdb.close();
    rmSync(folder, { recursive: true });
  }
  console.log(`${EVENTS} events of ${USERS} users, ${IN_MEMORY} in memory: ${returns} came back from the store`);
  for (const [name, values] of Object.entries(rates)) console.log(`${name.padEnd(18)} ${spread(values)}`);
  for (const [name, count] of Object.entries(told)) {
    console.log(`${name}: ${count} round trips for ${Math.ceil(EVENTS / BATCH)} batches`);
  }
  await requests(last!, redis, () => calls);
  await redis.close();
  await server.stop();
}

/** What the users of lists cost: those in memory, those in Redis that are not near, and strangers who come again. */
async function requests({ users, position }: LiveState, redis: RedisConnection, calls: () => number): Promise<void> {
  const bytes = async (): Promise<number> => {
    const stats = await redis.client.info('stats');
    return ['input', 'output']
      .map((way) => Number(new RegExp(`total_net_${way}_bytes:(\\d+)`).exec(stats)![1]))
      .reduce((sum, one) => sum + one);
  };
  // Little of what was folded stays near.
  await users.prefetch(['nobody'], position);
  const none = await bytes();
  const idle = (await bytes()) - none;
  const away = Array.from({ length: USERS }, (_, at) => `u${at}`).filter((id) => !users.isAtHand(id));
  const strangers = Array.from({ length: REQUESTS }, (_, at) => `stranger-${at}`);
  const groups: readonly [string, readonly string[]][] = [
    ['in memory', users.mostRecent(REQUESTS)],
    ['in Redis', away.slice(0, REQUESTS)],
    ['strangers', strangers],
    ['strangers again', strangers],
  ];
  for (const [name, ids] of groups) {
    const [before, sent] = [calls(), await bytes()];
    const from = performance.now();
    for (const id of ids) await users.prefetch([id], position);
    const ms = (performance.now() - from) / ids.length;
    const trips = (calls() - before) / ids.length;
    const size = Math.max(0, (await bytes()) - sent - idle) / ids.length;
    console.log(
      `${ids.length} users, ${name}: ${trips} round trips, ${Math.round(size)} bytes, ${ms.toFixed(3)} ms each`,
    );
  }
}

void main();
