/** A client that trickles its request, against a real server. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { ask, startProcess, withFolder } from '../support/server.js';

it.each([
  ['the head', 'POST /graphql HTTP/1.1\r\nhost: localhost\r\n'],
  [
    'the body',
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{',
  ],
])('closes a connection on which %s does not come to its end', async (_what, part) => {
  await withFolder(async (folder) => {
    const server = await startProcess(folder, { REQUEST_TIMEOUT_MS: '200' });
    try {
      const { port, hostname } = new URL(server.url);
      const client = connect(Number(port), hostname);
      await once(client, 'connect');
      client.write(part);
      expect(await text(client)).toMatch(/^HTTP\/1\.1 408 /);
      expect((await ask(server.url, '{ __typename }')).data).toEqual({ __typename: 'Query' });
    } finally {
      await server.kill('SIGTERM');
    }
  });
});
