/**
 * What operations, lists, what came of them and calls to other services add to the metrics. Labels are few and bounded: names of
 * operations (200), outcomes, stages, scenarios, codes. Label objects are made once where they are on the path of every request.
 */
import { type Attributes, type Meter } from '@opentelemetry/api';
import { type Slate } from '../engine/slate.js';
import { type CallListener } from '../remote/guard.js';
import { type NameOf } from './bounded-names.js';
import { type ListAnswer, type Unattributed } from './list-answers.js';
import { type OperationListener } from './operation-record.js';

export interface Instruments {
  readonly onOperation: OperationListener;
  readonly onSlate: (slate: Slate) => void;
  readonly onCall: CallListener;
  readonly onAnswer: (answer: ListAnswer) => void;
  readonly onUnattributed: (reason: Unattributed) => void;
}

/** In place of a stage: each interaction once, however many stages found its item. */
const ANY_STAGE = 'ANY';
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const STAGE_SECONDS = [0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05];
const CALL_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const CANDIDATES = [0, 10, 50, 100, 200, 300, 500, 1_000, 2_000];

/** @param nameOf a bounded name of an operation */
export function createInstruments(meter: Meter, nameOf: NameOf): Instruments {
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
  const calls = histogram('recograph_remote_call_duration_seconds', 'calls to other services', CALL_SECONDS);
  const impressions = meter.createCounter('recograph_list_impressions', {
    description: 'items of lists that were seen, by the stages that found them',
  });
  const clicks = meter.createCounter('recograph_list_clicks', {
    description: 'items of lists that were clicked, by the stages that found them',
  });
  const unattributed = meter.createCounter('recograph_unattributed_interactions', {
    description: 'interactions that name a list and can’t be tied to it',
  });
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
    onCall({ service, durationMs, outcome }) {
      calls.record(durationMs / 1_000, { service, outcome });
    },
    onAnswer({ type, scenario, count, stages }) {
      const counter = type === 'IMPRESSION' ? impressions : type === 'CLICK' ? clicks : null;
      counter?.add(count, { stage: ANY_STAGE, scenario });
      for (const [stage, found] of stages) counter?.add(found, { stage, scenario });
    },
    onUnattributed: (reason) => unattributed.add(1, { reason }),
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
