/** A reader who takes nothing for a while is owed the newest list, not all of them. */
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { ask, startProcess, withFolder } from '../support/server.js';
import { until } from '../support/subscribers.js';

/** About 100 KB a list: those that nobody reads soon fill what the system holds for a socket. */
const COPIES = Array.from({ length: 30 }, (_, at) => `n${at}: nodes { item { id attributes } stages { stage score } }`);
const QUERY = `subscription { recommendationsUpdated(userId: "u", first: 100) { ${COPIES.join(' ')} } }`;
const CLICKS = 80;

function open(url: string): Socket {
  const { hostname, port, host } = new URL(url);
  const body = JSON.stringify({ query: QUERY });
  const head = [
    'POST /graphql/stream HTTP/1.1',
    `host: ${host}`,
    'accept: text/event-stream',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const socket = connect(Number(port), hostname);
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return socket;
}

it('skips the lists between the last one taken and the newest', async () => {
  await withFolder(async (folder) => {
    const server = await startProcess(join(folder, 'data'), { SUBSCRIPTION_GAP_MS: '0', MAX_COST: '100000' });
    const items = Array.from({ length: CLICKS + 10 }, (_, at) => `{ id: "i${at}" }`).join(' ');
    await ask(server.url, `mutation { upsertItems(input: { items: [${items}] }) { accepted } }`);
    let text = '';
    const socket = open(server.url).on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until(() => text.includes('event: next'));
    socket.pause();
    for (let at = 0; at < CLICKS; at++) {
      const entry = `{ userId: "u", itemId: "i${at}" }`;
      await ask(server.url, `mutation { recordInteractions(input: { interactions: [${entry}] }) { accepted } }`);
    }
    socket.resume();
    const newest = (): string => text.slice(text.lastIndexOf('event: next'));
    await until(() => newest().includes('\n\n') && !newest().includes(`"i${CLICKS - 1}"`));
    expect(newest()).toContain(`"i${CLICKS}"`);
    expect(text.split('event: next').length - 1).toBeLessThan(CLICKS);
    socket.destroy();
    expect(await server.kill('SIGTERM')).toBe(0);
  });
}, 40_000);
