import { type Event } from '../../src/events/event.js';
import { type Appended } from '../../src/events/log.js';
import { openRedisLog, type RedisEventLog } from '../../src/events/redis-log.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { click } from '../contracts/event-log.contract.js';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const TIMEOUT_MS = 400;
const UNKNOWN = {
  code: 'LOG_UNAVAILABLE',
  message: expect.stringMatching(/; whether the events were appended is not known$/),
};

describeWithRedis('the event log on Redis, under faults', () => {
  let server: RedisServer;
  let proxy: FaultProxy;
  let tenant = '';
  let tenants = 0;
  let problems: string[] = [];
  const opened: { readonly log: RedisEventLog; readonly redis: RedisConnection }[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(async () => {
    tenant = `faults-${++tenants}`;
    problems = [];
    proxy = await startFaultProxy(server.port);
  });
  afterEach(async () => {
    for (const { log, redis } of opened.splice(0)) {
      await log.close();
      await redis.close();
    }
    await proxy.close();
  });
  afterAll(() => server.stop());

  async function open(port: number, timeoutMs = TIMEOUT_MS): Promise<RedisEventLog> {
    const redis = new RedisConnection({ url: `redis://127.0.0.1:${port}`, timeoutMs });
    const log = await openRedisLog({ redis, timeoutMs, tenant, onProblem: (message) => problems.push(message) });
    opened.push({ log, redis });
    return log;
  }

  /** The log as one sees it whose connection is good. */
  const direct = (port = server.port): Promise<RedisEventLog> => open(port, 30_000);

  async function itemsOf(log: RedisEventLog): Promise<string[]> {
    return (await log.read(0, 10_000)).map(({ event }) => ('itemId' in event ? event.itemId : ''));
  }

  /** The same again until it is answered, as a client does. */
  async function retried(log: RedisEventLog, events: readonly Event[]): Promise<Appended> {
    let appended: Appended | undefined;
    await until(async () => (appended = await log.append(events)));
    return appended!;
  }

  it('counts an event once where the answer was lost after it was appended and the same is tried again', async () => {
    const log = await open(proxy.port);
    const there = await direct();
    await log.append([click('a', 'w')]);
    proxy.set({ cutAnswerAfter: 0 });
    await expect(log.append([click('b', 'x')])).rejects.toMatchObject(UNKNOWN);
    await until(() => there.last() === 2);
    proxy.set({});
    expect((await retried(log, [click('b', 'x'), click('c', 'y')])).positions).toEqual([null, 3]);
    expect(await itemsOf(there)).toEqual(['a', 'b', 'c']);
  });

  it('has nothing of an append whose request came half', async () => {
    proxy.set({ cutRequestAfter: 50_000 });
    const log = await open(proxy.port);
    const there = await direct();
    const events: Event[] = [
      click('a', 'x'),
      { kind: 'item', itemId: 'long', attributes: { text: 'word '.repeat(40_000) }, at: 1 },
    ];
    await expect(log.append(events)).rejects.toMatchObject(UNKNOWN);
    expect(await there.read(0, 10)).toEqual([]);
    proxy.set({});
    expect((await retried(log, events)).positions).toEqual([1, 2]);
  });

  it('counts an event once where no answer came in time, and follows the log again by itself', async () => {
    const log = await open(proxy.port);
    const there = await direct();
    proxy.set({ silent: true });
    await expect(log.append([click('a', 'x')])).rejects.toThrow(`no answer within ${TIMEOUT_MS} ms`);
    await expect(log.read(0, 10)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await until(() => problems.some((problem) => problem.startsWith("the event log can't be followed: ")));
    expect(log.last()).toBe(0);
    proxy.set({});
    await retried(log, [click('a', 'x')]);
    await there.append([click('b')]);
    await until(() => log.last() === 2);
    expect(await itemsOf(there)).toEqual(['a', 'b']);
    expect(problems).toContain('the event log is followed again');
  });

  it('refuses at once while Redis is away, and goes on when it is back', async () => {
    const log = await open(proxy.port);
    const there = await direct();
    await log.append([click('a')]);
    proxy.set({ away: true });
    await expect(log.append([click('b', 'x')])).rejects.toMatchObject(UNKNOWN);
    await expect(log.read(0, 10)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await expect(log.get([1])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await there.append([click('c')]);
    expect(log.last()).toBe(1);
    proxy.set({});
    await until(() => log.last() === 2);
    await retried(log, [click('b', 'x')]);
    expect(await itemsOf(there)).toEqual(['a', 'c', 'b']);
  });

  it('waits for slow answers, and keeps the order of what is appended', async () => {
    const log = await open(proxy.port, 30_000);
    proxy.set({ delayMs: 20 });
    const appends = Array.from({ length: 10 }, (_, i) => log.append([click(`${i}`), click(`${i}`)]));
    const positions = (await Promise.all(appends)).map((appended) => appended.positions);
    expect(positions).toEqual(Array.from({ length: 10 }, (_, i) => [2 * i + 1, 2 * i + 2]));
  });

  it('appends all or nothing where Redis has no memory left, and goes on when it has', async () => {
    const full = await startRedis(['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction']);
    const log = await direct(full.port);
    let acknowledged = 0;
    const append = (): Promise<Appended> =>
      log.append(
        Array.from({ length: 50 }, (_, i) => ({ ...click('a', `${acknowledged}-${i}`), sessionId: 's'.repeat(1_000) })),
      );
    const fill = async (): Promise<never> => {
      for (;;) acknowledged = (await append()).position;
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message: expect.stringMatching(/OOM command not allowed.*; nothing was appended$/),
    });
    expect(acknowledged).toBeGreaterThan(100);
    expect(await log.read(acknowledged - 1, 100)).toHaveLength(1);
    const admin = opened.at(-1)!.redis;
    await admin.client.config('SET', 'maxmemory', '0');
    expect((await append()).positions).toEqual(Array.from({ length: 50 }, (_, i) => acknowledged + 1 + i));
    await log.close();
    await opened.pop()!.redis.close();
    await full.stop();
  });

  it('loses nothing that was acknowledged where Redis is killed, and doubles nothing that is tried again', async () => {
    const killed = await startRedis();
    const log = await open(killed.port);
    const acknowledged = new Set<string>();
    const events = Array.from({ length: 2_000 }, (_, i) => click(`${i}`, `id-${i}`));
    const appends = events.map(async (event, i) => {
      await until(() => acknowledged.size >= i - 32); // some at once
      await retried(log, [event]);
      acknowledged.add(event.itemId);
    });
    await until(() => acknowledged.size > 500);
    await killed.signal('SIGKILL');
    const before = [...acknowledged];
    await killed.restart();
    const there = await direct(killed.port);
    const kept = new Set(await itemsOf(there));
    expect(before.filter((item) => !kept.has(item))).toEqual([]);
    await Promise.all(appends);
    expect((await itemsOf(there)).sort()).toEqual(events.map(({ itemId }) => itemId).sort());
    expect(log.last()).toBe(2_000);
    for (const { log, redis } of opened.splice(0)) {
      await log.close();
      await redis.close();
    }
    await killed.stop();
  });

  it('counts an event once where Redis was frozen in the meantime', async () => {
    const log = await open(server.port);
    await log.append([click('a')]);
    await server.signal('SIGSTOP');
    await expect(log.append([click('b', 'x')])).rejects.toMatchObject(UNKNOWN);
    expect(log.last()).toBe(1);
    await server.signal('SIGCONT');
    await retried(log, [click('b', 'x')]);
    expect(await itemsOf(await direct())).toEqual(['a', 'b']);
  });

  it('orders events by when they came, whatever time they name', async () => {
    const log = await direct();
    const times = [Date.now() + 1e12, 0, -1e12, Date.now()];
    for (const at of times) await log.append([{ ...click('a'), at }]);
    expect((await log.read(0, 10)).map(({ event }) => event.at)).toEqual(times);
  });
});
