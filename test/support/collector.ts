/**
 * A collector of Application Insights over TLS: takes what is sent to it and answers as the service does. What it does may be
 * changed while it runs.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { makeCertificate } from './certificate.js';

/** One item as it is sent: Breeze's envelope. */
export interface Item {
  readonly sampleRate: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseType: string;
    readonly baseData: {
      readonly name?: string;
      readonly id?: string;
      readonly type?: string;
      readonly target?: string;
      readonly duration?: string;
      readonly success?: boolean;
      readonly responseCode?: string;
      readonly properties: Readonly<Record<string, string>>;
      readonly measurements?: Readonly<Record<string, number>>;
      readonly metrics?: readonly { readonly name: string; readonly value: number; readonly count: number }[];
    };
  };
}

export interface Collector {
  readonly connectionString: string;
  /** What a process needs in its environment to trust it and to send to it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly items: readonly Item[];
  /** All bytes that came, as text. */
  readonly text: string;
  /** From now on: `take` what comes, `refuse` it with 503, or say nothing. */
  does: 'take' | 'refuse' | 'hang';
  close(): Promise<void>;
}

export async function startCollector(folder: string): Promise<Collector> {
  const { cert, key } = makeCertificate(folder);
  const items: Item[] = [];
  const texts: string[] = [];
  let does: Collector['does'] = 'take';
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (does === 'hang') return;
      if (does === 'refuse') return void response.writeHead(503).end();
      const bytes = Buffer.concat(chunks);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      const sent = JSON.parse(text) as Item[];
      texts.push(JSON.stringify(request.headers), text);
      items.push(...sent);
      const answer = { itemsReceived: sent.length, itemsAccepted: sent.length, errors: [] };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `https://localhost:${port}/`;
  const connectionString = `InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=${endpoint}`;
  return {
    connectionString,
    environment: { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString, NODE_EXTRA_CA_CERTS: cert },
    items,
    get text() {
      return texts.join('\n');
    },
    get does() {
      return does;
    },
    set does(next) {
      does = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
