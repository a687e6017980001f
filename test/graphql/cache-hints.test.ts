/** What answers say to caches between, against real servers. */
import { execFileSync } from 'node:child_process';
import { MAIN, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';

const PUBLIC = '{ popularItems(first: 1) { segment nodes { item { id similar { nodes { rank } } } } __typename } }';
const PREFLIGHT = { 'apollo-require-preflight': '1' };
const SHARED = 'public, max-age=5';
const PRIVATE = 'private, no-store';

const get = (url: string, query: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, { headers: { ...PREFLIGHT, ...headers } });

async function withServer(
  environment: Record<string, string>,
  run: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const server = await startProcess(folder, environment);
    await run(server);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
}

const hint = (response: Response): string | null => response.headers.get('cache-control');

it('a GET of what is public may be kept, at either address and however it is accepted', async () => {
  await withServer({ RATE_LIMIT: 'on', CORS_ORIGINS: 'https://shop.example' }, async ({ url }) => {
    const items = JSON.stringify({ query: 'mutation { upsertItems(input: { items: [{ id: "i1" }] }) { accepted } }' });
    await send(`${url}/graphql`, items);
    const answers = [
      await get(url, PUBLIC),
      await get(url, PUBLIC, { accept: 'application/json;q=0.9, */*;q=0.1' }),
      await get(url, '{ item(id: "i1") { ...all } items(ids: ["i1"]) { id } } fragment all on Item { id attributes }'),
      await fetch(`${url}/operations/PopularItems?first=1`),
      await fetch(`${url}/operations/SimilarItems?itemId=i1`),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).not.toHaveProperty('errors');
      expect(hint(answer)).toBe(SHARED);
      expect(answer.headers.get('vary')).toBe('Origin, Authorization, X-Api-Key, Accept');
      expect(answer.headers.get('ratelimit-remaining')).toBeNull();
      expect(answer.headers.get('etag')).toMatch(/^W\/"[\w-]{43}"$/);
    }
  });
});

it('what somebody’s data, debugging, introspection or an error is in must not be kept', async () => {
  await withServer({ RATE_LIMIT: 'on' }, async ({ url }) => {
    const kept = [
      '{ user(id: "u1") { id } }',
      '{ recommendations(userId: "u1") { segment } }',
      '{ popularItems { segment trace { totalMs } } }',
      '{ item(id: "i1") { id } ...mine } fragment mine on Query { viewer { id } }',
      '{ __schema { queryType { name } } }',
      '{ popularItems(first: 0) { segment } }',
      '{ nothing }',
      'query A { item(id: "i1") { id } } query B { item(id: "i1") { id } }',
    ];
    for (const query of kept) {
      const answer = await get(url, query);
      expect([query, hint(answer), answer.headers.get('etag')]).toEqual([query, PRIVATE, null]);
    }
    expect((await get(url, kept[0]!)).headers.get('ratelimit-remaining')).toMatch(/^\d+$/);
    expect(hint(await fetch(`${url}/operations/UserHistory?userId=u1`))).toBe(PRIVATE);
    expect(hint(await fetch(`${url}/operations/Nothing`))).toBe('no-store');
  });
});

it('by POST nothing may be kept', async () => {
  await withServer({}, async ({ url }) => {
    const headers = { 'content-type': 'application/json' };
    for (const [path, body] of [
      ['/graphql', { query: PUBLIC }],
      ['/operations/PopularItems', {}],
    ] as const) {
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      expect([answer.status, hint(answer), answer.headers.get('etag')]).toEqual([200, 'no-store', null]);
    }
  });
});

it('who has the answer already is told so without it', async () => {
  await withServer({}, async ({ url }) => {
    const ask = (tag: string): Promise<Response> =>
      fetch(`${url}/operations/PopularItems`, { headers: { 'if-none-match': tag } });
    const tag = (await ask('W/"another"')).headers.get('etag')!;
    for (const held of [tag, `"another", ${tag}`, tag.slice(2), '*']) {
      const answer = await ask(held);
      expect([answer.status, await answer.text()]).toEqual([304, '']);
      expect([answer.headers.get('etag'), hint(answer)]).toEqual([tag, SHARED]);
      expect(answer.headers.get('content-type')).toBeNull();
    }
    const body = JSON.stringify({ query: 'mutation { upsertItems(input: { items: [{ id: "i1" }] }) { accepted } }' });
    await send(`${url}/graphql`, body);
    const changed = await ask(tag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
  });
});

it('an answer to credentials must not be kept', async () => {
  await withFolder(async (folder) => {
    const add = ['keys', 'add', '--name', 'shop', '--roles', 'client', '--data', folder];
    const key = execFileSync(process.execPath, [MAIN, ...add], { encoding: 'utf8' }).trim();
    const { url, kill } = await startProcess(folder);
    for (const headers of [{ 'x-api-key': key }, { authorization: `Bearer ${key}` }]) {
      const answer = await get(url, PUBLIC, headers as Record<string, string>);
      expect([answer.status, hint(answer)]).toEqual([200, PRIVATE]);
    }
    expect(await kill('SIGTERM')).toBe(0);
  });
});

it('CACHE_MAX_AGE_S says for how long, and 0 that nothing may be kept', async () => {
  await withServer({ CACHE_MAX_AGE_S: '60' }, async ({ url }) => {
    expect(hint(await get(url, PUBLIC))).toBe('public, max-age=60');
  });
  await withServer({ CACHE_MAX_AGE_S: '0' }, async ({ url }) => {
    expect(hint(await get(url, PUBLIC))).toBe(PRIVATE);
  });
});
