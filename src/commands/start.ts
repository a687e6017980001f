/**
 * `npm start`: data to look at, a server over it, and the first query with its answer. An empty folder gets the demo world and a
 * first training; a folder with other data is served as it is.
 */
import { type Config } from '../config.js';
import { exampleReader } from '../ide/operations.js';
import { continueWorld, demoWorld, letVisitorsClick } from './demo.js';
import { firstTraining, qualityLines } from './first-training.js';
import { serve } from './serve.js';

const FIRST_QUERY = `query First($userId: ID!) {
  recommendations(userId: $userId, first: 3) {
    segment
    nodes { rank score item { id attributes } explanation { text } }
  }
}`;

/**
 * @param main the command line's own file, which trains in a child process
 * @param say writes one line for the person at the terminal
 */
export async function start(config: Config, main: string, say: (line: string) => void): Promise<void> {
  const world = await demoWorld(config, Date.now());
  if (world === null) say(`Serving the data in ${config.dataFolder}, which the demo did not make.`);
  const { server, open, logger, onClose } = await serve(config, {
    async prepare(gateway) {
      if (world === null) return;
      const events = await continueWorld(world, gateway, Date.now());
      const { items, users } = gateway.state;
      say(`Demo world: ${events} new events, ${items.count} articles, ${users.count} readers.`);
      await firstTraining(config, main, say);
    },
  });
  if (world !== null && config.visitors) {
    onClose(letVisitorsClick(world, open.gateway, (message) => logger.warn(message)));
  }
  const userId = exampleReader(open.gateway.state) ?? 'somebody';
  say(`\nRecograph is at ${server.url}/ and its GraphQL at ${server.url}/graphql`);
  const answer = await ask(server.url, userId);
  if (answer === null) return say('It asks for keys: docs/identity.md says how to make one.');
  say(`\n${FIRST_QUERY}\n\nwith {"userId": "${userId}"} answers:\n`);
  say(JSON.stringify(answer, null, 2));
  for (const line of await qualityLines(config)) say(line);
}

/** The answer to the first query; null where it needs a key. */
async function ask(url: string, userId: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: FIRST_QUERY, variables: { userId } }),
  });
  return response.status === 401 ? null : response.json();
}
