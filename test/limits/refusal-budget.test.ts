import { setImmediate } from 'node:timers/promises';
import { join } from 'node:path';
import createFastify from 'fastify';
import { caller } from '../../src/identity/caller.js';
import { refusalBudget } from '../../src/limits/refusal-budget.js';
import { runCommand } from '../support/command.js';
import { withFolder, send } from '../support/server.js';
import { startKeyed } from '../support/keyed-server.js';

/** However busy the machine is. */
const PATIENT = { MAX_EVENT_LOOP_DELAY_MS: '60000' };
const bad = JSON.stringify({ query: '{ nothingOfTheKind }' });
const good = JSON.stringify({ query: '{ viewer { id } }' });

const FILLER = ' '.repeat(50_000);
/** By a fetch of its own: a type of content that is none of ours, a body of no declared length. */
const post = (path: string, type: string, body: string | ReadableStream) => (url: string, as: Record<string, string>) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': type, ...as, accept: path === '/graphql' ? '*/*' : 'text/event-stream' },
    body,
    duplex: 'half',
  });
const inPieces = (text: string): ReadableStream => new Blob([text]).stream();
/** Requests that are refused, each with a body of 50 KB, by what is wrong with them. */
const LONG = {
  'a document with a field that there is not': post(
    '/graphql',
    'application/json',
    JSON.stringify({ query: '{ nope }', variables: { FILLER } }),
  ),
  'a query that is no text': post('/graphql', 'application/json', JSON.stringify({ query: 1, FILLER })),
  'no query': post('/graphql', 'application/json', JSON.stringify({ FILLER })),
  'a list of texts': post('/graphql', 'application/json', JSON.stringify([FILLER])),
  'JSON that is none, in pieces': post('/graphql', 'application/json', inPieces(`{"query":${FILLER}`)),
  'another type of content': post('/graphql', 'text/plain', JSON.stringify({ query: '{ viewer { id } }', FILLER })),
  'JSON that is none, for a stream': post('/graphql/stream', 'application/json', `{"query":${FILLER}`),
};

/** What became of these requests, one after the other, as statuses. */
async function statuses(url: string, key: string, bodies: readonly string[]): Promise<readonly number[]> {
  const seen: number[] = [];
  for (const body of bodies) seen.push((await send(`${url}/graphql`, body, { 'x-api-key': key })).status);
  return seen;
}

describe('refusal budget', () => {
  it('takes nothing more from a client whose requests had to be refused too often, and all from a back-end', async () => {
    await withFolder(async (folder) => {
      const { server, keys } = await startKeyed(folder, { ...PATIENT, MAX_REFUSED: '3' });
      expect(await statuses(server.url, keys.client, [good, bad, '{"query":', bad])).toEqual([200, 200, 400, 200]);
      const refused = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': keys.client },
        body: good,
      });
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toEqual({
        errors: [
          {
            message: '3 requests that must be refused are allowed in a minute',
            extensions: { code: 'RATE_LIMITED' },
          },
        ],
      });
      expect(await statuses(server.url, keys.server, [bad, bad, bad, bad, bad, good])).toEqual(Array(6).fill(200));
      await server.kill('SIGTERM');
    });
  });

  it('counts a long body as several', async () => {
    await withFolder(async (folder) => {
      const { server, keys } = await startKeyed(folder, { ...PATIENT, MAX_REFUSED: '6', BODY_LIMIT: '100000' });
      const long = `{"query":${' '.repeat(50_000)}`;
      // One and three more, for each of two.
      expect(await statuses(server.url, keys.client, [good, long, good, long, good])).toEqual([
        200, 400, 200, 400, 429,
      ]);
      await server.kill('SIGTERM');
    });
  });

  it('counts each kind of long body as several', () =>
    withFolder(async (folder) => {
      const settings = { ...PATIENT, MAX_REFUSED: '4', BODY_LIMIT: '100000', TRUST_PROXY: '1' };
      const page = ['keys', 'add', '--data', join(folder, 'data'), '--name', 'page', '--roles', 'client'];
      const [key] = /rg_\S+/.exec((await runCommand(...page)).stdout)!;
      const { server } = await startKeyed(folder, settings);
      for (const [at, [name, send]] of Object.entries(LONG).entries()) {
        // Each from an address of its own, for this key speaks for nobody.
        const as = { 'x-api-key': key, 'x-forwarded-for': `192.0.2.${at + 1}` };
        const asksWell = post('/graphql', 'application/json', good);
        const seen = [await asksWell(server.url, as), await send(server.url, as), await asksWell(server.url, as)];
        const [before, refused, after] = seen.map(({ status }) => status);
        expect([name, before, refused! < 429, after]).toEqual([name, 200, true, 429]);
      }
      await server.kill('SIGTERM');
    }));

  it('counts one that is refused by its head as one', async () => {
    await withFolder(async (folder) => {
      const { server, keys } = await startKeyed(folder, { ...PATIENT, MAX_REFUSED: '4', BODY_LIMIT: '100000' });
      const tooLong = ' '.repeat(100_001);
      expect(await statuses(server.url, keys.client, [tooLong, tooLong, tooLong, good])).toEqual([413, 413, 413, 200]);
      await server.kill('SIGTERM');
    });
  });

  it('counts no question for a document that is not registered yet', async () => {
    await withFolder(async (folder) => {
      const { server, keys } = await startKeyed(folder, { ...PATIENT, MAX_REFUSED: '2' });
      const unknown = JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } });
      const seen = await statuses(server.url, keys.client, [unknown, unknown, unknown, unknown, good]);
      expect(seen).toEqual(Array(5).fill(200));
      await server.kill('SIGTERM');
    });
  });

  it('holds against nobody what could not be counted', async () => {
    const app = createFastify();
    const add = jest.fn(() => Promise.reject(new Error('the counters are away')));
    const budget = refusalBudget(app, 1, { add, close: () => Promise.resolve() });
    app.get('/', async (request, reply) => {
      budget.demand(request, caller('key:k', ['client'], null), 'key:k');
      return reply.code(400).send();
    });
    for (let request = 1; request <= 3; request++) {
      expect((await app.inject('/')).statusCode).toBe(400);
      expect(add).toHaveBeenCalledTimes(request);
      // What is rejected and caught by nobody fails the test by the next turn.
      await setImmediate();
    }
    await app.close();
  });
});
