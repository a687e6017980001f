/** Trusted operations by name, against real servers: the documented ones where there is no manifest. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Answer,
  type LogLine,
  MAIN,
  send,
  type ServerProcess,
  startProcess,
  withFolder,
} from '../support/server.js';

const MANIFEST = {
  old: 'query Lists($ids: [ID!]!) { users(ids: $ids) { id } }',
  new: 'query Lists($ids: [ID!]!, $first: Int, $context: ContextInput, $more: Boolean = false) { users(ids: $ids) { id recommendations(first: $first, context: $context) { context { device } nodes { rank } } segment @include(if: $more) } }',
  add: 'mutation Add($input: UpsertItemsInput!) { upsertItems(input: $input) { accepted } }',
  watch: 'subscription Watch { recommendationsUpdated(userId: "u1") { recommendationId } }',
};

interface Got extends Answer {
  readonly headers: Headers;
  readonly body: unknown;
}

async function get(address: string, headers: Record<string, string> = {}): Promise<Got> {
  const response = await fetch(address, { headers });
  const body = (await response.json()) as object;
  return { status: response.status, headers: response.headers, body, ...body };
}

const refusal = (code: string, message: string, status = 400) => ({
  status,
  errors: [{ message, extensions: { code } }],
});

async function withServer(
  environment: Record<string, string>,
  run: (server: ServerProcess, lines: LogLine[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, 'manifest.json');
    await writeFile(file, JSON.stringify(MANIFEST));
    const lines: LogLine[] = [];
    const server = await startProcess(
      join(folder, 'data'),
      { PERSISTED_MANIFEST: file, ...environment },
      { onLine: (line) => lines.push(line) },
    );
    await run(server, lines);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
}

it('a query runs by GET, each parameter read as the type of its variable says', async () => {
  await withServer({ PERSISTED: 'only' }, async ({ url }) => {
    const item = { id: 'i1' };
    await send(`${url}/operations/Add`, JSON.stringify({ input: { items: [item, { id: 'i2' }] } }));
    const context = encodeURIComponent(JSON.stringify({ device: 'phone' }));
    const expected = {
      users: ['u1', '2'].map((id) => ({
        id,
        recommendations: { context: { device: 'phone' }, nodes: [{ rank: 1 }] },
        segment: 'COLD',
      })),
    };
    const single = await get(`${url}/operations/Lists?ids=u1&ids=2&first=1&more=true&context=${context}`);
    expect(single).toMatchObject({ status: 200, data: expected });
    expect(single.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const variables = encodeURIComponent(JSON.stringify({ ids: ['u1', '2'], first: 1, context: { device: 'phone' } }));
    expect((await get(`${url}/operations/Lists?variables=${variables}&more=true`)).data).toEqual(expected);
    const one = await get(`${url}/operations/Lists?ids=u1&more=false`, { accept: 'application/graphql-response+json' });
    expect(one.data?.['users']).toMatchObject([{ id: 'u1' }]);
    expect(one.data?.['users']).not.toHaveProperty('0.segment');
    expect(one.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });
});

it('what does not fit the variables is refused with 400', async () => {
  await withServer({}, async ({ url }) => {
    const refused = async (search: string, message: string): Promise<void> => {
      expect(await get(`${url}/operations/Lists?${search}`)).toMatchObject(refusal('BAD_USER_INPUT', message));
    };
    const both = `variables=${encodeURIComponent('{"ids":["u1"],"first":null}')}`;
    await refused(`${both}&first=1`, '"first" comes by itself and in "variables"');
    await refused('ids=u1&frist=1', 'operation Lists has no variable "frist"');
    for (const bad of ['variables=[]', 'variables={', 'variables={}&variables={}', 'variables='])
      await refused(bad, '"variables" is not one JSON object');
    await refused('', 'Variable "$ids" of required type "[ID!]!" was not provided.');
    const int = 'Variable "$first" got invalid value';
    await refused('ids=u1&first=ten', `${int} "ten"; Int cannot represent non-integer value: "ten"`);
    await refused('ids=u1&first=', `${int} ""; Int cannot represent non-integer value: ""`);
    await refused('ids=u1&first=0x1', `${int} "0x1"; Int cannot represent non-integer value: "0x1"`);
    await refused('ids=u1&first=1&first=2', `${int} ["1", "2"]; Int cannot represent non-integer value: ["1", "2"]`);
    await refused(
      'ids=u1&more=yes',
      'Variable "$more" got invalid value "yes"; Boolean cannot represent a non boolean value: "yes"',
    );
    await refused(
      'ids=u1&context=phone',
      'Variable "$context" got invalid value "phone"; Expected type "ContextInput" to be an object.',
    );
  });
});

it('POST takes the variables as JSON and nothing else, for queries and mutations, where hashes are off too', async () => {
  await withServer({ PERSISTED: 'off' }, async ({ url }) => {
    const path = `${url}/operations/Add`;
    const body = JSON.stringify({ input: { items: [{ id: 'i1' }] } });
    expect(await send(path, body)).toMatchObject({ status: 200, data: { upsertItems: { accepted: 1 } } });
    expect(await send(`${url}/operations/Lists`, '{"ids":["u1"]}')).toMatchObject({ data: { users: [{ id: 'u1' }] } });
    expect(await send(path, '[]')).toMatchObject(
      refusal('BAD_REQUEST', 'the body of a POST is the object of the variables'),
    );
    expect(await send(`${path}?input=1`, body)).toMatchObject(
      refusal('BAD_REQUEST', 'the variables of a POST are its body; none may stand in the address'),
    );
    expect(await send(path, '{')).toMatchObject(refusal('BAD_JSON', 'the request body is not JSON'));
    expect(await send(path, body, { 'content-type': 'text/plain' })).toMatchObject(
      refusal('UNSUPPORTED_MEDIA_TYPE', 'send the variables as application/json', 415),
    );
    const untyped = await fetch(path, { method: 'POST', body: new Blob([]) });
    expect(untyped.status).toBe(415);
  });
});

it('a mutation by GET, a subscription and an unknown name are refused', async () => {
  await withServer({}, async ({ url }) => {
    const mutation = await get(`${url}/operations/Add`);
    expect(mutation).toMatchObject(
      refusal('BAD_REQUEST', 'GET requests only support query operations, not mutation operations', 405),
    );
    expect(mutation.headers.get('allow')).toBe('POST');
    expect(await send(`${url}/operations/Watch`, '{}')).toMatchObject(
      refusal('WRONG_TRANSPORT', 'subscribe at /graphql/stream (SSE) or over a WebSocket'),
    );
    for (const name of ['Nothing', 'constructor', '__proto__'])
      expect(await get(`${url}/operations/${name}`)).toMatchObject(
        refusal('UNKNOWN_OPERATION', `no trusted operation is called "${name}"`, 404),
      );
  });
});

it('the list tells queries and mutations where everybody may ask for the schema, and is not there elsewhere', async () => {
  await withServer({}, async ({ url }) => {
    const lists = { ids: '[ID!]!', first: 'Int', context: 'ContextInput', more: 'Boolean' };
    expect((await get(`${url}/operations`)).body).toEqual({
      operations: [
        { name: 'Lists', type: 'query', variables: lists },
        { name: 'Add', type: 'mutation', variables: { input: 'UpsertItemsInput!' } },
      ],
    });
  });
  await withServer({ INTROSPECTION: 'roles' }, async ({ url }) => {
    expect(await get(`${url}/operations`)).toMatchObject({
      status: 404,
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
    expect((await get(`${url}/operations/Lists?ids=u1`)).status).toBe(200);
  });
});

it('who asks must say who they are before names are told apart, and needs the roles of the operation', async () => {
  await withFolder(async (folder) => {
    const add = ['keys', 'add', '--name', 'feed', '--roles', 'ingest', '--data', folder];
    const key = execFileSync(process.execPath, [MAIN, ...add], { encoding: 'utf8' }).trim();
    const { url, kill } = await startProcess(folder);
    for (const path of ['/operations', '/operations/PopularItems', '/operations/Nothing']) {
      const refused = await get(`${url}${path}`);
      expect(refused).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(await get(`${url}/operations/PopularItems`, { 'x-api-key': key })).toMatchObject(
      refusal('FORBIDDEN', 'Query.popularItems needs the role client or server or debug or admin', 403),
    );
    expect(await kill('SIGTERM')).toBe(0);
  });
});

it('operations count for rate limits, and the log names them', async () => {
  const limited = { RATE_LIMIT: 'on', RATE_LIMITS: 'Query.users=1/86400s', LOG_LEVEL: 'debug' };
  await withServer(limited, async ({ url }, lines) => {
    const told = async (expected: object): Promise<void> => {
      const fits = (line: LogLine): boolean => Object.entries(expected).every(([name, value]) => line[name] === value);
      while (!lines.some(fits)) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    expect((await get(`${url}/operations/Lists?ids=u1`)).data).toMatchObject({ users: [{ id: 'u1' }] });
    await told({ operation: 'Lists', type: 'query', outcome: 'ok' });
    const second = await get(`${url}/operations/Lists?ids=u1`);
    expect(second).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    expect(second.headers.get('retry-after')).toMatch(/^\d+$/);
    await told({ operation: 'Lists', type: 'query', outcome: 'caller' });
    await get(`${url}/operations/Nothing`);
    await told({ operation: null, outcome: 'caller' });
  });
});
