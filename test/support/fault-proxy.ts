/**
 * A TCP proxy that can be a bad network: it delays, falls silent, cuts connections, or cuts them in the middle of what is
 * being said. What it does may be changed while it runs.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface Faults {
  /** Before anything is passed on, ms. */
  delayMs?: number;
  /** Nothing is passed on; connections stay. */
  silent?: boolean;
  /** New connections are refused and the present ones reset. */
  away?: boolean;
  /** Answers end, with a reset, after so many bytes. */
  cutAnswerAfter?: number;
  /** What is asked ends, with a reset, after so many bytes: the other side has seen a part of it. */
  cutRequestAfter?: number;
}

export interface FaultProxy {
  readonly port: number;
  /** Bytes of answers that were passed on so far. */
  readonly answerBytes: number;
  /** From now on these, and no others. */
  set(faults: Faults): void;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let faults: Faults = {};
  let answerBytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (faults.away === true) return void client.resetAndDestroy();
    const target = connect(targetPort, '127.0.0.1');
    const both = [client, target];
    const cut = (): void => both.forEach((socket) => socket.resetAndDestroy());
    for (const socket of both) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    const pass = (from: Socket, to: Socket, cutAfter: () => number | undefined): void => {
      let passed = 0;
      let before = Promise.resolve();
      from.on('data', (chunk: Buffer) => {
        before = before.then(async () => {
          while (faults.silent === true && !to.destroyed) await wait(5);
          if (faults.delayMs !== undefined) await wait(faults.delayMs);
          const most = cutAfter();
          if (most === undefined || passed + chunk.length <= most) {
            passed += chunk.length;
            if (to === client) answerBytes += chunk.length;
            to.write(chunk);
            return;
          }
          const rest = chunk.subarray(0, Math.max(0, most - passed));
          if (to === client) answerBytes += rest.length;
          to.write(rest, cut);
        });
      });
    };
    pass(client, target, () => faults.cutRequestAfter);
    pass(target, client, () => faults.cutAnswerAfter);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get answerBytes() {
      return answerBytes;
    },
    set(next) {
      faults = next;
      if (faults.away === true) for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of sockets) socket.resetAndDestroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
