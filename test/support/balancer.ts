/**
 * A small proxy before replicas, as a load balancer is one: it looks at their readiness, sends requests by turns to those that are
 * ready, and tries another one where nothing could be sent. What was sent is never sent twice.
 */
import { Agent, createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

const LOOK_EVERY_MS = 100;
/** Looks in a row that nobody answered, after which a replica is not ready: one that is late once is not given up. */
const MISSED = 3;
/** How the balancer says that a replica died with the request. */
export const CUT = 502;

export interface Balancer {
  readonly url: string;
  /** From now on these. */
  use(urls: readonly string[]): void;
  close(): Promise<void>;
}

interface Target {
  readonly url: string;
  ready: boolean;
  missed: number;
}

export async function startBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  let targets: readonly Target[] = [];
  let turn = 0;
  const look = async (target: Target): Promise<void> => {
    const answer = await fetch(`${target.url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    if (answer === null) {
      target.missed++;
      if (target.missed >= MISSED) target.ready = false;
      return;
    }
    target.missed = 0;
    target.ready = answer.status === 200;
    await answer.text().catch(() => '');
  };
  const timer = setInterval(() => targets.forEach((target) => void look(target)), LOOK_EVERY_MS);
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const ready = targets.filter((target) => target.ready);
      const first = turn++;
      const order = ready.map((_, at) => ready[(first + at) % ready.length]!);
      forward(order, { incoming, outgoing, body: Buffer.concat(chunks), agent });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use(urls) {
      targets = urls.map((url) => targets.find((target) => target.url === url) ?? { url, ready: true, missed: 0 });
    },
    async close() {
      clearInterval(timer);
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly body: Buffer;
  readonly agent: Agent;
}

function forward([target, ...others]: readonly Target[], exchange: Exchange): void {
  const { incoming, outgoing, body, agent } = exchange;
  if (target === undefined) return void outgoing.writeHead(503).end();
  const { method, headers, url } = incoming;
  const sent = httpRequest(`${target.url}${url}`, { method, headers, agent }, (answer) => {
    outgoing.writeHead(answer.statusCode!, answer.headers);
    answer.on('error', () => outgoing.destroy());
    answer.pipe(outgoing);
  });
  sent.on('error', (error: NodeJS.ErrnoException) => {
    if (outgoing.headersSent) return void outgoing.destroy();
    // A connection that was kept and that its server has closed meanwhile took nothing along either.
    const isUnsent = error.code === 'ECONNREFUSED' || (sent.reusedSocket && error.code === 'ECONNRESET');
    if (error.code === 'ECONNREFUSED') target.ready = false;
    if (isUnsent) return forward(others.length > 0 || error.code === 'ECONNREFUSED' ? others : [target], exchange);
    outgoing.writeHead(CUT).end();
  });
  sent.end(body);
}
