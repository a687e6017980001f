/** Subscriptions at a real server process, over both transports. */
import { join } from 'node:path';
import WebSocket from 'ws';
import { ask, send, type ServerProcess, startProcess, withFolder } from '../support/server.js';
import { readerOf, TRANSPORTS, until } from '../support/subscribers.js';

const UPDATES = `subscription ($userId: ID!, $first: Int) {
  recommendationsUpdated(userId: $userId, first: $first) { recommendationId segment nodes { item { id } } } }`;
const variables = { userId: 'u', first: 100 };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the operation's
const idsOf = (value: any): string[] =>
  value.data.recommendationsUpdated.nodes.map(({ item }: { item: { id: string } }) => item.id);
const click = (url: string, userId: string, itemId: string) =>
  ask(
    url,
    `mutation { recordInteractions(input: { interactions: [{ userId: "${userId}", itemId: "${itemId}" }] }) { accepted } }`,
  );

async function withServer(
  run: (server: ServerProcess, folder: string) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const server = await startProcess(join(folder, 'data'), { SUBSCRIPTION_REFRESH_MS: '3600000', ...environment });
    const items = Array.from({ length: 90 }, (_, at) => `{ id: "i${at}" }`).join(' ');
    await ask(server.url, `mutation { upsertItems(input: { items: [${items}] }) { accepted } }`);
    await run(server, folder);
    await server.kill('SIGTERM');
  });
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('a reader gets the list, the list again after a click, and the end when the server drains', async () => {
    await withServer(async (server) => {
      const reader = readerOf(transport, server.url, UPDATES, { variables });
      await until(() => reader.values.length === 1);
      expect(idsOf(reader.values[0])).toContain('i3');
      await click(server.url, 'u', 'i3');
      await until(() => reader.values.length === 2);
      expect(idsOf(reader.values[1])).not.toContain('i3');
      expect(reader.values[1].data.recommendationsUpdated.segment).toBe('WARM');
      const exit = server.kill('SIGTERM');
      expect(await reader.ended).toBe(transport === 'a WebSocket' ? '1001 DRAINING' : 'complete');
      expect(await exit).toBe(0);
    });
  });

  it('a list that was pushed can be paged through', async () => {
    await withServer(async ({ url }) => {
      const query = `subscription { recommendationsUpdated(userId: "u", first: 2) { pageInfo { endCursor } } }`;
      const reader = readerOf(transport, url, query);
      await until(() => reader.values.length === 1);
      const after = reader.values[0].data.recommendationsUpdated.pageInfo.endCursor as string;
      const { errors } = await ask(
        url,
        `{ recommendations(userId: "u", first: 2, after: "${after}") { nodes { rank } } }`,
      );
      expect(errors).toBeUndefined();
      reader.leave();
    });
  });

  it('a click of another pushes nothing at once, and what it changes comes with the refresh', async () => {
    await withServer(
      async ({ url }) => {
        const [mine, theirs] = ['u', 'other'].map((userId) =>
          readerOf(transport, url, UPDATES, { variables: { userId, first: 100 } }),
        );
        await until(() => mine!.values.length === 1 && theirs!.values.length === 1);
        const last = idsOf(mine!.values[0]).at(-1)!;
        await click(url, 'other', last);
        await until(() => theirs!.values.length === 2);
        expect(mine!.values).toHaveLength(1);
        await until(() => mine!.values.length === 2);
        expect(idsOf(mine!.values[1])[0]).toBe(last);
        mine!.leave();
        theirs!.leave();
      },
      { SUBSCRIPTION_REFRESH_MS: '1500' },
    );
  });

  it('an event that another process appended is pushed too', async () => {
    await withServer(async ({ url }, folder) => {
      const second = await startProcess(join(folder, 'data'));
      const reader = readerOf(transport, url, UPDATES, { variables });
      await until(() => reader.values.length === 1);
      await click(second.url, 'u', 'i5');
      await until(() => reader.values.length === 2);
      expect(idsOf(reader.values[1])).not.toContain('i5');
      reader.leave();
      await second.kill('SIGTERM');
    });
  });

  it('a burst of clicks is few lists, and the last of them knows all clicks', async () => {
    await withServer(
      async ({ url }) => {
        const reader = readerOf(transport, url, UPDATES, { variables });
        await until(() => reader.values.length === 1);
        // The first click is pushed at once; the others come within the gap.
        for (let at = 0; at < 50; at++) await click(url, 'u', `i${at}`);
        await until(() => idsOf(reader.values.at(-1)).length === 40);
        expect(reader.values.length).toBeLessThanOrEqual(4);
        reader.leave();
      },
      { SUBSCRIPTION_GAP_MS: '3000' },
    );
  });

  it.each([
    ['an empty user id', UPDATES, { userId: '' }, 'BAD_ID'],
    ['a page that is too large', UPDATES, { userId: 'u', first: 101 }, 'FIRST_OUT_OF_RANGE'],
    ['a variable that is missing', UPDATES, {}, 'BAD_USER_INPUT'],
    [
      'an unknown scenario',
      'subscription { recommendationsUpdated(userId: "u", scenario: "x") { segment } }',
      {},
      'UNKNOWN_SCENARIO',
    ],
    ['an unknown field', 'subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['no GraphQL', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a query', '{ snapshot { id } }', {}, 'WRONG_TRANSPORT'],
    ['a mutation', 'mutation { forgetUser(input: { userId: "u" }) { userId } }', {}, 'WRONG_TRANSPORT'],
  ])('%s is refused', async (_case, query, given, code) => {
    const reader = readerOf(transport, shared.url, query, { variables: given });
    expect(await reader.ended).toBe(code);
    expect(reader.values).toEqual([]);
  });
});

