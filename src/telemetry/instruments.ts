/**
 * What operations and lists add to the metrics. Labels are few and bounded: names of operations (200), outcomes, stages, codes. Label
 * objects are made once, for they are on the path of every request.
 */
import { type Attributes, type Meter } from '@opentelemetry/api';
import { type Slate } from '../engine/slate.js';
import { boundedNames } from './bounded-names.js';
import { type OperationListener } from './operation-record.js';

export interface Instruments {
  readonly onOperation: OperationListener;
  readonly onSlate: (slate: Slate) => void;
}

const NAMES = 200;
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const STAGE_SECONDS = [0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05];
const CANDIDATES = [0, 10, 50, 100, 200, 300, 500, 1_000, 2_000];

export function createInstruments(meter: Meter): Instruments {
  const histogram = (name: string, description: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(name, { description, advice: { explicitBucketBoundaries } });
  const requests = meter.createCounter('recograph_requests', { description: 'operations by name and whose fault' });
  const refusals = meter.createCounter('recograph_error_codes', { description: 'operations by code of their errors' });
  const durations = histogram('recograph_request_duration_seconds', 'operations by name', REQUEST_SECONDS);
  const stageTimes = histogram('recograph_stage_duration_seconds', 'time of one stage for one list', STAGE_SECONDS);
  const candidates = histogram('recograph_stage_candidates', 'candidates that one stage left for one list', CANDIDATES);
  const degradations = meter.createCounter('recograph_degradations', {
    description: 'stages that failed or were cut short, and lists that could not be kept',
  });
  const lists = meter.createCounter('recograph_lists', { description: 'lists made, by segment' });
  const nameOf = boundedNames(NAMES);
  const operationLabels = labels((operation) => ({ operation }));
  const stageLabels = labels((stage) => ({ stage }));
  return {
    onOperation({ name, phase, outcome, codes, durationMs }) {
      for (const code of codes) refusals.add(1, { code });
      // It was counted when it was opened.
      if (phase === 'ended') return;
      const operation = nameOf(name, outcome === 'ok');
      requests.add(1, { operation, outcome });
      durations.record(durationMs / 1_000, operationLabels(operation));
    },
    onSlate({ segment, degradations: found, trace }) {
      lists.add(1, { segment });
      for (const { stage, durationMs, candidatesOut } of trace.stages) {
        const label = stageLabels(stage);
        stageTimes.record(durationMs / 1_000, label);
        candidates.record(candidatesOut, label);
      }
      for (const { stage, code } of found) degradations.add(1, { stage, code });
    },
  };
}

function labels(make: (value: string) => Attributes): (value: string) => Attributes {
  const made = new Map<string, Attributes>();
  return (value) => {
    let attributes = made.get(value);
    if (attributes === undefined) made.set(value, (attributes = make(value)));
    return attributes;
  };
}
