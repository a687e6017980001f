/** Every limit of a request and of a caller, at its edge: what it allows passes, one more is refused by code and changes nothing. */
import { spawnSync } from 'node:child_process';
import { getIntrospectionQuery } from 'graphql';
import { ask, MAIN, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';

const EDGES: Readonly<Record<string, string>> = {
  MAX_DEPTH: '6',
  MAX_ALIASES: '3',
  MAX_DIRECTIVES: '3',
  MAX_REPEATS: '3',
  MAX_TOKENS: '60',
  MAX_COST: '200',
  BATCH_SIZE: '2',
};
const times = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ');
const deep = (levels: number): string =>
  `{ item(id: "i") ${'{ similar(first: 1) { nodes { item '.repeat(levels)}{ id }${' } } }'.repeat(levels)} }`;

/** What is sent just within the limit, and just beyond it, with its code. */
const DOCUMENTS: [string, string, string, string][] = [
  ['levels', '{ item(id: "i") { similar { nodes { item { attributes } } } } }', deep(2), 'TOO_DEEP'],
  [
    'levels in fragments',
    '{ item(id: "i") { ...A } } fragment A on Item { similar { nodes { item { id } } } }',
    '{ item(id: "i") { ...A } } fragment A on Item { similar(first: 1) { nodes { item { ...B } } } } fragment B on Item { similar(first: 1) { nodes { rank } } }',
    'TOO_DEEP',
  ],
  [
    'aliases',
    `{ ${times(3, (at) => `a${at}: __typename`)} }`,
    `{ ${times(4, (at) => `a${at}: __typename`)} }`,
    'TOO_MANY_ALIASES',
  ],
  [
    'directives',
    `{ __typename ${'@include(if: true) '.repeat(1)} }`,
    `{ ${times(2, (at) => `t${at}: __typename @include(if: true) @skip(if: false)`)} }`,
    'TOO_MANY_DIRECTIVES',
  ],
  [
    'repeats',
    '{ __typename __typename __typename }',
    '{ __typename __typename __typename __typename }',
    'TOO_MANY_REPEATS',
  ],
  ['tokens', `{ __typename } ${'#'.repeat(500)}`, `{ ${times(61, (at) => `f${at}`)} }`, 'TOO_MANY_TOKENS'],
  [
    'cost of a page',
    '{ popularItems(first: 58) { nodes { rank score } } }',
    '{ popularItems(first: 61) { nodes { rank score } } }',
    'TOO_COSTLY',
  ],
  [
    'cost of several lists',
    '{ users(ids: ["a"]) { recommendations { nodes { rank score } } } }',
    '{ users(ids: ["a", "b", "c", "d"]) { recommendations { nodes { rank score } } } }',
    'TOO_COSTLY',
  ],
];

async function withServer(
  environment: Readonly<Record<string, string>>,
  run: (server: ServerProcess, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const server = await startProcess(folder, environment);
    await run(server, folder);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
}

const codes = ({ errors }: { errors?: { extensions: { code: string } }[] }): string[] => [
  ...new Set(errors?.map(({ extensions }) => extensions.code) ?? []),
];

it('holds documents to their limits', async () => {
  await withServer(EDGES, async (server) => {
    await ask(server.url, 'mutation { upsertItems(input: { items: [{ id: "i" }] }) { accepted } }');
    for (const [name, within, beyond, code] of DOCUMENTS) {
      // Twice, for the second time is another way through the server.
      for (let run = 0; run < 2; run++) {
        expect({ name, codes: codes(await ask(server.url, within)) }).toEqual({ name, codes: [] });
        const refused = await ask(server.url, beyond);
        expect({ name, status: refused.status, codes: codes(refused) }).toEqual({ name, status: 400, codes: [code] });
      }
    }
    const costly =
      'query ($first: Int, $ids: [ID!]!) { users(ids: $ids) { recommendations(first: $first) { nodes { rank } } } }';
    expect(codes(await ask(server.url, costly, { first: 10, ids: ['a'] }))).toEqual([]);
    expect(codes(await ask(server.url, costly, { first: 100, ids: ['a', 'b', 'c'] }))).toEqual(['TOO_COSTLY']);
    expect(codes(await ask(server.url, costly, { first: 10, ids: ['a'] }))).toEqual([]);
    expect(codes(await ask(server.url, costly, { first: 'x', ids: ['a'] }))).toEqual(['BAD_USER_INPUT']);
    // Variables that do not fit leave nothing behind that would let others of the same lengths pass.
    expect(codes(await ask(server.url, costly, { first: 99, ids: ['a', null] }))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await ask(server.url, costly, { first: 99, ids: ['a', 'b'] }))).toEqual(['TOO_COSTLY']);
    // What a mutation's payload lists has as many entries as its input.
    const record =
      'mutation ($input: RecordInteractionsInput!) { recordInteractions(input: $input) { users { recommendations { nodes { rank } } } } }';
    const interactions = (count: number): object => ({
      input: { interactions: Array.from({ length: count }, () => ({ userId: 'u', itemId: 'i' })) },
    });
    expect(codes(await ask(server.url, record, interactions(1)))).toEqual([]);
    expect(codes(await ask(server.url, record, interactions(20)))).toEqual(['TOO_COSTLY']);
  });
});

it('holds batches to their size, and takes none where nobody asked for them', async () => {
  const body = (count: number): string =>
    JSON.stringify(Array.from({ length: count }, () => ({ query: '{ __typename }' })));
  await withServer(EDGES, async ({ url }) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body(2),
    });
    expect(await response.json()).toEqual([{ data: { __typename: 'Query' } }, { data: { __typename: 'Query' } }]);
    expect(await send(`${url}/graphql`, body(3))).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BATCH_TOO_LARGE' } }],
    });
  });
  await withServer({}, async ({ url }) => {
    expect(await send(`${url}/graphql`, body(2))).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BATCH_TOO_LARGE' } }],
    });
  });
});

