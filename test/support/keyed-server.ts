/** A server with its limits on, over a few hundred items and users, that asks for keys: one of a back-end, one of a client. */
import { join } from 'node:path';
import { runCommand } from './command.js';
import { type Answer, type LogLine, send, type ServerProcess, startProcess } from './server.js';

export interface KeyedServer {
  readonly server: ServerProcess;
  /** Keys by role. */
  readonly keys: Readonly<Record<'server' | 'client', string>>;
}

export const USERS = 400;
const ITEMS = 300;
const CLICKS_OF_A_USER = 8;

export async function startKeyed(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  onLine: (line: LogLine) => void = () => undefined,
): Promise<KeyedServer> {
  const data = join(folder, 'data');
  const add = (name: string, ...options: readonly string[]): Promise<string> =>
    runCommand('keys', 'add', '--data', data, '--name', name, ...options).then(
      ({ stdout }) => /rg_\S+/.exec(stdout)![0],
    );
  // One after another: a command at a time changes the keys.
  const ingest = await add('catalogue', '--roles', 'ingest');
  const back = await add('back-end', '--roles', 'server');
  const client = await add('app', '--roles', 'client', '--user', 'u1');
  const server = await startProcess(data, { RATE_LIMIT: 'on', ...environment }, { onLine });
  const record = async (mutation: string, input: object): Promise<void> => {
    const answer: Answer = await send(
      `${server.url}/graphql`,
      JSON.stringify({ query: mutation, variables: { input } }),
      {
        'x-api-key': ingest,
      },
    );
    if (answer.errors !== undefined) throw new Error(answer.errors[0]!.message);
  };
  await record('mutation ($input: UpsertItemsInput!) { upsertItems(input: $input) { accepted } }', {
    items: Array.from({ length: ITEMS }, (_, at) => ({
      id: `i${at}`,
      attributes: { section: `s${at % 7}`, words: 100 + at },
    })),
  });
  const clicks = Array.from({ length: USERS * CLICKS_OF_A_USER }, (_, at) => ({
    userId: `u${at % USERS}`,
    // Users of a kind click what is of a kind: 7 and 300 have no common divisor.
    itemId: `i${((at % 7) + 7 * Math.floor(at / USERS) + 7 * (at % 11)) % ITEMS}`,
  }));
  for (let at = 0; at < clicks.length; at += 1_000)
    await record('mutation ($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }', {
      interactions: clicks.slice(at, at + 1_000),
    });
  return { server, keys: { server: back, client } };
}

/** Body of the n-th request for a list, each of another user than the last. */
export const listOf = (request: number): string =>
  JSON.stringify({
    query:
      'query List($userId: ID!) { recommendations(userId: $userId, first: 20) { recommendationId nodes { rank score item { id attributes } } } }',
    variables: { userId: `u${request % USERS}` },
  });
