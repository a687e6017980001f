import { once } from 'node:events';
import { connect } from 'node:net';
import { runCommand } from '../support/command.js';
import { startProcess, withFolder } from '../support/server.js';

it('refuses a stranger before the body has come', async () => {
  await withFolder(async (folder) => {
    await runCommand('keys', 'add', '--data', folder, '--name', 'app', '--roles', 'client');
    const server = await startProcess(folder);
    const { hostname, port } = new URL(server.url);
    const client = connect(Number(port), hostname);
    // Of the body that is announced nothing is sent.
    client.write(
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-api-key: rg_unknown\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n',
    );
    const [answer] = (await once(client, 'data')) as [Buffer];
    client.destroy();
    const [head, body] = answer.toString('utf8').split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 401 /);
    expect(head!.toLowerCase()).toContain('www-authenticate: bearer');
    expect(JSON.parse(body!)).toEqual({
      errors: [
        {
          message: 'the API key or token is not good, or not any more',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
