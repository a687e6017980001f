import { Guard, type RemoteCall } from '../../src/remote/guard.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { redisKey } from '../../src/remote/redis-key.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { untilDone } from '../support/until.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';

describe('guard', () => {
  it('passes on what a wrong call throws, and never refuses for it', async () => {
    const guard = new Guard({ service: 'X', timeoutMs: 100, concurrent: 2, failures: 1, isFault: () => false });
    const wrong = (): Promise<never> => Promise.reject(new Error('wrong'));
    for (let i = 0; i < 5; i++) await expect(guard.call(wrong)).rejects.toThrow(/^wrong$/);
    expect(await guard.call(() => Promise.resolve('right'))).toBe('right');
  });

  it('refuses what is too much at once', async () => {
    const guard = new Guard({ service: 'X', timeoutMs: 1_000, concurrent: 1, isFault: () => true });
    let end = (): void => undefined;
    const first = guard.call(() => new Promise<void>((resolve) => (end = resolve)));
    const second = guard.call(() => Promise.resolve('second'));
    await expect(guard.call(() => Promise.resolve())).rejects.toThrow('X is unavailable: too many calls are under way');
    end();
    await first;
    expect(await second).toBe('second');
  });

  it('tells of every call how it went, once', async () => {
    const told: string[] = [];
    const isFault = (error: Error): boolean => error.message === 'away';
    const onCall = ({ service, outcome }: RemoteCall): void => void told.push(`${service} ${outcome}`);
    const guard = new Guard({
      service: 'X',
      timeoutMs: 20,
      concurrent: 2,
      failures: 2,
      restMs: 60_000,
      isFault,
      onCall,
    });
    const failing = (message: string) => () => Promise.reject(new Error(message));
    await guard.call(() => Promise.resolve());
    await expect(guard.call(failing('wrong'))).rejects.toThrow('wrong');
    await expect(guard.call(failing('away'))).rejects.toThrow('X is unavailable: away');
    await expect(guard.call(() => new Promise(() => undefined))).rejects.toThrow('no answer within 20 ms');
    await expect(guard.call(() => Promise.resolve())).rejects.toThrow('left alone');
    expect(told).toEqual(['X ok', 'X wrong', 'X failed', 'X timeout', 'X refused']);
  });
});

describeWithRedis('connection to Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  it('fails at once and says so where Redis is away, and works again when it is back', async () => {
    const proxy = await startFaultProxy(server.port);
    const told: string[] = [];
    const url = `redis://127.0.0.1:${proxy.port}`;
    const redis = new RedisConnection({ url, timeoutMs: 200, onProblem: (message) => told.push(message) });
    const key = redisKey('main', 'test', 'a');
    const write = (value: string): Promise<unknown> => redis.call((client) => client.set(key, value));
    await untilDone(() => write('1'));
    proxy.set({ away: true });
    for (let i = 0; i < 10; i++) {
      await expect(write('2')).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE', service: 'Redis' });
    }
    proxy.set({});
    await untilDone(() => write('3'));
    expect(await redis.call((client) => client.get(key))).toBe('3');
    expect(told).toEqual(['Redis does not answer', 'Redis answers again']);
    await redis.close();
    await proxy.close();
  });

  it('gives up what takes too long, and a connection that is only silent', async () => {
    const proxy = await startFaultProxy(server.port);
    const redis = new RedisConnection({ url: `redis://127.0.0.1:${proxy.port}`, timeoutMs: 50 });
    const ping = (): Promise<unknown> => redis.call((client) => client.ping());
    await untilDone(ping);
    proxy.set({ silent: true });
    await expect(ping()).rejects.toThrow('Redis is unavailable: no answer within 50 ms');
    for (let i = 0; i < 4; i++) await expect(ping()).rejects.toThrow('no answer');
    await expect(ping()).rejects.toThrow(/unavailable/);
    proxy.set({});
    await untilDone(ping);
    await redis.close();
    await proxy.close();
  });

  it('passes on that a call was wrong', async () => {
    const told: RemoteCall[] = [];
    const redis = new RedisConnection({ url: server.url, timeoutMs: 500, onCall: (call) => told.push(call) });
    await untilDone(() => redis.call((client) => client.ping()));
    const wrong = redis.call((client) => client.call('NO_SUCH_COMMAND') as Promise<unknown>);
    await expect(wrong).rejects.toThrow(/unknown command/i);
    expect(told.slice(-2)).toMatchObject([
      { service: 'Redis', outcome: 'ok', durationMs: expect.any(Number) },
      { outcome: 'wrong' },
    ]);
    await redis.close();
  });
});
