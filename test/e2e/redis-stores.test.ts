/** Two replicas over one Redis: what they share, what one request asks of Redis, and what they answer while it is away. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { untilDone } from '../support/until.js';
import { redisCommands } from '../support/redis-commands.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { ask, type LogLine, MAIN, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';

const LIST = `query ($after: String) {
  recommendations(userId: "u1", first: 2, after: $after) {
    nodes { rank item { id } } pageInfo { endCursor } degradations { stage code instead }
  }
}`;
const USER = '{ user(id: "u9") { id } }';
const NOT_KEPT = { stage: 'slates', code: 'SLATE_NOT_KEPT', instead: 'a list without later pages' };

interface List {
  readonly nodes: readonly { readonly rank: number; readonly item: { readonly id: string } }[];
  readonly pageInfo: { readonly endCursor: string };
  readonly degradations: readonly object[];
}

const codes = ({ errors }: { errors?: { extensions: { code: string } }[] }): string[] =>
  errors?.map(({ extensions }) => extensions.code) ?? [];

async function listOf({ url }: ServerProcess, after?: string): Promise<List> {
  const { data, errors } = await ask(url, LIST, { after });
  expect(errors).toBeUndefined();
  return data!['recommendations'] as List;
}

function byHash({ url }: ServerProcess, query: string, withText: boolean): ReturnType<typeof send> {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };
  return send(`${url}/graphql`, JSON.stringify({ extensions, ...(withText && { query }) }));
}

async function withReplicas(
  environment: Readonly<Record<string, string>>,
  run: (replicas: readonly [ServerProcess, ServerProcess], redis: RedisServer, lines: LogLine[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const redis = await startRedis();
    const lines: LogLine[] = [];
    const onLine = (line: LogLine): void => void lines.push(line);
    const settings = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '2000', BUDGET_MS: '0', ...environment };
    const start = (): Promise<ServerProcess> => startProcess(folder, settings, { onLine });
    const replicas = [await start(), await start()] as const;
    const items = Array.from({ length: 20 }, (_, at) => ({ id: `i${at}` }));
    await ask(
      replicas[0].url,
      'mutation ($items: [ItemInput!]!) { upsertItems(input: { items: $items }) { accepted } }',
      {
        items,
      },
    );
    await run(replicas, redis, lines);
    for (const replica of replicas) expect(await replica.kill('SIGTERM')).toBe(0);
    await redis.stop();
  });
}

it('loads no client of Redis where no Redis is set', () => {
  const parts = JSON.stringify([join(MAIN, '../open-gateway.js'), join(MAIN, '../server.js')]);
  const code = `${parts}.forEach(require); console.log(Object.keys(require.cache).filter((path) => /node_modules.ioredis/.test(path)))`;
  const { stdout } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
  expect(stdout).toBe('[]\n');
});

describeWithRedis('replicas over one Redis', () => {
  it('page through each other’s lists, count limits together and know each other’s documents', async () => {
    const environment = { RATE_LIMIT: 'on', RATE_LIMITS: 'Query.user=3/86400s' };
    await withReplicas(environment, async ([one, two]) => {
      const first = await listOf(one);
      expect(first.degradations).toEqual([]);
      expect((await listOf(two, first.pageInfo.endCursor)).nodes.map(({ rank }) => rank)).toEqual([3, 4]);
      for (const replica of [one, two, one]) expect(codes(await ask(replica.url, USER))).toEqual([]);
      for (const replica of [one, two]) expect(codes(await ask(replica.url, USER))).toEqual(['RATE_LIMITED']);
      const text = '{ item(id: "i1") { id } }';
      expect(codes(await byHash(two, text, false))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
      expect((await byHash(one, text, true)).data).toEqual({ item: { id: 'i1' } });
      expect((await byHash(two, text, false)).data).toEqual({ item: { id: 'i1' } });
    });
  }, 60_000);

  it('ask Redis once for limits and once for all lists of an operation', async () => {
    await withReplicas({ RATE_LIMIT: 'on', DAILY_QUOTA: '1000000' }, async ([one], redis) => {
      const many = '{ users(ids: ["a", "b", "c", "d"]) { recommendations(first: 1) { nodes { rank } } } }';
      const warm = async (): Promise<void> => {
        expect((await ask(one.url, many)).errors).toBeUndefined();
        await listOf(one);
      };
      await warm();
      // The quota before it runs, the field's limit, the list.
      expect(await redisCommands(redis.url, () => listOf(one))).toEqual(['evalsha', 'evalsha', 'evalsha']);
      // The limit of the lists below the users, for all of them.
      expect(await redisCommands(redis.url, () => ask(one.url, many))).toEqual(Array(4).fill('evalsha'));
    });
  }, 60_000);

  it('answer while Redis is away, say what that costs, and share again when it is back', async () => {
    const environment = { RATE_LIMIT: 'on', RATE_LIMITS: 'Query.user=3/86400s', METRICS_PORT: '0' };
    await withReplicas(environment, async ([one, two], redis, lines) => {
      const before = await listOf(one);
      const [known, unknown] = ['{ item(id: "i1") { id } }', '{ item(id: "i2") { id } }'] as const;
      await byHash(one, known, true);
      await redis.signal('SIGKILL');
      const during = await listOf(one);
      expect(during.nodes.map(({ rank }) => rank)).toEqual([1, 2]);
      expect(during.degradations).toEqual([NOT_KEPT]);
      const paged = await ask(two.url, LIST, { after: before.pageInfo.endCursor });
      expect(codes(paged)).toEqual(['STORE_UNAVAILABLE']);
      for (let at = 0; at < 3; at++) expect(codes(await ask(one.url, USER))).toEqual([]);
      expect(codes(await ask(one.url, USER))).toEqual(['RATE_LIMITED']);
      expect((await byHash(one, known, false)).data).toEqual({ item: { id: 'i1' } });
      expect(codes(await byHash(two, known, false))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
      expect((await byHash(two, unknown, true)).data).toEqual({ item: { id: 'i2' } });
      const { url } = lines.find(({ msg }) => msg === 'metrics are served') as LogLine & { readonly url: string };
      const metrics = await (await fetch(url)).text();
      expect(metrics).toMatch(/^recograph_limits_alone_total [1-9]/m);
      expect(metrics).toContain('recograph_degradations_total{stage="slates",code="SLATE_NOT_KEPT"} 1\n');
      expect(lines.some(({ msg }) => msg.startsWith('limits are counted on this machine alone: Redis is'))).toBe(true);
      await redis.restart();
      const after = await untilDone(async () => {
        const list = await listOf(one);
        expect(list.degradations).toEqual([]);
        return list;
      });
      const next = await untilDone(() => listOf(two, after.pageInfo.endCursor));
      expect(next.nodes.map(({ rank }) => rank)).toEqual([3, 4]);
      expect((await listOf(two, before.pageInfo.endCursor)).nodes.map(({ rank }) => rank)).toEqual([3, 4]);
      const lost = await ask(one.url, LIST, { after: during.pageInfo.endCursor });
      expect(codes(lost)).toEqual(['SLATE_EXPIRED']);
    });
  }, 60_000);

  it('begin no erasure while Redis is away, and forget the person’s lists when they are told to again', async () => {
    await withReplicas({}, async ([one, two], redis) => {
      const FORGET = 'mutation { forgetUser(input: { userId: "u1" }) { userId } }';
      const { pageInfo } = await listOf(one);
      await redis.signal('SIGKILL');
      expect(codes(await ask(two.url, FORGET))).toEqual(['LOG_UNAVAILABLE']);
      await redis.restart();
      await untilDone(async () => expect(codes(await ask(two.url, FORGET))).toEqual([]));
      expect(codes(await ask(one.url, LIST, { after: pageInfo.endCursor }))).toEqual(['SLATE_EXPIRED']);
    });
  }, 60_000);
});
