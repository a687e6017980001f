/** Requests that never became one, at a real server. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { startProcess, withFolder } from '../support/server.js';

it.each([
  [
    '408',
    'REQUEST_TIMEOUT',
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{',
  ],
  ['431', 'HEAD_TOO_LARGE', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['400', 'BAD_REQUEST', 'no HTTP\r\n\r\n'],
])('answers %s %s with an id, the headers of every answer and an error of GraphQL', async (status, code, sent) => {
  await withFolder(async (folder) => {
    const server = await startProcess(folder, { REQUEST_TIMEOUT_MS: '200' });
    const { port, hostname } = new URL(server.url);
    const client = connect(Number(port), hostname);
    await once(client, 'connect');
    client.write(sent);
    const [head, body] = (await text(client)).split('\r\n\r\n') as [string, string];
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/x-request-id: [\da-f-]{36}\r\n/);
    expect(head).toContain("content-security-policy: default-src 'none'; frame-ancestors 'none'");
    const { errors } = JSON.parse(body) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors).toEqual([{ message: expect.any(String) as string, extensions: { code } }]);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
