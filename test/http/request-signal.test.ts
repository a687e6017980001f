/** When nobody waits for an answer any more, over real connections. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { RequestSignal } from '../../src/http/request-signal.js';

async function withRequest(run: (response: ServerResponse, leave: () => void) => Promise<void>): Promise<void> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    await run(response, () => client.destroy());
  } finally {
    client.destroy();
    server.close();
  }
}

it('is over when the client leaves before its answer', () =>
  withRequest(async (response, leave) => {
    const request = RequestSignal.ofAnswer(response, 60_000);
    expect(request.isOver()).toBe(false);
    const closed = once(response, 'close');
    leave();
    await closed;
    expect(request.isOver()).toBe(true);
  }));

it('is not over when the answer was sent', () =>
  withRequest(async (response) => {
    const request = RequestSignal.ofAnswer(response, 60_000);
    const closed = once(response, 'close');
    response.end('answer');
    await closed;
    expect(request.isOver()).toBe(false);
  }));

it('is over when the time is', () =>
  withRequest(async (response) => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const request = RequestSignal.ofAnswer(response, 50);
    now.mockReturnValue(1_049);
    expect(request.isOver()).toBe(false);
    now.mockReturnValue(1_050);
    expect(request.isOver()).toBe(true);
    now.mockRestore();
  }));

it('is never over once it is kept', () =>
  withRequest(async (response, leave) => {
    const request = RequestSignal.ofAnswer(response, 60_000);
    request.keep();
    const closed = once(response, 'close');
    leave();
    await closed;
    expect(request.isOver()).toBe(false);
  }));

it('of another operation of the request is over by itself, and with the client', () =>
  withRequest(async (response, leave) => {
    const request = RequestSignal.ofAnswer(response, 60_000);
    const another = request.another();
    request.keep();
    const closed = once(response, 'close');
    leave();
    await closed;
    expect([request.isOver(), another.isOver()]).toEqual([false, true]);
  }));
