/**
 * What a running server tells of itself: joins what happens in it to the instruments. Where nobody asked for them nothing is
 * measured.
 */
import { type Logger } from 'pino';
import { type Config } from '../config.js';
import { type Gateway } from '../gateway.js';
import { type RemoteCalls } from '../remote/remote-calls.js';
import { type GaugeParts } from './gauges.js';
import { ListAnswers } from './list-answers.js';
import { type Metrics, openMetrics } from './metrics.js';
import { type OperationListener } from './operation-record.js';

export interface Telemetry {
  /** To be told of operations. */
  readonly listeners: readonly OperationListener[];
  close(): Promise<void>;
}

export interface TelemetryParts extends GaugeParts {
  readonly config: Pick<Config, 'metricsPort' | 'metricsHost'>;
  readonly gateway: Gateway;
  readonly remoteCalls: RemoteCalls;
  /** Number of this process among those of a primary; null: it is the only one. */
  readonly worker: number | null;
  readonly logger: Logger;
}

const NOTHING: Telemetry = { listeners: [], close: () => Promise.resolve() };

/** @throws ConfigError where it can't be told as the settings ask for */
export async function openTelemetry(parts: TelemetryParts): Promise<Telemetry> {
  const metrics = await metricsOf(parts);
  if (metrics === null) return NOTHING;
  const { gateway, remoteCalls } = parts;
  const answers = new ListAnswers({
    slateOf: async (id) => (await gateway.stored([id]))[0]!,
    itemOf: (itemId) => gateway.state.items.find(itemId),
    onAnswer: metrics.onAnswer,
    onUnattributed: metrics.onUnattributed,
  });
  gateway.onSlate = metrics.onSlate;
  gateway.onAppend = answers.offer;
  remoteCalls.listener = metrics.onCall;
  return {
    listeners: [metrics.onOperation],
    async close() {
      gateway.onSlate = gateway.onAppend = remoteCalls.listener = null;
      await answers.flush();
      await metrics.close();
    },
  };
}

async function metricsOf({ config, worker, ...parts }: TelemetryParts): Promise<Metrics | null> {
  const { metricsPort, metricsHost: host } = config;
  if (metricsPort === null) return null;
  // Each of several processes has its own.
  const port = metricsPort === 0 ? 0 : metricsPort + (worker ?? 0);
  const metrics = await openMetrics({ port, host, ...parts });
  parts.logger.info({ url: metrics.url }, 'metrics are served');
  return metrics;
}
