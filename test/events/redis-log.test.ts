import { type EventLog } from '../../src/events/log.js';
import { openRedisLog, type RedisEventLog, type RedisLogOptions } from '../../src/events/redis-log.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { type ContractOptions, eventLogContract } from '../contracts/event-log.contract.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';

const TIMEOUT_MS = 2_000;

describeWithRedis('the event log on Redis', () => {
  let server: RedisServer;
  const connections: RedisConnection[] = [];
  beforeAll(async () => {
    server = await startRedis(['--appendfsync', 'no']);
  });
  afterEach(async () => {
    for (const redis of connections.splice(0)) await redis.close();
  });
  afterAll(() => server.stop());

  let tenants = 0;
  const open = (options?: Partial<RedisLogOptions>, url = server.url): Promise<RedisEventLog> => {
    const redis = new RedisConnection({ url, timeoutMs: TIMEOUT_MS });
    connections.push(redis);
    return openRedisLog({ redis, timeoutMs: TIMEOUT_MS, ...options });
  };
  eventLogContract('Redis', (options?: ContractOptions): Promise<EventLog> =>
    open({ tenant: `contract-${++tenants}`, ...options }),
  );
});
