/**
 * One request over a socket of its own, byte for byte as given, well-formed or not, and what became of it as a word or two: the
 * answer's status and codes, such as `400 TOO_DEEP`; `closed` where the server hung up without an answer; `dropped` where we did.
 */
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface ExchangeOptions {
  /** Between two pieces, ms. */
  readonly gapMs?: number;
  /** Hangs up when all pieces are sent. */
  readonly drop?: boolean;
}

/** No answer takes that long: what still holds is told as `silent`. */
const PATIENCE_MS = 40_000;

export function exchange(
  url: string,
  pieces: readonly (string | Buffer)[],
  { gapMs = 0, drop = false }: ExchangeOptions = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const received: Buffer[] = [];
    let left = 'closed';
    const leave = (outcome: string): void => {
      left = outcome;
      // A reset leaves no port behind: those of a machine would be used up within seconds.
      socket.resetAndDestroy();
    };
    socket.setTimeout(PATIENCE_MS, () => leave('silent'));
    socket.on('data', (chunk) => received.push(chunk));
    // A server that refuses half-way resets the connection: what it said before counts.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(outcomeOf(Buffer.concat(received).toString('utf8')) ?? left));
    const send = async (): Promise<void> => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (gapMs > 0) await wait(gapMs);
      }
      if (drop) leave('dropped');
    };
    socket.on('connect', () => void send());
  });
}

function outcomeOf(answer: string): string | null {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  if (status === undefined) return null;
  const codes = new Set([...answer.matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code));
  return [status, ...codes].join(' ');
}
