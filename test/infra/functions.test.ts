/** The Functions app: its handler, given requests as the host of Azure Functions makes them, before a real gateway. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as ask, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { forwardingHandler } from '../../infra/azure/functions/src/forwarding-handler.js';
import { runCommand } from '../support/command.js';
import { type KeyedServer, listOf, startKeyed } from '../support/keyed-server.js';
import { send, startProcess, withFolder } from '../support/server.js';
import { until } from '../support/subscribers.js';
import { ROOT } from './infra-files.js';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}
type Told = Pick<Answer, 'errors'>;
type Handler = ReturnType<typeof forwardingHandler>;

/** What the functions' log was told. */
const complaints: string[] = [];

async function call(handler: Handler, init: ConstructorParameters<typeof HttpRequest>[0]): Promise<Answer> {
  const request = new HttpRequest({ url: 'https://functions.example/graphql', ...init });
  const context = new InvocationContext({
    functionName: 'graphql',
    logHandler: (level, ...parts) => complaints.push(`${level}: ${parts.join(' ')}`),
  });
  const { status, headers, body } = (await handler(request, context)) as HttpResponseInit;
  return { status: status!, headers: headers as Record<string, string>, ...(JSON.parse(body as string) as object) };
}
const post = (handler: Handler, body: string, headers: Record<string, string> = {}): Promise<Answer> =>
  call(handler, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: { string: body },
  });

