/**
 * Tells Application Insights of requests, calls to other services and what came of lists. Nobody waits for it: what is to be told
 * waits in bounded queues and is written as the collector takes it; what is too much, or is not taken, is lost and counted.
 */
import { type Meter } from '@opentelemetry/api';
import { setTimeout } from 'node:timers/promises';
import { type CallListener } from '../remote/guard.js';
import { type NameOf } from './bounded-names.js';
import { openInsightsClient, type InsightsClientParts, type InsightsEvent } from './insights-client.js';
import { type ListAnswer } from './list-answers.js';
import { type OperationListener } from './operation-record.js';
import { Outbox } from './outbox.js';
import { type ToldCall, type ToldRequest, writeCall, writeRequest } from './request-spans.js';
import { createSampling } from './sampling.js';
import { traceParent } from './trace-parent.js';

export interface Insights {
  readonly meter: Meter;
  readonly onOperation: OperationListener;
  readonly onCall: CallListener;
  readonly onAnswer: (answer: ListAnswer) => void;
  /** Sends what waits, for 3 s at most. */
  close(): Promise<void>;
}

export interface InsightsParts extends InsightsClientParts {
  /** Part of the requests and calls that went well that is told, 0 to 1. */
  readonly sample: number;
  /** A bounded name of the operation. */
  readonly nameOf: NameOf;
  /** Id of the snapshot in use. */
  readonly snapshot: () => string | null;
  /** Wall clock, ms. */
  readonly clock: () => number;
}

/** How long a drain waits for the collector, ms. */
const CLOSE_MS = 3_000;
const EVERY_MS = 250;
/** Requests and calls written together: with their stages about 12 spans each, which take some milliseconds. */
const SPANS_AT_ONCE = 25;
const EVENTS_AT_ONCE = 100;
const WAITING = 2_000;

/** @throws ConfigError where the package is not installed */
export async function openInsights({ sample, nameOf, snapshot, clock, ...parts }: InsightsParts): Promise<Insights> {
  const { meter, tracer, watch, send, close } = await openInsightsClient(parts);
  const isTold = createSampling(sample, Math.random);
  const outbox = <Item>(atOnce: number, write: (item: Item) => void): Outbox<Item> =>
    new Outbox<Item>({
      most: WAITING,
      afterMs: EVERY_MS,
      atOnce,
      async deliver(items) {
        // So the exporter's own queues, which drop without a word, never fill.
        await watch.idle();
        items.forEach(write);
      },
    });
  const spans = outbox<() => void>(SPANS_AT_ONCE, (write) => write());
  const events = outbox<InsightsEvent>(EVENTS_AT_ONCE, send);
  meter
    .createObservableCounter('recograph_telemetry_lost', {
      description: 'items of telemetry that were too many or that Application Insights did not take',
    })
    .addCallback((result) => {
      result.observe(spans.dropped + events.dropped, { reason: 'queue_full' });
      result.observe(watch.lost, { reason: 'not_taken' });
    });
  return {
    meter,
    onOperation(record) {
      const { outcome, lists, traceparent } = record;
      const parent = traceParent(traceparent);
      const isFine =
        outcome === 'ok' && (lists === null || lists.every(({ degradations }) => degradations.length === 0));
      if (isFine && !isTold(parent)) return;
      const name = nameOf(record.name, outcome === 'ok');
      const rate = isFine ? sample : 1;
      const told: ToldRequest = { record, name, parent, snapshot: snapshot(), rate, endedAt: clock() };
      spans.offer(() => writeRequest(tracer, told));
    },
    onCall(call) {
      const isFine = call.outcome === 'ok' || call.outcome === 'wrong';
      if (isFine && !isTold(null)) return;
      const told: ToldCall = { call, rate: isFine ? sample : 1, endedAt: clock() };
      spans.offer(() => writeCall(tracer, told));
    },
    onAnswer: (answer) => void events.offer(eventOf(answer)),
    async close() {
      const finish = async (): Promise<void> => {
        await Promise.all([spans.flush(), events.flush()]);
        await close();
      };
      await Promise.race([finish(), setTimeout(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/** Such as ListClick or ListAddToCart. `items` of it are what one event stands for. */
function eventOf({
  type,
  recommendationId,
  scenario,
  segment,
  snapshot,
  count,
  rank,
  stages,
}: ListAnswer): InsightsEvent {
  const words = type.split('_').map((word) => word[0]! + word.slice(1).toLowerCase());
  return {
    name: `List${words.join('')}`,
    properties: { recommendationId, scenario, segment, ...(snapshot !== null && { snapshot }) },
    measurements: { items: count, ...(count === 1 && { rank }), ...Object.fromEntries(stages) },
  };
}
