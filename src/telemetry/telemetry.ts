/**
 * What a running server tells of itself: joins what happens in it to one set of instruments, which Prometheus reads and Application
 * Insights is sent, and to what else that is told. Where neither is configured nothing is measured.
 */
import { type Meter } from '@opentelemetry/api';
import { type IMetricReader } from '@opentelemetry/sdk-metrics';
import { type Logger } from 'pino';
import { type Config } from '../config.js';
import { type Gateway } from '../gateway.js';
import { type RemoteCalls } from '../remote/remote-calls.js';
import { boundedNames, type NameOf } from './bounded-names.js';
import { addGauges, type GaugeParts } from './gauges.js';
import { type Insights, openInsights } from './insights.js';
import { createInstruments } from './instruments.js';
import { ListAnswers } from './list-answers.js';
import { type OperationListener } from './operation-record.js';
import { type MetricsPage, openPrometheus } from './prometheus.js';

export interface Telemetry {
  /** To be told of operations. */
  readonly listeners: readonly OperationListener[];
  /** Whether records of operations should say how lists were made. */
  readonly wantsLists: boolean;
  /** Where the metrics are; null: nowhere. */
  readonly url: string | null;
  close(): Promise<void>;
}

export interface TelemetryParts extends GaugeParts {
  readonly config: Pick<Config, 'metricsPort' | 'metricsHost' | 'insights' | 'telemetrySample'>;
  readonly gateway: Gateway;
  readonly remoteCalls: RemoteCalls;
  /** Number of this process among those of a primary; null: it is the only one. */
  readonly worker: number | null;
  readonly logger: Logger;
}

/** What measures, and who is told beside the metrics. */
interface Opened {
  readonly meter: Meter;
  readonly insights: Insights | null;
  readonly page: MetricsPage | null;
  close(): Promise<void>;
}

const NOTHING: Telemetry = { listeners: [], wantsLists: false, url: null, close: () => Promise.resolve() };
/** Names of operations that are told apart. */
const NAMES = 200;

/** @throws ConfigError where it can't be told as the settings ask for */
export async function openTelemetry(parts: TelemetryParts): Promise<Telemetry> {
  const { gateway, remoteCalls } = parts;
  const nameOf = boundedNames(NAMES);
  const opened = await open(parts, nameOf);
  if (opened === null) return NOTHING;
  const { insights, meter } = opened;
  const instruments = createInstruments(meter, nameOf);
  const endGauges = addGauges(meter, parts);
  const answers = new ListAnswers({
    slateOf: async (id) => (await gateway.stored([id]))[0]!,
    itemOf: (itemId) => gateway.state.items.find(itemId),
    onAnswer: both(instruments.onAnswer, insights?.onAnswer),
    onUnattributed: instruments.onUnattributed,
  });
  gateway.onSlate = instruments.onSlate;
  gateway.onAppend = answers.offer;
  remoteCalls.listener = both(instruments.onCall, insights?.onCall);
  return {
    listeners: [instruments.onOperation, ...(insights === null ? [] : [insights.onOperation])],
    wantsLists: insights !== null,
    url: opened.page?.url ?? null,
    async close() {
      gateway.onSlate = gateway.onAppend = remoteCalls.listener = null;
      await answers.flush();
      endGauges();
      await opened.close();
    },
  };
}

/** Null where nothing is configured. */
async function open(parts: TelemetryParts, nameOf: NameOf): Promise<Opened | null> {
  const { config, gateway, worker, logger, clock } = parts;
  const { metricsPort, metricsHost: host, insights: connectionString, telemetrySample: sample } = config;
  if (metricsPort === null && connectionString === null) return null;
  const prometheus = metricsPort === null ? null : await openPrometheus();
  const readers = prometheus === null ? [] : [prometheus.reader];
  const snapshot = (): string | null => gateway.snapshot?.id ?? null;
  const insights =
    connectionString === null
      ? null
      : await openInsights({ connectionString, sample, readers, nameOf, snapshot, clock, logger });
  const { meter, close } = insights ?? (await ownMeter(readers));
  if (insights !== null) logger.info({ sample }, 'telemetry is sent to Application Insights');
  // Each of several processes has its own.
  const port = metricsPort === null || metricsPort === 0 ? 0 : metricsPort + (worker ?? 0);
  const page = prometheus === null ? null : await prometheus.serve({ port, host, logger });
  if (page !== null) logger.info({ url: page.url }, 'metrics are served');
  return {
    meter,
    insights,
    page,
    async close() {
      await page?.close();
      await close();
    },
  };
}

async function ownMeter(readers: IMetricReader[]): Promise<{ meter: Meter; close: () => Promise<void> }> {
  const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
  const provider = new MeterProvider({ readers });
  return { meter: provider.getMeter('recograph'), close: () => provider.shutdown() };
}

function both<Told>(one: (told: Told) => void, other: ((told: Told) => void) | undefined): (told: Told) => void {
  if (other === undefined) return one;
  return (told) => {
    one(told);
    other(told);
  };
}
