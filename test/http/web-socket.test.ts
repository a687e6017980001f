/** What anybody may send over a WebSocket without having said who it is: the log tells it, and never stderr. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { type LogLine, startProcess, withFolder } from '../support/server.js';
import { readerOf, until } from '../support/subscribers.js';

const HANDSHAKE = [
  'GET /graphql HTTP/1.1',
  'host: localhost',
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: graphql-transport-ws',
].join('\r\n');
/** Frames that break RFC 6455: reserved bits, no mask, an unknown opcode, one that is longer than any may be, text that is no UTF-8. */
const BROKEN = [
  [0xff, 0xff],
  [0x81, 0x01, 0x41],
  [0x83, 0x80, 0, 0, 0, 0],
  [0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28],
  // Good frames of a message that only servers send.
  [0x81, 0x99, 0, 0, 0, 0, ...Buffer.from('{"type":"connection_ack"}')],
];

/** Sends the bytes over a WebSocket of its own; resolves when the server has hung up. */
function sendFrame(url: string, bytes: readonly number[]): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('data', () => {
      socket.write(Buffer.from(bytes));
      // What comes next asks for the end of the connection: there is nothing else to be said.
      socket.on('data', () => socket.destroy());
    });
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.resume().write(`${HANDSHAKE}\r\n\r\n`);
  });
}

it('broken frames are told in the log, once where many come, and never on stderr', async () => {
  await withFolder(async (folder) => {
    const lines: LogLine[] = [];
    let stderr = '';
    const server = await startProcess(
      join(folder, 'data'),
      { LOG_LEVEL: 'debug' },
      { onLine: (line) => lines.push(line), onStderr: (text) => (stderr += text) },
    );
    for (let round = 0; round < 4; round++) for (const bytes of BROKEN) await sendFrame(server.url, bytes);
    const told = (): LogLine[] => lines.filter(({ msg }) => msg === 'a WebSocket sent what is not of its protocol');
    await until(() => told().length === 4 * BROKEN.length);
    const [first, ...others] = told();
    expect(first).toMatchObject({ level: 40, requestId: expect.any(String) as string, before: 0 });
    expect(first!['error']).toMatch(/^WS_ERR_/);
    expect(new Set(others.map(({ level }) => level))).toEqual(new Set([20]));
    expect(lines.filter(({ level }) => level > 40)).toEqual([]);
    // The server lives on, and others subscribe.
    const reader = readerOf(
      'a WebSocket',
      server.url,
      'subscription { recommendationsUpdated(userId: "u") { segment } }',
    );
    await until(() => reader.values.length === 1);
    reader.leave();
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(stderr).toBe('');
  });
});
