import { createSampling, scoreOf } from '../../src/telemetry/sampling.js';

const traces = Array.from({ length: 5_000 }, (_, at) => (at * 2_654_435_761).toString(16).padStart(32, 'a5'));
const parentOf = (traceId: string) => ({ traceId, spanId: 'b7ad6b7169203331' });

it('tells of about the part that it is given, and of one trace always the same', () => {
  const isTold = createSampling(0.1, () => 0);
  const told = traces.filter((id) => isTold(parentOf(id)));
  expect(told.length / traces.length).toBeGreaterThan(0.07);
  expect(told.length / traces.length).toBeLessThan(0.13);
  expect(traces.filter((id) => isTold(parentOf(id)))).toEqual(told);
});

it('tells at a higher rate of all that it tells of at a lower one', () => {
  const [some, more] = [createSampling(0.1, () => 0), createSampling(0.5, () => 0)];
  expect(traces.filter((id) => some(parentOf(id)) && !more(parentOf(id)))).toEqual([]);
});

it('scores a trace as the SDKs of Application Insights do', () => {
  const file = 'node_modules/@azure/monitor-opentelemetry-exporter/dist/commonjs/sampling/samplingUtils.js';
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it is not exported
  const { getSamplingHashCode } = require(`../../${file}`) as { getSamplingHashCode: (id: string) => number };
  for (const id of traces) expect(scoreOf(id) * 100).toBeCloseTo(getSamplingHashCode(id), 9);
});

it('draws where the trace begins here; 0 tells of nothing and 1 of everything', () => {
  expect(createSampling(0.1, () => 0.05)(null)).toBe(true);
  expect(createSampling(0.1, () => 0.1)(null)).toBe(false);
  expect(createSampling(0, () => 0)(null)).toBe(false);
  expect(createSampling(1, () => 0.999_999)(null)).toBe(true);
});
