/** Who takes a place among those that subscribe, at a real server: nobody before it is known who it is. */
import { once } from 'node:events';
import WebSocket from 'ws';
import { runCommand } from '../support/command.js';
import { startProcess, withFolder } from '../support/server.js';
import { readerOf, TRANSPORTS, until } from '../support/subscribers.js';

const UPDATES = 'subscription { recommendationsUpdated(userId: "u") { segment } }';

it('strangers wait at the door, and a caller takes no more places than its own', async () => {
  await withFolder(async (folder) => {
    const add = async (name: string): Promise<string> =>
      /rg_\S+/.exec(
        (await runCommand('keys', 'add', '--data', folder, '--name', name, '--roles', 'server')).stdout,
      )![0];
    const shop = await add('shop');
    const app = await add('app');
    const server = await startProcess(folder, {
      MAX_SUBSCRIPTIONS: '2',
      SUBSCRIPTIONS_PER_CALLER: '1',
      MAX_WAITING_SOCKETS: '2',
    });
    const silent = [0, 1].map(
      () => new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws'),
    );
    const dismissed = silent.map((socket) => once(socket, 'close'));
    await Promise.all(silent.map((socket) => once(socket, 'open')));
    const third = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    third.on('error', () => undefined);
    const [, refusal] = (await once(third, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(refusal.statusCode).toBe(429);

    const first = readerOf('server-sent events', server.url, UPDATES, { key: shop });
    await until(() => first.values.length === 1);
    for (const [code] of (await Promise.all(dismissed)) as [number][]) expect(code).toBe(4408);
    const ends = TRANSPORTS.map((transport) => readerOf(transport, server.url, UPDATES, { key: shop }).ended);
    expect(await Promise.all(ends)).toEqual(['TOO_MANY_SUBSCRIPTIONS', '1013 TOO_MANY_SUBSCRIPTIONS']);
    const other = readerOf('a WebSocket', server.url, UPDATES, { key: app });
    await until(() => other.values.length === 1);
    first.leave();
    // Its place is free as soon as the server knows.
    await until(async () => {
      const again = readerOf('a WebSocket', server.url, UPDATES, { key: shop });
      const refused = again.ended.then(() => true);
      await until(async () => again.values.length === 1 || (await Promise.race([refused, Promise.resolve(false)])));
      return again.values.length === 1;
    });
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
