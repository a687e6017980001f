/**
 * The client of Application Insights: providers of OpenTelemetry whose spans, events and metrics it sends. Nothing is instrumented
 * behind our back: no module is patched, no exception caught, nothing sent but what it is told. Its package is loaded here
 * alone, and only for those who configured it, for it takes about a second of the CPU and 45 MB.
 */
import { context, diag, DiagLogLevel, type Meter, metrics, trace, type Tracer } from '@opentelemetry/api';
import { type IMetricReader } from '@opentelemetry/sdk-metrics';
import { type TelemetryClient } from 'applicationinsights';
import { type Logger } from 'pino';
import { ConfigError } from '../config.js';
import { CollectorWatch } from './collector-watch.js';

export interface InsightsEvent {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly measurements: Readonly<Record<string, number>>;
}

export interface InsightsClient {
  readonly meter: Meter;
  readonly tracer: Tracer;
  readonly watch: CollectorWatch;
  send(event: InsightsEvent): void;
  /** Sends what is not sent yet; nothing is sent any more. */
  close(): Promise<void>;
}

export interface InsightsClientParts {
  readonly connectionString: string;
  /** Others that read the same metrics. */
  readonly readers: readonly IMetricReader[];
  readonly logger: Logger;
}

type Options = TelemetryClient['config']['azureMonitorOpenTelemetryOptions'];
type Policy = NonNullable<
  NonNullable<NonNullable<Options['azureMonitorExporterOptions']>['additionalPolicies']>[number]
>['policy'];

const NAME = 'recograph';
const OFF = { enabled: false };
const NO_MODULES = { http: OFF, azureSdk: OFF, mongoDb: OFF, mySql: OFF, postgreSql: OFF, redis: OFF, redis4: OFF };
const NO_LOGS = { bunyan: OFF, winston: OFF };

/** @throws ConfigError where the package is not installed */
export async function openInsightsClient({
  connectionString,
  readers,
  logger,
}: InsightsClientParts): Promise<InsightsClient> {
  const { TelemetryClient } = await load();
  const watch = new CollectorWatch(logger);
  const policy: Policy = { name: NAME, sendRequest: (request, next) => watch.send(request, next) };
  const client = new TelemetryClient(connectionString);
  client.config.azureMonitorOpenTelemetryOptions = {
    azureMonitorExporterOptions: {
      connectionString,
      // What is not taken is counted: files of it would fill a disk.
      disableOfflineStorage: true,
      retryOptions: { maxRetries: 1 },
      additionalPolicies: [{ policy, position: 'perCall' }],
    },
    // What is told has been chosen before it comes here.
    tracesPerSecond: 0,
    samplingRatio: 1,
    enableAutoCollectExceptions: false,
    enableAutoCollectPerformance: false,
    enablePerformanceCounters: false,
    enableStandardMetrics: false,
    enableLiveMetrics: false,
    instrumentationOptions: { ...NO_MODULES, ...NO_LOGS },
    // Of another copy of the package than its own, and the same to it.
    metricReaders: [...readers] as unknown as NonNullable<Options['metricReaders']>,
  };
  client.initialize();
  // It would follow every promise of the process, and nothing here asks where it came from.
  context.disable();
  const quietly = (message: string): void => logger.debug({ message }, 'the exporter of telemetry says');
  const said = { error: quietly, warn: quietly, info: quietly, debug: quietly, verbose: quietly };
  diag.setLogger(said, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return {
    meter: metrics.getMeter(NAME),
    tracer: trace.getTracer(NAME),
    watch,
    send: (event) => client.trackEvent({ ...event }),
    close: () => client.shutdown(),
  };
}

async function load(): Promise<typeof import('applicationinsights')> {
  try {
    return await import('applicationinsights');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigError(
      'APPLICATIONINSIGHTS_CONNECTION_STRING: the package is not installed; npm install applicationinsights@3.16.0',
    );
  }
}
