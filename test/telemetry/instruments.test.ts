import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { type Slate } from '../../src/engine/slate.js';
import { createInstruments } from '../../src/telemetry/instruments.js';

it('counts degradations by stage and code', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  const { onSlate } = createInstruments(provider.getMeter('test'));
  const failed = { stage: 'ALS', code: 'STAGE_FAILED', message: 'no factors', instead: null };
  const cut = { stage: 'ALS', code: 'BUDGET_EXCEEDED', message: 'too slow', instead: null };
  const slate = { segment: 'WARM', degradations: [failed, cut], trace: { stages: [] } } as unknown as Slate;
  onSlate(slate);
  onSlate({ ...slate, degradations: [failed] } as Slate);
  await provider.forceFlush();
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const counts = metrics.find(({ descriptor }) => descriptor.name === 'recograph_degradations')!.dataPoints;
  expect(counts.map(({ attributes, value }) => [attributes, value])).toEqual([
    [{ stage: 'ALS', code: 'STAGE_FAILED' }, 2],
    [{ stage: 'ALS', code: 'BUDGET_EXCEEDED' }, 1],
  ]);
  await provider.shutdown();
});
