/** Settings of what an operator sees: the log's lines, the metrics, and how long a process may hang. */
import { address, fraction, type Setting, wholeNumber } from './setting.js';

const HIGHEST_PORT = 65_535;
const port = wholeNumber(0, HIGHEST_PORT);
/** Addresses that take a port at every other. */
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

export const OPERATIONS_SETTINGS = {
  slowMs: {
    variable: 'SLOW_MS',
    otherwise: 1_000,
    ...wholeNumber(0, 3_600_000),
    purpose: 'an operation that takes longer gets a line of level warn, ms; 0: none does',
  },
  metricsPort: {
    variable: 'METRICS_PORT',
    otherwise: null as number | null,
    allowed: port.allowed,
    parse: (text: string): number | null | undefined => port.parse(text),
    purpose:
      'port of /metrics; 0 takes a free one; of several processes the n-th takes the n-th port after it; without it nothing is measured',
  },
  metricsHost: {
    variable: 'METRICS_HOST',
    otherwise: '127.0.0.1',
    ...address,
    purpose: 'address that /metrics is bound to',
  },
  insights: {
    variable: 'APPLICATIONINSIGHTS_CONNECTION_STRING',
    otherwise: null as string | null,
    allowed: 'a connection string of Application Insights, such as InstrumentationKey=…;IngestionEndpoint=https://…',
    parse: (text: string) => text as string | null,
    purpose: 'telemetry is sent there, by the package applicationinsights; without it nothing is',
  },
  telemetrySample: {
    variable: 'TELEMETRY_SAMPLE',
    otherwise: 0.1,
    ...fraction,
    purpose: 'part of the requests and calls that went well that Application Insights is told of; of the others, all',
  },
  workerSilenceMs: {
    variable: 'WORKER_SILENCE_MS',
    otherwise: 30_000,
    ...wholeNumber(1_000, 3_600_000),
    purpose: 'one of several processes that gives no sign of life for so long is killed and started again, ms',
  },
} satisfies Record<string, Setting<unknown>>;

/** Parts with one "=" each, among them the key. */
const INSIGHTS =
  /^(?=(?:.*;)?\s*InstrumentationKey=[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:;|$))[^=;]+=[^=;]+(?:;[^=;]+=[^=;]+)*;?$/i;

/** What is wrong with the connection string, which no message shows; null: nothing. */
export function insightsProblem(connectionString: string | null): string | null {
  if (connectionString === null || INSIGHTS.test(connectionString)) return null;
  const { variable, allowed } = OPERATIONS_SETTINGS.insights;
  return `${variable}: allowed is ${allowed}`;
}

export interface Ports {
  readonly port: number;
  readonly host: string;
  readonly metricsPort: number | null;
  readonly metricsHost: string;
  readonly processes: number;
}

/** What is wrong with the ports that the processes would measure at; null: nothing. */
export function metricsPortProblem({ port, host, metricsPort, metricsHost, processes }: Ports): string | null {
  if (metricsPort === null || metricsPort === 0) return null;
  const [first, last] = processes === 1 ? [metricsPort, metricsPort] : [metricsPort + 1, metricsPort + processes];
  const said = `METRICS_PORT="${metricsPort}", PROCESSES="${processes}"`;
  if (last > HIGHEST_PORT)
    return `${said}: the processes would need the ports ${first} to ${last}; the last is ${HIGHEST_PORT}`;
  const meet = host === metricsHost || [host, metricsHost].some((address) => EVERYWHERE.has(address));
  return meet && port >= first && port <= last ? `${said}: PORT="${port}" is among the ports of the metrics` : null;
}
