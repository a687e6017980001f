import { openRedisLog, type RedisEventLog } from '../../src/events/redis-log.js';
import { logKeys } from '../../src/events/redis-log-keys.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { FilesCheckpointStore } from '../../src/state/files-checkpoint-store.js';
import { Follower } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { click } from '../contracts/event-log.contract.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { withFolder } from '../support/server.js';
import { until } from '../support/until.js';

const TIMEOUT_MS = 5_000;
const TENANT = 'main';

describeWithRedis('a failover of Redis that loses events', () => {
  let [first, second]: RedisServer[] = [];
  const opened: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    first = await startRedis(['--repl-diskless-sync-delay', '0']);
    second = await startRedis(['--repl-diskless-sync-delay', '0', '--replicaof', '127.0.0.1', `${first.port}`]);
  });
  afterAll(async () => {
    for (const part of opened.reverse()) await part.close();
    await first!.stop();
    await second!.stop();
  });

  function connect({ url }: RedisServer): RedisConnection {
    const redis = new RedisConnection({ url, timeoutMs: TIMEOUT_MS });
    opened.push(redis);
    return redis;
  }

  async function openLog(server: RedisServer): Promise<RedisEventLog> {
    const log = await openRedisLog({ redis: connect(server), timeoutMs: TIMEOUT_MS, tenant: TENANT });
    opened.push(log);
    return log;
  }

  it('leaves all replicas with equal states, of what is left and what came since', async () => {
    await withFolder(async (folder) => {
      const checkpoints = new FilesCheckpointStore(folder);
      const openFollower = async (log: RedisEventLog): Promise<Follower> => {
        const records = new MemoryUserRecords();
        const follower = await Follower.open({ log, records, settings: DEFAULT_STATE_SETTINGS, checkpoints });
        follower.follow(50);
        return follower;
      };
      const [old, promoted] = [connect(first!), connect(second!)];
      const lengthOf = async ({ client }: RedisConnection): Promise<number> =>
        client.xlen(logKeys(TENANT).entries).catch(() => 0);

      const logs = [await openLog(first!), await openLog(first!)];
      const followers = await Promise.all(logs.map(openFollower));
      await logs[0]!.append([click('a'), click('b')]);
      await until(async () => (await lengthOf(promoted)) === 2);
      // The two are parted: what the old one is told from now on is lost, and others go on with the promoted one.
      await promoted.client.replicaof('NO', 'ONE');
      await logs[1]!.append([click('lost'), click('lost too')]);
      await until(() => followers.every(({ state }) => state.position === 4));
      await followers[1]!.checkpoint();
      await (await openLog(second!)).append(['c', 'd', 'e'].map((item) => click(item)));
      // The old one takes over what the promoted one has. Connections to it are kept.
      await old.client.replicaof('127.0.0.1', `${second!.port}`);
      await until(async () => (await lengthOf(old)) === 5);
      await old.client.replicaof('NO', 'ONE');

      await until(() => followers.every(({ state }) => state.items.find('e') !== -1));
      await until(async () => (await logs[0]!.append([click('f')])).position === 6);
      const fresh = await openFollower(await openLog(first!));
      await until(() => [...followers, fresh].every(({ state }) => state.position === 6));
      expect(fresh.state.items.find('lost')).toBe(-1);
      expect(new Set([...followers, fresh].map(({ state }) => stateHash(state))).size).toBe(1);
      const histories = [...logs, await openLog(first!)].map(({ history }) => history);
      expect(new Set(histories).size).toBe(1);
      expect(histories[0]).toMatch(/\.1-[0-9a-f]{8}$/);
      for (const follower of [...followers, fresh]) await follower.close();
    });
  });
});
