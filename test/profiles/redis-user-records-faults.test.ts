import { type LogEntry } from '../../src/events/log.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { RedisUserRecords } from '../../src/profiles/redis-user-records.js';
import { type UserRecords } from '../../src/profiles/user-records.js';
import { RemoteUnavailableError } from '../../src/remote/remote-unavailable-error.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { type Faults, type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';
import { foldNext, viewsOf } from '../support/fold-over.js';
import { randomEvents } from '../support/random-events.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { untilDone } from '../support/until.js';

const SETTINGS: StateSettings = {
  ...DEFAULT_STATE_SETTINGS,
  scopes: ['all'],
  bounds: { users: 4, history: 8, readers: 8, coClicks: 8, sessions: 64, scopeValues: 8, scopeItems: 32, list: 8 },
};
const USERS = 40;
const IDS = Array.from({ length: USERS }, (_, at) => `u${at}`);
const BATCH = 25;
const ENTRIES = randomEvents({ seed: 11, count: 500, users: USERS });
/** Where the fault comes. */
const HALF = 250;

describeWithRedis('RedisUserRecords under faults', () => {
  let server: RedisServer;
  let proxy: FaultProxy;
  let tenants = 0;
  let expected: { readonly hash: string; readonly views: readonly (object | null)[] };
  beforeAll(async () => {
    server = await startRedis();
    proxy = await startFaultProxy(server.port);
    const records = new MemoryUserRecords();
    const state = new LiveState(SETTINGS, records);
    await foldNext(state, ENTRIES, ENTRIES.length);
    expected = { hash: stateHash(state), views: await viewsOf(state, IDS) };
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
  });

  /** Folds to the half, then into the fault until it has been met, then, without it, to the end. What calls failed with. */
  async function foldThrough(
    begin: () => Promise<void> | void,
    end: () => Promise<void> | void,
    timeoutMs = 250,
  ): Promise<readonly Error[]> {
    const redis = new RedisConnection({ url: `redis://127.0.0.1:${proxy.port}`, timeoutMs });
    const tenant = `t${++tenants}`;
    const records = new RedisUserRecords({ redis, settings: 'these', tenant, nearBytes: 0 });
    const state = new LiveState(SETTINGS, records);
    await foldUpTo(HALF, state);
    await begin();
    const errors: Error[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const { position } = state;
      await foldNext(state, ENTRIES, BATCH).catch((error: Error) => {
        errors.push(error);
        expect(error).toBeInstanceOf(RemoteUnavailableError);
        expect(state.position).toBe(position);
      });
    }
    await end();
    await foldUpTo(ENTRIES.length, state);
    await untilDone(async () => records.flush());
    expect(stateHash(state)).toBe(expected.hash);
    expect(await untilDone(() => viewsOf(state, IDS))).toEqual(expected.views);
    // What stands in Redis is what memory would hold: another fold reads the same.
    const other = new RedisUserRecords({ redis, settings: 'these', tenant });
    const away = IDS.filter((id) => state.users.find(id) === -1);
    await untilDone(async () => other.prefetch(away, state.position));
    const texts = (from: UserRecords): readonly (string | undefined)[] =>
      away.map((id) => Buffer.from(from.get(id, state.position) ?? '').toString());
    expect(texts(other)).toEqual(texts(records));
    await redis.close();
    return errors;
  }

  async function foldUpTo(position: number, state: LiveState): Promise<void> {
    while (state.position < position) await untilDone(() => foldNext(state, upTo(position), BATCH));
  }

  const through = (faults: Faults): Promise<readonly Error[]> =>
    foldThrough(
      () => proxy.set(faults),
      () => proxy.set({}),
    );

  it('waits for slow answers', async () => {
    const errors = await foldThrough(
      () => proxy.set({ delayMs: 40 }),
      () => proxy.set({}),
      20_000,
    );
    expect(errors).toEqual([]);
  });

  it('folds on when answers come again, after time-outs', async () => {
    expect((await through({ silent: true })).map(({ message }) => message)).toContain(
      'Redis is unavailable: no answer within 250 ms',
    );
  });

  it('folds on after resets', async () => {
    expect(await through({ away: true })).toHaveLength(3);
  });

  it('writes again, to the same end, what was cut in the middle', async () => {
    for (const cutRequestAfter of [60, 900, 4_000]) {
      expect((await through({ cutRequestAfter })).length).toBeGreaterThan(0);
    }
  });

  it('asks again for what was answered by half, and writes again what was not confirmed', async () => {
    for (const cutAnswerAfter of [3, 700]) expect((await through({ cutAnswerAfter })).length).toBeGreaterThan(0);
  });

  it('stops folding when Redis has no memory left, and goes on when it has', async () => {
    const direct = new RedisConnection({ url: server.url, timeoutMs: 5_000 });
    await untilDone(() => direct.call((client) => client.ping()));
    const most = (bytes: string) => async (): Promise<void> => {
      await direct.call((client) => client.config('SET', 'maxmemory', bytes) as Promise<unknown>);
    };
    const errors = await foldThrough(most('1'), most('0'));
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^Redis is unavailable: OOM/));
    await direct.close();
  });

  it('loses nothing to a restart', async () => {
    const errors = await foldThrough(
      () => server.signal('SIGKILL'),
      () => server.restart(),
    );
    expect(errors).toHaveLength(3);
  });

  it('folds on when a frozen Redis goes on, and has carried out what was given up', async () => {
    const errors = await foldThrough(
      () => server.signal('SIGSTOP'),
      () => server.signal('SIGCONT'),
    );
    expect(errors).toHaveLength(3);
  });
});

function upTo(position: number): readonly LogEntry[] {
  return ENTRIES.slice(0, position);
}
