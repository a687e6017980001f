import { setTimeout as wait } from 'node:timers/promises';
import { RedisUserRecords } from '../src/profiles/redis-user-records.js';
import { RedisConnection } from '../src/remote/redis.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../src/state/state-settings.js';
import { type FaultProxy, startFaultProxy } from './support/fault-proxy.js';
import { testGateway, type TestGateway } from './support/gateway.js';
import { describeWithRedis, type RedisServer, startRedis } from './support/redis.js';
import { click } from './support/state.js';
import { untilDone } from './support/until.js';

const SETTINGS: StateSettings = {
  ...DEFAULT_STATE_SETTINGS,
  bounds: { ...DEFAULT_STATE_SETTINGS.bounds, users: 3, sessions: 64 },
};
/** `anna` and `ben` leave memory for those who came after them. */
const EVENTS = ['anna', 'ben', 'carl', 'dora', 'eve'].flatMap((userId, at) => [
  click(userId, 'a', at),
  click(userId, `only-${userId}`, at + 0.5),
]);
const LIST = `query ($ids: [ID!]!) { users(ids: $ids) {
  segment history(first: 5) { nodes { item { id } } }
  recommendations(first: 5) { segment degradations { stage code message instead } nodes { item { id } } }
} }`;
const AWAY = {
  stage: 'HISTORY',
  code: 'HISTORY_UNAVAILABLE',
  message: 'what is known of the user can’t be read now',
  instead: 'as for a user without history',
};

interface Listed {
  readonly segment: string;
  readonly degradations: readonly object[];
}

describeWithRedis('a gateway whose users left memory for Redis', () => {
  let server: RedisServer;
  let proxy: FaultProxy;
  let redis: RedisConnection;
  let test: TestGateway;
  let tenants = 0;
  let calls: jest.SpyInstance;
  beforeAll(async () => {
    server = await startRedis();
    proxy = await startFaultProxy(server.port);
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
  });
  beforeEach(async () => {
    redis = new RedisConnection({ url: `redis://127.0.0.1:${proxy.port}`, timeoutMs: 1_000 });
    await untilDone(() => redis.call((client) => client.ping()));
    const tenant = `t${++tenants}`;
    const records = new RedisUserRecords({ redis, settings: 'these', tenant, nearBytes: 0 });
    test = await testGateway(EVENTS, { records, settings: SETTINGS });
    await test.gateway.state.records.flush();
    // Nothing else stays near.
    await test.gateway.prefetch(['nobody']);
    calls = jest.spyOn(redis, 'call');
  });
  afterEach(async () => {
    proxy.set({});
    await redis.close();
  });

  async function lists(ids: readonly string[]): Promise<readonly Listed[]> {
    const { data, errors } = await test.execute(LIST, { ids });
    expect(errors).toBeUndefined();
    return data.users.map((user: { recommendations: Listed }) => user.recommendations);
  }
  const roundTrips = (): number => calls.mock.calls.splice(0).length;

  it('asks Redis once for those who left it, once for strangers, and never for those in memory', async () => {
    expect((await lists(['eve', 'dora'])).map(({ segment }) => segment)).toEqual(['WARM', 'WARM']);
    expect(roundTrips()).toBe(0);
    const answered = await lists(['anna', 'ben', 'stranger', 'eve']);
    expect(answered.map(({ segment }) => segment)).toEqual(['WARM', 'WARM', 'COLD', 'WARM']);
    expect(answered.flatMap(({ degradations }) => degradations)).toEqual([]);
    expect(roundTrips()).toBe(1);
    await lists(['stranger', 'anna']);
    expect(roundTrips()).toBe(0);
  });

  it('answers as for a user without history while Redis is away, says so, and as before once it is back', async () => {
    proxy.set({ away: true });
    const [ben, eve] = await lists(['ben', 'eve']);
    expect(ben).toMatchObject({ segment: 'COLD', degradations: [AWAY] });
    expect(eve).toMatchObject({ segment: 'WARM', degradations: [] });
    const { data } = await test.execute(LIST, { ids: ['ben'] });
    expect(data.users[0]).toMatchObject({ segment: 'COLD', history: { nodes: [] } });
    proxy.set({});
    await untilDone(() => redis.call((client) => client.ping()));
    expect((await lists(['ben']))[0]).toMatchObject({ segment: 'WARM', degradations: [] });
  });

  it('acknowledges what the log has while Redis is away, folds it later, and begins no erasure', async () => {
    proxy.set({ away: true });
    const { position } = await test.gateway.append([click('ben', 'b', 20), click('frank', 'b', 21)]);
    expect(position).toBe(test.log.last());
    expect(test.follower.lag).toBe(2);
    const forget = 'mutation { forgetUser(input: { userId: "anna" }) { userId } }';
    const { errors } = await test.execute(forget);
    expect(errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
    expect(test.log.last()).toBe(position);
    test.follower.follow(5);
    proxy.set({});
    while (test.follower.lag > 0) await wait(5);
    const [ben] = test.gateway.state.users.read(['ben'], position);
    expect(ben).toMatchObject({ interactions: 3 });
    expect((await test.execute(forget)).errors).toBeUndefined();
    expect(test.log.last()).toBe(position + 2);
    await test.follower.close();
  });
});