let shared: ServerProcess;
let done: () => void;
beforeAll(async () => {
  const folder = await new Promise<string>((opened) => {
    void withFolder((made) => {
      opened(made);
      return new Promise<void>((resolve) => (done = resolve));
    });
  });
  shared = await startProcess(join(folder, 'data'), { MAX_SUBSCRIPTIONS: '3', SUBSCRIPTIONS_PER_CONNECTION: '2' });
});
afterAll(async () => {
  await shared.kill('SIGTERM');
  done();
});

it('a subscription by POST /graphql is refused', async () => {
  const { errors, status } = await ask(shared.url, UPDATES, variables);
  expect([status, errors![0]!.extensions.code]).toEqual([400, 'WRONG_TRANSPORT']);
});

it('a stream needs a reader of streams', async () => {
  const { status, errors } = await send(`${shared.url}/graphql/stream`, JSON.stringify({ query: UPDATES, variables }));
  expect([status, errors![0]!.extensions.code]).toEqual([406, 'NOT_ACCEPTABLE']);
});

const statusOfUpgrade = (origin: string): Promise<number> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${shared.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { origin });
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode!));
    socket.once('open', () => {
      socket.once('close', () => resolve(101));
      socket.close();
    });
    socket.on('error', () => undefined);
  });

it('pages of another origin may not subscribe, those of the server itself may', async () => {
  const headers = { accept: 'text/event-stream', origin: 'https://evil.example' };
  const { status, errors } = await send(`${shared.url}/graphql/stream`, JSON.stringify({ query: UPDATES }), headers);
  expect([status, errors![0]!.extensions.code]).toEqual([403, 'FOREIGN_ORIGIN']);
  expect(await statusOfUpgrade('https://evil.example')).toBe(403);
  expect(await statusOfUpgrade('null')).toBe(403);
  expect(await statusOfUpgrade(shared.url)).toBe(101);
});

it('connections and the subscriptions of one are capped, and a place that is left is free again', async () => {
  const readers = [0, 1, 2].map(() => readerOf('server-sent events', shared.url, UPDATES, { variables }));
  await until(() => readers.every(({ values }) => values.length === 1));
  expect(await readerOf('server-sent events', shared.url, UPDATES, { variables }).ended).toBe('TOO_MANY_SUBSCRIPTIONS');
  readers.forEach((reader) => reader.leave());

  const socket = await new Promise<WebSocket>((resolve) => {
    const attempt = (): void => {
      const opening = new WebSocket(`${shared.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      opening.once('open', () => resolve(opening)).once('error', attempt);
    };
    attempt();
  });
  const messages: { type: string; id?: string; payload?: { extensions: { code: string } }[] }[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as never));
  socket.send('{"type":"connection_init"}');
  await until(() => messages.some(({ type }) => type === 'connection_ack'));
  for (const id of ['1', '2', '3']) {
    socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query: UPDATES, variables } }));
  }
  await until(() => messages.filter(({ type }) => type === 'next').length === 2);
  await until(() => messages.some(({ type }) => type === 'error'));
  const refused = messages.find(({ type }) => type === 'error')!;
  expect([refused.id, refused.payload![0]!.extensions.code]).toEqual(['3', 'TOO_MANY_SUBSCRIPTIONS']);
  socket.close();
});
