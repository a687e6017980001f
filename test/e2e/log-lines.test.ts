/** The log of a real server: the ids of requests, one line an operation, and nothing of variables or users. */
import { ask, type LogLine, type ServerProcess, startProcess, withFolder } from '../support/server.js';

const lines: LogLine[] = [];
let server: ServerProcess;
let end: () => void;

async function start(environment: Record<string, string>): Promise<void> {
  lines.length = 0;
  await new Promise<void>((started, failed) => {
    withFolder(async (folder) => {
      server = await startProcess(folder, environment, { onLine: (line) => lines.push(line) });
      started();
      await new Promise<void>((resolve) => (end = resolve));
    }).catch(failed);
  });
}

/** Ends the server, so that every line is written. */
async function stop(): Promise<readonly LogLine[]> {
  await server.kill('SIGTERM');
  end();
  return lines.filter(({ msg }) => msg.includes('operation'));
}

async function post(body: string, requestId: string): Promise<Response> {
  return fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body,
  });
}

it('has one line an operation, with the id that the answer carries', async () => {
  await start({ LOG_LEVEL: 'debug' });
  const query = 'query Segment($id: ID!) { user(id: $id) { segment } }';
  const answers = [
    await post(JSON.stringify({ query, variables: { id: 'secret-reader' } }), 'r-1'),
    await post(JSON.stringify({ query: '{ nothing }' }), 'r-2'),
    await post('{', 'r-3'),
    await post(
      JSON.stringify({
        query: 'mutation M($i: MergeUsersInput!) { mergeUsers(input: $i) { logPosition } }',
        variables: { i: { fromUserId: 'secret-a', intoUserId: 'secret-a' } },
      }),
      'r-4',
    ),
  ];
  expect(answers.map(({ headers }) => headers.get('x-request-id'))).toEqual(['r-1', 'r-2', 'r-3', 'r-4']);
  const told = await stop();
  const debug = { level: 20, msg: 'operation' };
  expect(told).toMatchObject([
    { ...debug, requestId: 'r-1', caller: 'local', operation: 'Segment', type: 'query', outcome: 'ok', codes: [] },
    {
      ...debug,
      requestId: 'r-2',
      operation: null,
      type: null,
      outcome: 'caller',
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    { ...debug, requestId: 'r-3', caller: null, document: null, outcome: 'caller', codes: ['BAD_JSON'] },
    { ...debug, requestId: 'r-4', operation: 'M', type: 'mutation', outcome: 'caller', codes: ['SAME_USER'] },
  ]);
  expect(told[0]!['document']).toMatch(/^[\da-f]{64}$/);
  expect(JSON.stringify(lines)).not.toContain('secret');
});

it('writes no line of a good operation at level info', async () => {
  await start({});
  await ask(server.url, '{ __typename }');
  expect(await stop()).toEqual([]);
});