let folder: string;
let keyed: KeyedServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recograph-functions-'));
  keyed = await startKeyed(folder, { BUDGET_MS: '0', RATE_LIMIT: 'off' });
});
afterAll(async () => {
  await keyed.server.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const CLICK = 'mutation ($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }';

it('answers what the engine answers, and a click that it forwards is in the engine’s next answer', async () => {
  const { server, keys } = keyed;
  const handler = forwardingHandler({ url: server.url, timeoutMs: 10_000 });
  const key = { 'x-api-key': keys.server };
  const list = JSON.stringify({ query: '{ recommendations(userId: "u7", first: 5) { nodes { item { id } } } }' });
  const through = await post(handler, list, key);
  expect(through.status).toBe(200);
  expect(through.errors).toBeUndefined();
  expect(through.headers['content-type']).toContain('application/json');
  const first = (through.data!['recommendations'] as { nodes: { item: { id: string } }[] }).nodes[0]!.item.id;
  const input = { interactions: [{ userId: 'u7', itemId: first }] };
  const clicked = await post(handler, JSON.stringify({ query: CLICK, variables: { input } }), key);
  expect(clicked.errors).toBeUndefined();
  expect(clicked.data!['recordInteractions']).toEqual({ accepted: 1 });
  const after = await send(`${server.url}/graphql`, list, key);
  expect(JSON.stringify(after.data)).not.toContain(`"${first}"`);
});

it('leaves credentials, roles, validation, status and limits to the engine', async () => {
  const { server, keys } = keyed;
  const handler = forwardingHandler({ url: server.url, timeoutMs: 10_000 });
  const back = { authorization: `Bearer ${keys.server}` };
  const nothing = '{"query":"{ nothing }"}';
  const item = '{"query":"query Named($id: ID!) { item(id: $id) { id attributes } }","variables":{"id":"i3"}}';
  const trace = '{"query":"{ recommendations(userId: \\"u1\\") { trace { stages { stage } } } }"}';
  const cases: readonly [string, Record<string, string>, string | undefined][] = [
    [listOf(0), {}, 'UNAUTHENTICATED'],
    [trace, { 'x-api-key': keys.client }, 'FORBIDDEN'],
    [nothing, back, 'GRAPHQL_VALIDATION_FAILED'],
    [nothing, { ...back, accept: 'application/graphql-response+json' }, 'GRAPHQL_VALIDATION_FAILED'],
    [item, back, undefined],
  ];
  for (const [body, headers, code] of cases) {
    const direct = await send(`${server.url}/graphql`, body, { accept: '*/*', ...headers });
    const { headers: _, ...through } = await post(handler, body, { accept: '*/*', ...headers });
    expect(through).toEqual(direct);
    expect(through.errors?.[0]?.extensions.code).toBe(code);
  }
  const asked = await post(handler, listOf(3), { ...back, 'x-request-id': 'request-of-mine' });
  expect(asked.headers['x-request-id']).toBe('request-of-mine');
  expect(asked.headers['cache-control']).toContain('no-store');
});

it('takes queries by GET with a preflight header, no mutation by GET, no operation by its hash alone', async () => {
  const { server, keys } = keyed;
  const handler = forwardingHandler({ url: server.url, timeoutMs: 10_000 });
  const get = (query: string, headers: Record<string, string> = {}): Promise<Answer> => {
    const url = `https://functions.example/graphql?query=${encodeURIComponent(query)}`;
    return call(handler, { method: 'GET', url, headers: { 'x-api-key': keys.server, ...headers } });
  };
  const preflighted = { 'apollo-require-preflight': '1' };
  expect(await get('{ item(id: "i1") { id } }', preflighted)).toMatchObject({
    status: 200,
    data: { item: { id: 'i1' } },
  });
  expect((await get('{ item(id: "i1") { id } }')).status).toBe(400);
  expect((await get('mutation { forgetUser(userId: "u1") { userId } }', preflighted)).status).toBe(405);
  const hash = { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } };
  const byHash = await post(handler, JSON.stringify(hash), { 'x-api-key': keys.server });
  expect(byHash.errors![0]!.extensions.code).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
});

it('says that the engine does not answer when it is frozen, gone, or something else is at its address', async () => {
  const { server, keys } = keyed;
  const key = { 'x-api-key': keys.server };
  const unavailable = { status: 503, errors: [{ extensions: { code: 'ENGINE_UNAVAILABLE' } }] };
  const handler = forwardingHandler({ url: server.url, timeoutMs: 1_000 });
  server.process.kill('SIGSTOP');
  const frozen = await post(handler, listOf(0), key);
  expect(frozen).toMatchObject(unavailable);
  expect(frozen.headers['retry-after']).toBe('1');
  expect(complaints).toEqual([expect.stringContaining(`error: ${server.url}`)]);
  server.process.kill('SIGCONT');
  await until(async () => (await post(handler, listOf(0), key)).status === 200);
  const page = await answering((response) => response.end('<html>not here</html>'));
  expect(await post(forwardingHandler({ url: page.url, timeoutMs: 10_000 }), listOf(0), key)).toMatchObject(
    unavailable,
  );
  page.close();
  await server.kill('SIGKILL');
  expect(await post(handler, listOf(0), key)).toMatchObject(unavailable);
});

it('tells the caller how long to wait, and of what is left', async () => {
  const told = { 'retry-after': '7', 'ratelimit-remaining': '0', 'set-cookie': 'engine=1' };
  const engine = await answering((response) =>
    response.writeHead(429, told).end('{"errors":[{"message":"too often","extensions":{"code":"RATE_LIMITED"}}]}'),
  );
  const answer = await post(forwardingHandler({ url: engine.url, timeoutMs: 10_000 }), listOf(0));
  expect(answer).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  expect(answer.headers).toMatchObject({ 'retry-after': '7', 'ratelimit-remaining': '0' });
  expect(answer.headers).not.toHaveProperty('set-cookie');
  engine.close();
});

it('its visitors have limits of their own, and what a visitor says of an address is not believed', async () => {
  await withFolder(async (own) => {
    const options = ['--data', own, '--name', 'page', '--roles', 'client'];
    const key = { 'x-api-key': /rg_\S+/.exec((await runCommand('keys', 'add', ...options)).stdout)![0] };
    const [functionsApp, visitor] = ['203.0.113.10', '198.51.100.7'];
    const limited = { RATE_LIMIT: 'on', RATE_LIMITS: 'Query.item=2/86400s', TRUST_PROXY: `1,${functionsApp}` };
    const server = await startProcess(own, limited);
    const [ofFunctions, ofVisitor] = [await ingress(server.url, functionsApp), await ingress(server.url, visitor)];
    const handler = forwardingHandler({ url: ofFunctions.url, timeoutMs: 10_000 });
    const item = '{"query":"{ item(id: \\"i1\\") { id } }"}';
    const through = (forwardedFor: string): Promise<Answer> =>
      post(handler, item, { ...key, 'x-forwarded-for': forwardedFor, 'x-recograph-client': '192.0.2.77' });
    const past = (address: string): Promise<Told> =>
      send(`${ofVisitor.url}/graphql`, item, { ...key, 'x-forwarded-for': address, 'x-recograph-client': address });
    const one = ['192.0.2.1:50001', '192.0.2.1:50002', '192.0.2.1:50003', '192.0.2.9, 192.0.2.1:50004'];
    const other = ['[2001:db8::1]:50001', '2001:db8::1', '192.0.2.1, [2001:db8::1]:50003'];
    expect(await codesOf(one, through)).toEqual(['none', 'none', 'RATE_LIMITED', 'RATE_LIMITED']);
    expect(await codesOf(other, through)).toEqual(['none', 'none', 'RATE_LIMITED']);
    expect(await codesOf(['192.0.2.3', '192.0.2.4', '192.0.2.5'], past)).toEqual(['none', 'none', 'RATE_LIMITED']);
    // Without the client's address the app itself is counted, for that is what the ingress saw.
    expect(await codesOf(['unknown', '', '10.0.0.1:x'], through)).toEqual(['none', 'none', 'RATE_LIMITED']);
    await Promise.all([ofFunctions.close(), ofVisitor.close()]);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});

it('compiles by its own settings', () => {
  const compiler = require.resolve('typescript/bin/tsc');
  const project = join(ROOT, 'infra/azure/functions');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '--noEmit', '--project', project], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

/** A server that gives this answer to everything. */
async function answering(answer: (response: ServerResponse) => void): Promise<{ url: string; close: () => void }> {
  const server = createServer((_request, response) => answer(response));
  return { url: await listening(server), close: () => void server.close() };
}

/** What stands before the gateway: it tells the gateway at which address it saw whoever asked, and of what these said nothing. */
async function ingress(gateway: string, peer: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((asked, response) => {
    const headers = { ...asked.headers, 'x-forwarded-for': peer };
    const passed = ask(new URL(asked.url!, gateway), { method: asked.method!, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    asked.pipe(passed);
  });
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { url: await listening(server), close };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((there) => server.listen(0, '127.0.0.1', there));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Code of the first error of each answer, one after the other. */
async function codesOf(values: readonly string[], run: (value: string) => Promise<Told>): Promise<readonly string[]> {
  const codes: string[] = [];
  for (const value of values) codes.push((await run(value)).errors?.[0]?.extensions.code ?? 'none');
  return codes;
}
