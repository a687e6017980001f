import { type Event, type InteractionEvent } from '../../src/events/event.js';
import { type EventLog, type LogEntry, LogTrimmedError } from '../../src/events/log.js';
import { openRedisLog, type RedisEventLog, type RedisLogOptions } from '../../src/events/redis-log.js';
import { logKeys } from '../../src/events/redis-log-keys.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { FilesCheckpointStore } from '../../src/state/files-checkpoint-store.js';
import { Follower, type FollowerOptions } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { click, type ContractOptions, EVERY_KIND, eventLogContract } from '../contracts/event-log.contract.js';
import { openMemoryLog } from '../support/memory-log.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { withFolder } from '../support/server.js';
import { until } from '../support/until.js';

const TIMEOUT_MS = 5_000;
const ERASE_ALL = { upTo: Number.MAX_SAFE_INTEGER, includeForgets: true, sessionSalt: 'salt' };

describeWithRedis('the event log on Redis', () => {
  let server: RedisServer;
  const opened: { readonly log: RedisEventLog; readonly redis: RedisConnection }[] = [];
  let tenant = '';
  let tenants = 0;
  beforeAll(async () => {
    server = await startRedis(['--appendfsync', 'no']);
  });
  beforeEach(() => {
    tenant = `tenant-${++tenants}`;
  });
  afterEach(async () => {
    for (const { log, redis } of opened.splice(0)) {
      await log.close();
      await redis.close();
    }
  });
  afterAll(() => server.stop());

  /** One replica's log: all of one test are the same one. */
  async function open(options?: Partial<RedisLogOptions>, url = server.url): Promise<RedisEventLog> {
    const redis = new RedisConnection({ url, timeoutMs: TIMEOUT_MS });
    const log = await openRedisLog({ redis, timeoutMs: TIMEOUT_MS, tenant, ...options });
    opened.push({ log, redis });
    return log;
  }

  const by = (userId: string, itemId: string): Event => ({ ...click(itemId), userId });
  /** As an erasure of ann under the pseudonym p begins. */
  const forgetAnn = (): Event[] => ['ann', 'p'].map((userId) => ({ kind: 'forget', userId, at: 9 }));

  const openFollower = (log: EventLog, options?: Partial<FollowerOptions>): Promise<Follower> =>
    Follower.open({
      log,
      records: new MemoryUserRecords(),
      settings: DEFAULT_STATE_SETTINGS,
      checkpoints: null,
      ...options,
    });

  /** What a failover to a replica that had not got everything does: the log is again as it is now. */
  async function remember(of: RedisEventLog): Promise<() => Promise<void>> {
    const { client } = opened.find(({ log }) => log === of)!.redis;
    const keys = Object.values(logKeys(tenant));
    const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
    return async () => {
      const back = client.multi().del(...keys);
      keys.forEach((key, i) => dumps[i] != null && back.restore(key, 0, dumps[i]));
      await back.exec();
    };
  }

  /** The log goes back, and in the same moment another replica fills it again. */
  async function openAfter(goBack: () => Promise<void>, items: readonly string[]): Promise<RedisEventLog> {
    await untilWaiting();
    await goBack();
    const other = await open();
    await other.append(items.map((item) => click(item)));
    return other;
  }

  /** Until all of the test's logs wait in Redis for what comes, and will not look by themselves for a while. */
  const untilWaiting = (): Promise<void> =>
    until(async () => (await opened[0]!.redis.client.info('clients')).includes(`blocked_clients:${opened.length}\r`));

  eventLogContract('Redis', (options?: ContractOptions) => open(options));

  describe('several replicas', () => {
    it('tell each other of what they append, and hold it without reading it', async () => {
      const [mine, theirs] = [await open(), await open()];
      const told = new Promise<void>((resolve) => theirs.onAppended(resolve));
      await mine.append([click('a'), click('b')]);
      await told;
      expect(theirs.last()).toBe(2);
      const held: LogEntry[] = [];
      await until(() => held.push(...theirs.recent(0)) > 0);
      expect(held.map(({ event }) => event)).toEqual([click('a'), click('b')]);
      expect(theirs.recent(0)).toEqual([]);
      expect(mine.recent(1)).toEqual([{ position: 2, event: click('b') }]);
    });

    it('append at the same time without a gap, and an id counts once among all of them', async () => {
      const logs = await Promise.all([open(), open(), open()]);
      const appends = Array.from({ length: 300 }, (_, i) => logs[i % 3]!.append([click(`${i}`, `${i >> 1}`)]));
      const positions = (await Promise.all(appends)).flatMap((appended) => appended.positions);
      expect(positions.filter((position) => position === null)).toHaveLength(150);
      const kept = positions.filter((position) => position !== null).sort((a, b) => a - b);
      expect(kept).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
    });

    it('have equal states at equal positions, whoever appended', async () => {
      const logs = await Promise.all([open(), open()]);
      const followers = await Promise.all(logs.map((log) => openFollower(log)));
      followers.forEach((follower) => follower.follow(60_000)); // not by looking
      const events = Array.from({ length: 2_000 }, (_, i): Event => ({ ...click(`${i % 70}`), userId: `u${i % 40}` }));
      await Promise.all(events.map((event, i) => logs[i % 2]!.append([event])));
      await until(() => followers.every(({ state }) => state.position === 2_000));
      const [one, other] = followers.map(({ state }) => stateHash(state));
      expect(one).toBe(other);
      await Promise.all(followers.map((follower) => follower.close()));
    });

    it('reads nothing again of what it has just appended', async () => {
      const log = await open();
      const follower = await openFollower(log);
      const read = jest.spyOn(log, 'read');
      const { position } = await log.append([click('a')]);
      await follower.catchUp(position);
      expect(follower.state.position).toBe(1);
      expect(read).not.toHaveBeenCalled();
    });
  });

  describe('erasure', () => {
    it('leaves nothing of the person in the stream, and rebuilds the state that is live', async () => {
      const log = await open();
      const secrets = ['ann@example.org', 'session-of-ann'];
      const anns = { ...click('a'), userId: secrets[0]!, sessionId: secrets[1]! };
      const events: Event[] = [click('a'), anns, ...EVERY_KIND, anns, { kind: 'forget', userId: anns.userId, at: 9 }];
      await log.append(events);
      expect(await log.pseudonymise(anns.userId, 'p', ERASE_ALL)).toBe(3);

      const { client } = opened[0]!.redis;
      const { entries, erased } = logKeys(tenant);
      const stored = JSON.stringify([await client.xrange(entries, '-', '+'), await client.hgetall(erased)]);
      for (const secret of secrets) expect(stored).not.toContain(secret);

      const memory = openMemoryLog();
      await memory.append(events);
      await memory.pseudonymise(anns.userId, 'p', ERASE_ALL);
      const other = await open();
      expect(other.last()).toBe(events.length);
      expect(await other.read(0, 100)).toEqual(await memory.read(0, 100));
      expect(await other.read(1, 3)).toEqual(await memory.read(1, 3));
      expect(await other.read(events.length - 2, 100)).toEqual(await memory.read(events.length - 2, 100));
      const [live, rebuilt] = [await openFollower(memory), await openFollower(other)];
      expect(stateHash(rebuilt.state)).toBe(stateHash(live.state));
    });

    it('is seen by a replica that holds what was appended before', async () => {
      const [mine, theirs] = [await open(), await open()];
      await mine.append([{ ...click('a'), userId: 'ann' }]);
      expect(await mine.pseudonymise('ann', 'p', ERASE_ALL)).toBe(1);
      expect(mine.recent(0)).toEqual([]);
      expect(await theirs.get([1])).toEqual([{ ...click('a'), userId: 'p' }]);
      expect(theirs.history).toBe(mine.history);
    });

    it('skips nothing for a replica that is late, where entries are gone from the middle of what it has still to read', async () => {
      const proxy = await startFaultProxy(server.port);
      const log = await open();
      await log.append([by('eve', 'a')]);
      const late = await open({}, `redis://127.0.0.1:${proxy.port}`);
      const follower = await openFollower(late);
      follower.follow(60_000); // not by looking
      await untilWaiting();
      proxy.set({ delayMs: 150 });
      await log.append([by('bob', 'b')]); // its answer is on the way while the others come and go
      await log.append([by('bob', 'a'), by('ann', 'a'), by('ann', 'b'), by('eve', 'b'), ...forgetAnn()]);
      expect(await log.pseudonymise('ann', 'p', { ...ERASE_ALL, includeForgets: false })).toBe(2);
      await log.append([by('eve', 'c')]);
      await until(() => late.last() === 9);
      await until(() => follower.lag === 0);
      const [one, other] = [stateHash(follower.state), stateHash((await openFollower(log)).state)];
      await follower.close();
      await late.close();
      await proxy.close();
      expect(one).toBe(other);
    });

    it('makes a replica begin anew that has folded a part of what was erased and has the rest still to read', async () => {
      const proxy = await startFaultProxy(server.port);
      const [log, behind] = [await open(), await open({}, `redis://127.0.0.1:${proxy.port}`)];
      const problems: string[] = [];
      const follower = await openFollower(behind, { onProblem: (problem) => problems.push(problem) });
      const ahead = await openFollower(log);
      follower.follow(50);
      await log.append([by('ann', 'a'), by('bob', 'b')]);
      await until(() => follower.state.position === 2);
      const { history } = behind;
      proxy.set({ away: true });
      await log.append([by('bob', 'a'), by('ann', 'b'), by('eve', 'b'), ...forgetAnn()]);
      await ahead.catchUp();
      expect(await log.pseudonymise('ann', 'p', { ...ERASE_ALL, includeForgets: false })).toBe(2);
      await log.append([by('eve', 'a')]);
      proxy.set({});
      await until(() => follower.state.position === 8);
      await ahead.catchUp();
      const hashes = [follower, ahead, await openFollower(log)].map(({ state }) => stateHash(state));
      await follower.close();
      await behind.close();
      await proxy.close();
      expect(new Set(hashes).size).toBe(1);
      expect(problems).toContain('the state is folded anew: an erasure has rewritten the log up to 4');
      // An erasure is no loss.
      expect([behind.history, log.history]).toEqual([history, history]);
    });

    it('is no loss where it rewrites the last entry that others know', async () => {
      const [mine, theirs] = [await open(), await open()];
      await mine.append([by('bob', 'a'), by('ann', 'a')]);
      await until(() => theirs.last() === 2);
      const { history } = mine;
      await mine.pseudonymise('ann', 'p', ERASE_ALL);
      expect((await theirs.append([by('bob', 'b')])).positions).toEqual([3]);
      await theirs.pseudonymise('bob', 'q', ERASE_ALL);
      expect((await mine.append([by('eve', 'b')])).positions).toEqual([4]);
      expect(await theirs.read(3, 10)).toEqual([{ position: 4, event: by('eve', 'b') }]);
      expect([mine.history, theirs.history, (await open()).history]).toEqual([history, history, history]);
    });

    it('goes through long logs', async () => {
      const log = await open();
      const events = Array.from({ length: 2_500 }, (_, i) => ({
        ...click(`${i}`),
        userId: i % 2 === 0 ? 'ann' : 'bob',
      }));
      await log.append(events);
      expect(await log.pseudonymise('ann', 'p', { ...ERASE_ALL, upTo: 2_400 })).toBe(1_200);
      const read = (await log.read(0, 5_000)).map(({ event }) => (event as InteractionEvent).userId);
      expect(read).toEqual(events.map(({ userId }, i) => (userId === 'ann' && i < 2_400 ? 'p' : userId)));
    });
  });

  describe('trimming', () => {
    it('under way does not keep an erasure from reaching what is left', async () => {
      const [log, other] = [await open(), await open()];
      await log.append(Array.from({ length: 2_500 }, (_, n) => ({ ...click(`${n}`), userId: 'ann' })));
      const { redis } = opened.find((one) => one.log === log)!;
      const call = redis.call.bind(redis);
      // Right after the erasure has asked where the log begins.
      jest.spyOn(redis, 'call').mockImplementationOnce(async (run) => {
        const first = await call(run);
        await other.trim(1_500);
        return first;
      });
      expect(await log.pseudonymise('ann', 'p', ERASE_ALL)).toBe(1_001);
      const left = await log.read(1_499, 2_000);
      expect([left.length, left.every(({ event }) => (event as InteractionEvent).userId === 'p')]).toEqual([
        1_001,
        true,
      ]);
    });

    it('drops what stands before the position, erased or not, and refuses to read from there', async () => {
      const log = await open();
      await log.append(['a', 'b', 'c', 'd'].map((item) => ({ ...click(item), userId: item })));
      await log.pseudonymise('a', 'p', ERASE_ALL);
      await log.pseudonymise('c', 'q', ERASE_ALL);
      await log.trim(3);
      await expect(log.read(1, 10)).rejects.toThrow(new LogTrimmedError(1, 3));
      await expect(log.read(0, 1)).rejects.toMatchObject({ code: 'LOG_TRIMMED', first: 3 });
      expect((await log.read(2, 10)).map(({ event }) => (event as InteractionEvent).userId)).toEqual(['q', 'd']);
      expect(await log.get([1, 2, 4])).toEqual([null, null, { ...click('d'), userId: 'd' }]);
      expect(await log.pseudonymise('d', 'r', ERASE_ALL)).toBe(1);
      expect((await log.append([click('e')])).positions).toEqual([5]);
      expect(await opened[0]!.redis.client.hlen(logKeys(tenant).erased)).toBe(2);
    });

    it('drops everything where the position is behind the end, and counts on', async () => {
      const log = await open();
      await log.append(Array.from({ length: 12_000 }, () => click('a')));
      await log.trim(20_000);
      expect(await log.read(12_000, 10)).toEqual([]);
      await expect(log.read(11_999, 10)).rejects.toThrow('the event log begins at position 12001');
      const another = await open();
      expect(another.last()).toBe(12_000);
      expect((await another.append([click('b')])).positions).toEqual([12_001]);
    });

    it('lets a follower that fell behind begin again from a checkpoint', async () => {
      await withFolder(async (folder) => {
        const [log, behind] = [await open(), await open()];
        const problems: string[] = [];
        const options = {
          settings: DEFAULT_STATE_SETTINGS,
          checkpoints: new FilesCheckpointStore(folder),
          onProblem: (text: string) => problems.push(text),
        };
        const follower = await Follower.open({ ...options, log: behind, records: new MemoryUserRecords() });
        const before = follower.state;
        const ahead = await Follower.open({ ...options, log, records: new MemoryUserRecords() });
        await log.append(Array.from({ length: 20 }, (_, i) => click(`${i}`)));
        await ahead.catchUp();
        await ahead.checkpoint();
        await log.trim(16);
        await log.append([click('b')]);
        await follower.catchUp();
        expect(problems).toEqual([
          "the state is folded anew: the event log begins at position 16, so it can't be read from behind 0",
        ]);
        expect(follower.state).not.toBe(before);
        await ahead.catchUp();
        expect(stateHash(follower.state)).toBe(stateHash(ahead.state));
      });
    });
  });

  describe('a log that is no longer the one it was', () => {
    it('is found out where it ends before what was read', async () => {
      const problems: string[] = [];
      const log = await open({ onProblem: (message) => problems.push(message) });
      await log.append([click('a')]);
      const goBack = await remember(log);
      const { history } = log;
      await log.append([click('b'), click('c')]);
      await untilWaiting();
      await goBack();
      await expect(log.append([click('d')])).rejects.toMatchObject({
        code: 'LOG_UNAVAILABLE',
        message: expect.stringMatching(/has lost events that it had given out; nothing was appended$/),
      });
      await until(() => log.history !== history);
      expect(log.last()).toBe(1);
      expect((await log.append([click('d')])).positions).toEqual([2]);
      expect(problems).toEqual([
        'the event log in Redis has lost events or is another one: it went up to 3, and now to 1',
      ]);
    });

    it('is found out where others have taken the lost positions since', async () => {
      const proxy = await startFaultProxy(server.port);
      const log = await open({}, `redis://127.0.0.1:${proxy.port}`);
      const other = await open();
      const goBack = await remember(other);
      const follower = await openFollower(log);
      follower.follow(50);
      await log.append([click('lost'), click('lost too')]);
      await until(() => follower.state.position === 2);
      proxy.set({ away: true });
      await goBack();
      await (await open()).append(['a', 'b', 'c'].map((item) => click(item)));
      proxy.set({});
      await until(() => follower.state.items.find('a') !== -1);
      expect(follower.state.position).toBe(3);
      const anew = await openFollower(other);
      expect(stateHash(follower.state)).toBe(stateHash(anew.state));
      await follower.close();
      await log.close();
      await proxy.close();
    });

    it('takes no append of a replica that knows other events where the log ends now', async () => {
      const log = await open();
      const goBack = await remember(log);
      const { history } = log;
      await log.append([click('lost'), click('lost too')]);
      const refilled = await openAfter(goBack, ['a', 'b']); // no more: the log that waits is told of none
      await expect(log.append([click('d')])).rejects.toMatchObject({
        code: 'LOG_UNAVAILABLE',
        message: expect.stringMatching(/has lost events that it had given out; nothing was appended$/),
      });
      await until(() => log.history !== history);
      await expect(log.append([click('d')])).resolves.toMatchObject({ positions: [3] });
      // It was the only one that could know of the loss, and all know of it now.
      await until(() => refilled.history === log.history);
      expect((await refilled.read(0, 10)).map(({ event }) => (event as InteractionEvent).itemId)).toEqual([...'abd']);
    });

    it('is found out by whoever reads on, and gets one other generation however many find it out', async () => {
      const logs = await Promise.all([open(), open(), open()]);
      const goBack = await remember(logs[0]!);
      await logs[0]!.append([click('lost'), click('lost too')]);
      await until(() => logs.every((log) => log.last() === 2));
      const [id, before] = logs[0]!.history.split('.');
      await openAfter(goBack, ['a', 'b', 'c']);
      await Promise.all(logs.map((log) => log.read(2, 10)));
      expect(new Set(logs.map(({ history }) => history)).size).toBe(1);
      expect(before).toBe('0');
      expect(logs[0]!.history).toMatch(new RegExp(`^${id}\\.1-[0-9a-f]{8}$`));
      expect(logs.map((log) => log.last())).toEqual([3, 3, 3]);
    });

    it('is folded anew by replicas that were behind the loss too, and no checkpoint of before is used again', async () => {
      await withFolder(async (folder) => {
        const checkpoints = new FilesCheckpointStore(folder);
        const [log, behind] = [await open(), await open()];
        const [follower, slow] = [await openFollower(log, { checkpoints }), await openFollower(behind)];
        await log.append([click('a')]);
        await Promise.all([follower.catchUp(), slow.catchUp()]);
        const goBack = await remember(log);
        await log.append([click('lost'), click('lost too')]);
        await follower.catchUp();
        await follower.checkpoint();
        expect(follower.state.items.find('lost')).not.toBe(-1);
        await goBack();
        await until(() => log.history.includes('.1-') && behind.history === log.history);
        await log.append(['b', 'c', 'd'].map((item) => click(item)));
        const before = slow.state;
        await Promise.all([follower.catchUp(), slow.catchUp()]);
        expect(slow.state).not.toBe(before);
        const problems: string[] = [];
        const onProblem = (problem: string): void => void problems.push(problem);
        const fresh = await openFollower(await open(), { checkpoints, onProblem });
        expect(problems).toEqual([expect.stringMatching(/^checkpoint not used: .* is of another log$/)]);
        const anew = await openFollower(await open());
        const hashes = [follower, slow, fresh, anew].map(({ state }) => stateHash(state));
        expect(fresh.state.position).toBe(4);
        expect(new Set(hashes).size).toBe(1);
        // What it writes from now on is of the log as it is.
        await follower.checkpoint();
        const after = await openFollower(await open(), { checkpoints, onProblem });
        expect(problems).toHaveLength(1);
        expect(stateHash(after.state)).toBe(hashes[0]);
      });
    });

    it('is told of again where a second failover has lost that it was told of', async () => {
      const log = await open();
      await log.append([click('a')]);
      const goBack = await remember(log);
      const { history } = log;
      await log.append([click('lost')]);
      await goBack();
      await until(() => log.history !== history);
      const generation = log.history;
      await log.append([click('b')]);
      await untilWaiting();
      await goBack();
      await until(() => log.history !== generation);
      expect(log.history).toMatch(/\.2-[0-9a-f]{8}$/);
      expect(log.last()).toBe(1);
    });

    it('leaves the state as it was where the log was trimmed before it lost events, and says so', async () => {
      const log = await open();
      const problems: string[] = [];
      const follower = await openFollower(log, { onProblem: (problem) => problems.push(problem) });
      await log.append([click('a'), click('b')]);
      await log.trim(2);
      const goBack = await remember(log);
      await follower.catchUp(2);
      await log.append([click('lost')]);
      await follower.catchUp(3);
      const { history } = log;
      await goBack();
      await until(() => log.history !== history);
      await expect(follower.catchUp()).rejects.toMatchObject({ code: 'LOG_TRIMMED', first: 2 });
      expect(problems).toEqual(['the state is folded anew: the log is no longer the one that was folded']);
      expect(follower.state.position).toBe(3);
    });

    it('is not trimmed by who goes by positions that it has lost', async () => {
      const [log, other] = [await open(), await open()];
      await log.append([click('a')]);
      const goBack = await remember(log);
      await log.append([click('lost'), click('lost too')]);
      await until(() => other.last() === 3);
      await openAfter(goBack, ['b', 'c']); // no more: the logs that wait are told of none
      await other.read(3, 1);
      await expect(log.trim(4)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
      expect(await other.read(0, 10)).toHaveLength(3);
    });

    it('is found out where it was begun again', async () => {
      const log = await open();
      await log.append([click('a'), click('b')]);
      const { history } = log;
      await untilWaiting();
      await opened[0]!.redis.client.del(...Object.values(logKeys(tenant)));
      const other = await open();
      await other.append([click('c')]);
      await expect(log.append([click('d')])).rejects.toThrow('the log is another one');
      await until(() => log.history !== history);
      expect(await log.read(0, 10)).toEqual([{ position: 1, event: click('c') }]);
      expect((await log.append([click('d')])).positions).toEqual([2]);
    });
  });

  it('lies on one node of a cluster, where its scripts may use all of its keys', async () => {
    const node = await startRedis(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']);
    const admin = new RedisConnection({ url: node.url, timeoutMs: TIMEOUT_MS });
    await until(() =>
      admin.call((client) => client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383') as Promise<unknown>),
    );
    await until(async () => String(await admin.client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
    const log = await open({}, `${node.url},${node.url}`);
    await log.append([click('a'), { ...click('b', 'x'), userId: 'ann' }]);
    expect(await log.pseudonymise('ann', 'p', ERASE_ALL)).toBe(1);
    expect(await log.get([1, 2])).toEqual([click('a'), { ...click('b'), userId: 'p' }]);
    await log.trim(2);
    await expect(log.read(0, 1)).rejects.toThrow(LogTrimmedError);
    await log.close();
    await opened.pop()!.redis.close();
    await admin.close();
    await node.stop();
  });

  it('goes on where Redis has forgotten its scripts', async () => {
    const log = await open();
    await log.append([click('a')]);
    await opened[0]!.redis.client.script('FLUSH');
    expect((await log.append([click('b')])).positions).toEqual([2]);
    await opened[0]!.redis.client.script('FLUSH');
    expect(await log.get([2])).toEqual([click('b')]);
  });

  it('says again how durable it is when it has connected again', async () => {
    const problems: string[] = [];
    const log = await open({ onProblem: (problem) => problems.push(problem) });
    const { client } = opened[0]!.redis;
    await client.config('SET', 'appendfsync', 'everysec');
    await client.call('CLIENT', 'KILL', 'TYPE', 'normal');
    await until(() => log.durability.settings['appendfsync'] === 'everysec');
    expect(problems).toContainEqual(expect.stringContaining('(appendfsync everysec): the last second or two'));
    await client.config('SET', 'appendfsync', 'no');
  });

  it('says how durable it is', async () => {
    const { client } = (await open(), opened[0]!.redis);
    const warningAfter = async (appendonly: string, appendfsync: string): Promise<unknown> => {
      await client.config('SET', 'appendfsync', appendfsync);
      await client.config('SET', 'appendonly', appendonly);
      const { durability } = await open();
      expect(durability.settings).toEqual({ appendonly, appendfsync });
      return durability.warning;
    };
    expect(await warningAfter('yes', 'always')).toBeNull();
    expect(await warningAfter('yes', 'everysec')).toContain('(appendfsync everysec): the last second or two of events');
    expect(await warningAfter('yes', 'no')).toContain('(appendfsync no): what the system had not yet written');
    expect(await warningAfter('no', 'no')).toContain('in memory only');
    await client.acl('SETUSER', 'guest', 'on', '>secret', '~*', '+@all', '-config');
    const { durability } = await open({}, server.url.replace('//', '//guest:secret@'));
    expect(durability.settings).toEqual({ appendonly: 'unknown', appendfsync: 'unknown' });
    expect(durability.warning).toContain('does not tell how durable it is');
  });

  it('can not be opened where no Redis is, and says so', async () => {
    const redis = new RedisConnection({ url: 'redis://127.0.0.1:1', timeoutMs: 100 });
    await expect(openRedisLog({ redis, timeoutMs: 100, waitMs: 100 })).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message: 'the event log is unavailable: no connection to Redis within 100 ms',
    });
    await redis.close();
  });
});
