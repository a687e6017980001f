import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { type Slate } from '../../src/engine/slate.js';
import { boundedNames } from '../../src/telemetry/bounded-names.js';
import { createInstruments } from '../../src/telemetry/instruments.js';
import { type OperationRecord } from '../../src/telemetry/operation-record.js';

it('counts degradations by stage and code', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  const { onSlate } = createInstruments(provider.getMeter('test'), boundedNames(9));
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

it('counts a subscription when it opens, and of its end the codes alone', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  const { onOperation } = createInstruments(provider.getMeter('test'), boundedNames(9));
  const record = { name: 'Updates', outcome: 'ok', codes: [], durationMs: 1 } as unknown as OperationRecord;
  onOperation({ ...record, phase: 'opened' });
  onOperation({ ...record, phase: 'ended', outcome: 'ours', codes: ['INTERNAL'], durationMs: 3_600_000 });
  await provider.forceFlush();
  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const pointsOf = (name: string): unknown[] =>
    metrics
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => [attributes, value]));
  expect(pointsOf('recograph_requests')).toEqual([[{ operation: 'Updates', outcome: 'ok' }, 1]]);
  expect(pointsOf('recograph_error_codes')).toEqual([[{ code: 'INTERNAL' }, 1]]);
  expect(pointsOf('recograph_request_duration_seconds')).toMatchObject([[{ operation: 'Updates' }, { count: 1 }]]);
  await provider.shutdown();
});