it('lets the introspection of tools through, and no circular one', async () => {
  await withServer({}, async ({ url }) => {
    expect(codes(await ask(url, getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })))).toEqual([]);
    const circular = `{ __schema { types { fields { type ${'{ fields { type '.repeat(5)}{ name }${' } }'.repeat(5)} } } } }`;
    expect(codes(await ask(url, circular))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('rate limits', () => {
  const LIST = '{ recommendations(userId: "u", first: 1) { segment } }';
  const limited = {
    RATE_LIMIT: 'on',
    RATE_LIMITS: 'Query.recommendations=5/86400s,Query.users=5/86400s',
    // A machine that is busy with other tests would refuse for another reason.
    MAX_EVENT_LOOP_DELAY_MS: '60000',
  };
  const post = (url: string, query: string): Promise<Response> =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });

  it('are told in headers, kept by two processes together, and over a restart', async () => {
    await withFolder(async (folder) => {
      const servers = [await startProcess(folder, limited), await startProcess(folder, limited)];
      for (let left = 4; left >= 0; left--) {
        const { status, headers } = await post(servers[left % 2]!.url, LIST);
        expect({ status, left: headers.get('ratelimit-remaining'), limit: headers.get('ratelimit-limit') }).toEqual({
          status: 200,
          left: String(left),
          limit: '5',
        });
        expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0);
      }
      for (const { url } of servers) {
        const refused = await post(url, LIST);
        expect(refused.status).toBe(429);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
      }
      await Promise.all(servers.map((server) => server.kill('SIGTERM')));
      const again = await startProcess(folder, limited);
      expect((await post(again.url, LIST)).status).toBe(429);
      // Another field has its own limit, and counts what it is asked for.
      expect((await post(again.url, '{ users(ids: ["a", "b", "c", "d", "e"]) { id } }')).status).toBe(200);
      expect((await post(again.url, '{ users(ids: ["a"]) { id } }')).status).toBe(429);
      await again.kill('SIGTERM');
      const off = await startProcess(folder, { ...limited, RATE_LIMIT: 'off' });
      expect((await post(off.url, LIST)).status).toBe(200);
      await off.kill('SIGTERM');
    });
  });

  it('count each user that a back-end asks for by itself', async () => {
    await withFolder(async (folder) => {
      const key = spawnSync(
        process.execPath,
        [MAIN, 'keys', 'add', '--name', 'b', '--roles', 'server', '--data', folder],
        {
          encoding: 'utf8',
        },
      ).stdout.trim();
      const server = await startProcess(folder, { ...limited, RATE_LIMITS: 'Query.recommendations=1/86400s' });
      const list = (user: string): Promise<{ status: number }> =>
        send(`${server.url}/graphql`, JSON.stringify({ query: LIST.replace('"u"', `"${user}"`) }), {
          'x-api-key': key,
        });
      expect([(await list('a')).status, (await list('a')).status, (await list('b')).status]).toEqual([200, 429, 200]);
      await server.kill('SIGTERM');
    });
  });

  it('count all users that one key asks for together too', async () => {
    await withFolder(async (folder) => {
      const [key, other] = ['b', 'c'].map((name) =>
        spawnSync(process.execPath, [MAIN, 'keys', 'add', '--name', name, '--roles', 'server', '--data', folder], {
          encoding: 'utf8',
        }).stdout.trim(),
      );
      const server = await startProcess(folder, {
        ...limited,
        KEY_RATE_LIMITS: 'Query.recommendations=2/86400s',
      });
      const asked = async (user: string, by = key!): Promise<unknown[]> => {
        const { status, headers } = await fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-api-key': by },
          body: JSON.stringify({ query: LIST.replace('"u"', `"${user}"`) }),
        });
        return [status, Number(headers.get('retry-after')) > 0];
      };
      expect([await asked('a'), await asked('b'), await asked('c')]).toEqual([
        [200, false],
        [200, false],
        [429, true],
      ]);
      expect(await asked('c', other)).toEqual([200, false]);
      await server.kill('SIGTERM');
    });
  });

  it('of a field that there is not stop the start', async () => {
    await withFolder((folder) => {
      const run = spawnSync(process.execPath, [MAIN, 'serve', '--data', folder, '--port', '0'], {
        encoding: 'utf8',
        env: { ...process.env, RATE_LIMITS: 'Query.nothing=1/1s' },
      });
      expect(run.stderr).toContain('BAD_SETTING: RATE_LIMITS names fields that there are not: Query.nothing');
      const ofKeys = spawnSync(process.execPath, [MAIN, 'serve', '--data', folder, '--port', '0'], {
        encoding: 'utf8',
        env: { ...process.env, KEY_RATE_LIMITS: 'Query.nothing=1/1s' },
      });
      expect(ofKeys.stderr).toContain('BAD_SETTING: KEY_RATE_LIMITS names fields that there are not: Query.nothing');
      return Promise.resolve();
    });
  });
});

