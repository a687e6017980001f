/** What stops when nobody waits any more: counted at the engine, of a real gateway. */
import { connect } from 'node:net';
import { Cancelled } from '../../src/pipeline/cancelled.js';
import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { DOCUMENTED_EVENTS } from '../support/documented.js';
import { testGateway } from '../support/gateway.js';
import { ask, type LogLine, startProcess, withFolder } from '../support/server.js';
import { readerOf, TRANSPORTS, until } from '../support/subscribers.js';

const requests = Array.from({ length: 20 }, (_, at) => ({
  userId: `u${at}`,
  sessionId: null,
  seedItems: null,
  context: null,
  filter: null,
  scenario: BUILT_IN_SCENARIOS[0]!,
  now: 0,
}));

it('makes no more lists once the operation is over, and lets others run between', async () => {
  const { gateway, engine } = await testGateway(DOCUMENTED_EVENTS);
  const made = jest.spyOn(engine, 'recommend');
  let over = false;
  // Fires between two turns of lists, as a timer or a client that leaves does.
  setImmediate(() => (over = true));
  const slates = await gateway.recommend(requests, null, () => over);
  expect(made.mock.calls.map(([queries]) => queries.length)).toEqual([8]);
  expect(slates.slice(8).every((slate) => slate instanceof Cancelled)).toBe(true);
  expect(slates.slice(0, 8).some((slate) => slate instanceof Error)).toBe(false);
});

it('stops between two stages of a list', async () => {
  const { gateway } = await testGateway(DOCUMENTED_EVENTS);
  let asked = 0;
  const slates = await gateway.recommend(requests.slice(0, 1), null, () => ++asked > 3);
  expect(slates).toEqual([expect.any(Cancelled)]);
  expect(asked).toBe(4);
});

const CLICKS = Array.from({ length: 900 }, (_, at) => ({ userId: `u${at % 90}`, itemId: `i${at % 300}` }));
const LISTS = {
  query: 'query Lists($ids: [ID!]!) { users(ids: $ids) { id recommendations { nodes { rank } } } }',
  variables: { ids: Array.from({ length: 90 }, (_, at) => `u${at}`) },
};

it('gives each operation of a batch its own time: a mutation beside it lifts no query’s', async () => {
  await withFolder(async (folder) => {
    const server = await startProcess(folder, { OPERATION_TIMEOUT_MS: '1', BUDGET_MS: '0', BATCH_SIZE: '2' });
    const record = {
      query: `mutation ($input: RecordInteractionsInput!) {
        recordInteractions(input: $input) { accepted users { segment } }
      }`,
      variables: { input: { interactions: CLICKS } },
    };
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([record, LISTS]),
    });
    const answers = (await response.json()) as object[];
    expect({ status: response.status, answers }).toMatchObject({
      status: 200,
      answers: [
        { data: { recordInteractions: { accepted: 900 } } },
        { errors: [{ extensions: { code: 'OPERATION_TIMEOUT' } }] },
      ],
    });
    await server.kill('SIGTERM');
  });
}, 30_000);

it('tells a client that left before its answer apart from a fault of ours', async () => {
  await withFolder(async (folder) => {
    const lines: LogLine[] = [];
    const environment = { OPERATION_TIMEOUT_MS: '600000', BUDGET_MS: '0', SLOW_MS: '0', LOG_LEVEL: 'debug' };
    const server = await startProcess(folder, environment, { onLine: (line) => lines.push(line) });
    const record = `mutation ($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }`;
    await ask(server.url, record, { input: { interactions: CLICKS } });
    const told = (): LogLine[] => lines.filter(({ operation }) => operation === 'Lists');
    const { hostname, port, host } = new URL(server.url);
    const body = JSON.stringify(LISTS);
    await until(async () => {
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      await new Promise((resolve) => socket.end(body, () => resolve(socket.destroy())));
      await ask(server.url, '{ __typename }');
      return told().some(({ outcome }) => outcome !== 'ok');
    });
    for (const line of told().filter(({ outcome }) => outcome !== 'ok')) {
      expect(line).toMatchObject({ level: 20, outcome: 'caller', codes: ['CLIENT_GONE'] });
    }
    await server.kill('SIGTERM');
  });
}, 30_000);

it.each(TRANSPORTS)(
  'ends a subscription whose list takes too long, over %s',
  async (transport) => {
    await withFolder(async (folder) => {
      const environment = { OPERATION_TIMEOUT_MS: '1', BUDGET_MS: '0', MAX_COST: '1000000' };
      const server = await startProcess(folder, environment);
      const record = `mutation ($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }`;
      await ask(server.url, record, { input: { interactions: CLICKS } });
      const heavy = `subscription {
        recommendationsUpdated(userId: "u1", first: 100) { nodes { item { similar(first: 100) { nodes { rank } } } } }
      }`;
      const reader = readerOf(transport, server.url, heavy);
      const ended = await reader.ended;
      // The first list itself may be what takes too long: then nothing is subscribed to.
      const codes = reader.values.map(({ data, errors }) => [data, errors?.[0].extensions.code]);
      expect(codes.length === 0 ? ended : codes).toEqual(
        codes.length === 0 ? 'OPERATION_TIMEOUT' : [[undefined, 'OPERATION_TIMEOUT']],
      );
      await server.kill('SIGTERM');
    });
  },
  30_000,
);

it('answers a query past its time with OPERATION_TIMEOUT alone, and a mutation in full', async () => {
  await withFolder(async (folder) => {
    const server = await startProcess(folder, { OPERATION_TIMEOUT_MS: '1', BUDGET_MS: '0' });
    try {
      const interactions = Array.from({ length: 900 }, (_, at) => ({ userId: `u${at % 90}`, itemId: `i${at % 300}` }));
      const record = `mutation ($input: RecordInteractionsInput!) {
        recordInteractions(input: $input) { accepted users { segment } }
      }`;
      const recorded = await ask(server.url, record, { input: { interactions } });
      expect(recorded).toMatchObject({ status: 200, data: { recordInteractions: { accepted: 900 } } });
      const click = `mutation ($input: RecordInteractionsInput!) {
        recordInteractions(input: $input) { accepted users { recommendations { nodes { rank } } } }
      }`;
      const some = { interactions: interactions.slice(0, 60) };
      const seen = await ask(server.url, click, { input: some });
      expect(seen).toMatchObject({ status: 200, data: { recordInteractions: { accepted: 60 } } });
      expect(seen.errors).toBeUndefined();
      const ids = Array.from({ length: 90 }, (_, at) => `u${at}`);
      const query = 'query ($ids: [ID!]!) { users(ids: $ids) { id recommendations { nodes { rank } } } }';
      expect(await ask(server.url, query, { ids })).toEqual({
        status: 504,
        errors: [
          {
            message: 'the operation took longer than the setting OPERATION_TIMEOUT_MS allows',
            extensions: { code: 'OPERATION_TIMEOUT' },
          },
        ],
      });
    } finally {
      await server.kill('SIGTERM');
    }
  });
}, 30_000);
