/**
 * A closed-loop HTTP load: each connection sends its next request when the last one is answered. Written on sockets, because a
 * client that costs as much as the server would measure itself.
 */
import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Body of the n-th request. */
  readonly body: (request: number) => string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Between an answer and the connection's next request, ms; without it, none. */
  readonly pauseMs?: number;
  /** Sees the first answer of each connection, and every one that is not 200. */
  readonly onAnswer?: (status: number, body: string) => void;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

export async function httpLoad(options: LoadOptions): Promise<LoadResult> {
  const times: number[] = [];
  const from = performance.now();
  const end = from + options.seconds * 1_000;
  let sent = 0;
  const next = (): string => options.body(sent++);
  await Promise.all(Array.from({ length: options.connections }, () => converse(options, { next, end, times })));
  const seconds = (performance.now() - from) / 1_000;
  const sorted = Float64Array.from(times).sort();
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? NaN;
  return { requests: times.length, perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** One connection's requests, one after another, until the end. */
function converse(
  { url, headers = {}, pauseMs = 0, onAnswer }: LoadOptions,
  { next, end, times }: { readonly next: () => string; readonly end: number; readonly times: number[] },
): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const head = [`POST ${pathname} HTTP/1.1`, `host: ${hostname}:${port}`, 'content-type: application/json']
    .concat(Object.entries(headers).map(([name, value]) => `${name}: ${value}`))
    .join('\r\n');
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(port), hostname);
    let received: Buffer[] = [];
    let expected = -1;
    let length = 0;
    let askedAt = 0;
    let first = true;
    const ask = (): void => {
      if (performance.now() >= end) return void socket.end(resolve);
      const body = next();
      askedAt = performance.now();
      socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    socket.setNoDelay(true);
    socket.on('connect', ask);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received.push(chunk);
      length += chunk.length;
      if (expected === -1) {
        const all = received.length === 1 ? chunk : Buffer.concat(received);
        received = [all];
        const at = all.indexOf(HEAD_END);
        if (at === -1) return;
        const size = /content-length: *(\d+)/i.exec(all.toString('latin1', 0, at))?.[1];
        if (size === undefined) return void reject(new Error('an answer without a length'));
        expected = at + HEAD_END.length + Number(size);
      }
      if (length < expected) return;
      times.push(performance.now() - askedAt);
      const status = Number(received[0]!.toString('latin1', 9, 12));
      if (first || status !== 200) {
        const all = Buffer.concat(received).toString('utf8');
        onAnswer?.(status, all.slice(all.indexOf('\r\n\r\n') + HEAD_END.length));
      }
      first = false;
      received = [];
      length = 0;
      expected = -1;
      if (pauseMs === 0) ask();
      else setTimeout(ask, pauseMs);
    });
  });
}
