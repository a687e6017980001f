/**
 * /metrics for Prometheus, through OpenTelemetry, on a port of its own. Its package is loaded here alone, so a server without
 * METRICS_PORT starts and runs as if it were not there.
 */
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type IMetricReader } from '@opentelemetry/sdk-metrics';
import { type Logger } from 'pino';
import { ConfigError } from '../config.js';
import { answerScrape } from './answer-scrape.js';

export interface Prometheus {
  /** Reads the metrics of the provider that it is given to. */
  readonly reader: IMetricReader;
  /** Begins to listen. @throws ConfigError where the address can't be listened on */
  serve(at: MetricsAddress): Promise<MetricsPage>;
}

export interface MetricsAddress {
  readonly port: number;
  readonly host: string;
  readonly logger: Logger;
}

export interface MetricsPage {
  readonly url: string;
  close(): Promise<void>;
}

export async function openPrometheus(): Promise<Prometheus> {
  const { PrometheusExporter, PrometheusSerializer } = await import('@opentelemetry/exporter-prometheus');
  // It would listen by itself, but on port 0 never and with no word of a port that is taken; and what fails while it writes ends the process.
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  const textOf = async (): Promise<string> => serializer.serialize((await reader.collect()).resourceMetrics);
  return { reader, serve: (at) => serve(textOf, at) };
}

async function serve(textOf: () => Promise<string>, { port, host, logger }: MetricsAddress): Promise<MetricsPage> {
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/metrics') void answerScrape(response, textOf, logger);
    else response.writeHead(404).end('metrics are at GET /metrics\n');
  });
  await listen(server, port, host);
  // It alone must not keep a process alive whose start fails later.
  server.unref();
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ConfigError(`METRICS_HOST="${host}", METRICS_PORT="${port}": can’t listen there (${error.code})`)),
    );
    // Of its own: the workers of a primary would otherwise share one port, and each scrape meet another of them.
    server.listen({ port, host, exclusive: true }, resolve);
  });
}