it('a day’s quota ends, is kept over a restart, and other callers have their own', async () => {
  await withFolder(async (folder) => {
    const keys = ['one', 'two'].map((name) =>
      spawnSync(process.execPath, [MAIN, 'keys', 'add', '--name', name, '--roles', 'server', '--data', folder], {
        encoding: 'utf8',
      }).stdout.trim(),
    );
    const environment = { RATE_LIMIT: 'on', DAILY_QUOTA: '3' };
    let server = await startProcess(folder, environment);
    const asked = (key: string): Promise<{ status: number; errors?: { extensions: { code: string } }[] }> =>
      send(`${server.url}/graphql`, JSON.stringify({ query: '{ __typename }' }), { 'x-api-key': key });
    for (let at = 0; at < 3; at++) expect((await asked(keys[0]!)).status).toBe(200);
    expect(await asked(keys[0]!)).toMatchObject({ status: 429, errors: [{ extensions: { code: 'QUOTA_EXCEEDED' } }] });
    await server.kill('SIGTERM');
    server = await startProcess(folder, environment);
    expect((await asked(keys[0]!)).status).toBe(429);
    expect((await asked(keys[1]!)).status).toBe(200);
    await server.kill('SIGTERM');
  });
});

it('under pressure refuses at once, but tells its health', async () => {
  // Nothing is as quick as that: every sample is too late.
  await withServer({ RATE_LIMIT: 'on', MAX_EVENT_LOOP_DELAY_MS: '1' }, async ({ url }) => {
    let refused: Response;
    do
      refused = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{__typename}"}',
      });
    while (refused.status === 200);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});
