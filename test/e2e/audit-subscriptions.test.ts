/** The audit log of a real server that asks for keys: subscriptions over both transports, and refusals however they are spelt. */
import { createHmac } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../support/command.js';
import { send, type ServerProcess, startProcess, withFolder } from '../support/server.js';
import { readerOf, TRANSPORTS, until } from '../support/subscribers.js';

const KEY = expect.stringMatching(/^key:/) as string;
const AUDIT_KEY = 'a key that is long enough to be one';
const UPDATES = 'subscription Updates($userId: ID!) { recommendationsUpdated(userId: $userId) { segment } }';
const pseudonymOf = (id: string): string => createHmac('sha256', AUDIT_KEY).update(id).digest('hex').slice(0, 32);
const [MALLORY, ALICE] = ['mallory', 'alice'].map(pseudonymOf) as [string, string];

/** What the audit log holds after the run: of a key that speaks for mallory. */
async function audited(
  run: (server: ServerProcess, key: string, linesSoFar: () => Promise<object[]>) => Promise<void>,
): Promise<object[]> {
  return withFolder(async (data) => {
    const { stdout } = await runCommand(
      'keys',
      ...['add', '--data', data, '--name', 'app', '--roles', 'client', '--user', 'mallory'],
    );
    const server = await startProcess(data, {
      AUDIT_LOG: 'on',
      AUDIT_KEY,
      MAX_TOKENS: '40',
      // What ends a subscription ends it at once, and not when it is looked at next.
      SUBSCRIPTION_REFRESH_MS: '3600000',
    });
    const audit = join(data, 'audit');
    const lines = async (): Promise<object[]> => {
      const texts = await Promise.all((await readdir(audit)).map((name) => readFile(join(audit, name), 'utf8')));
      return texts.flatMap((text) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line) as object);
    };
    await run(server, /rg_\S+/.exec(stdout)![0], lines);
    await server.kill('SIGTERM');
    return lines();
  });
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('a subscription to somebody else is told as refused: who asked, and for whom', async () => {
    const lines = await audited(async ({ url }, key) => {
      const reader = readerOf(transport, url, UPDATES, { key, variables: { userId: 'alice' } });
      expect(await reader.ended).toBe('NOT_YOUR_USER');
    });
    expect(lines).toMatchObject([
      { caller: KEY, callerUser: MALLORY, operation: 'Updates', type: 'subscription', outcome: 'caller' },
    ]);
    expect(lines).toMatchObject([{ codes: ['NOT_YOUR_USER'], users: [ALICE] }]);
    expect(lines[0]).not.toHaveProperty('phase');
  });

  it('a subscription is told when it opens and when it ends', async () => {
    const lines = await audited(async ({ url }, key, linesSoFar) => {
      const reader = readerOf(transport, url, UPDATES, { key, variables: { userId: 'mallory' } });
      await until(() => reader.values.length === 1);
      reader.leave();
      await until(async () => (await linesSoFar()).length === 2);
    });
    const both = { caller: KEY, callerUser: MALLORY, operation: 'Updates', outcome: 'ok', users: [MALLORY] };
    expect(lines).toMatchObject([
      { ...both, phase: 'opened' },
      { ...both, phase: 'ended' },
    ]);
  });

  it('the drain ends subscriptions, and tells so', async () => {
    const lines = await audited(async ({ url }, key) => {
      const reader = readerOf(transport, url, UPDATES, { key, variables: { userId: 'mallory' } });
      await until(() => reader.values.length === 1);
    });
    expect(lines).toMatchObject([{ phase: 'opened' }, { phase: 'ended' }]);
  });

  it('a key that is not good, and a document that is too long, leave a line', async () => {
    const lines = await audited(async ({ url }, key) => {
      await readerOf(transport, url, UPDATES, { key: 'wrong', variables: { userId: 'u' } }).ended;
      const long = `subscription { ${'nothing '.repeat(50)} }`;
      expect(await readerOf(transport, url, long, { key }).ended).toBe('TOO_MANY_TOKENS');
    });
    expect(lines).toMatchObject([
      { caller: null, outcome: 'caller', codes: ['UNAUTHENTICATED'] },
      { caller: null, outcome: 'caller', codes: ['TOO_MANY_TOKENS'] },
    ]);
  });
});

it('a stream without an operation leaves a line', async () => {
  const lines = await audited(async ({ url }, key) => {
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json', 'x-api-key': key };
    const answer = await fetch(`${url}/graphql/stream`, { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(400);
  });
  expect(lines).toMatchObject([{ caller: null, outcome: 'caller', codes: ['HTTP_400'] }]);
});

it('a refusal is told however the address is spelt, and what is no address of GraphQL is not', async () => {
  const lines = await audited(async ({ url }) => {
    for (const path of ['/%67raphql', '/graphqlfoo', '/operations']) await send(`${url}${path}`, '{}');
    expect((await fetch(`${url}/oper%61tions/Nothing`)).status).toBe(401);
  });
  expect(lines).toMatchObject([{ codes: ['UNAUTHENTICATED'] }, { codes: ['UNAUTHENTICATED'] }]);
});

it('who asks for somebody else is told with whom', async () => {
  const query = 'query Spy { recommendations(userId: "alice") { segment } }';
  const lines = await audited(async ({ url }, key) => {
    await send(`${url}/graphql`, JSON.stringify({ query }), { 'x-api-key': key });
  });
  expect(lines).toMatchObject([{ operation: 'Spy', callerUser: MALLORY, codes: ['NOT_YOUR_USER'], users: [ALICE] }]);
});
