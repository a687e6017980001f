/**
 * Writes what is over as spans of OpenTelemetry: a request with its lists and their stages, or a call to another service. Stages run
 * one after another, so each begins where the one before it ended. No id of a user is among the attributes.
 */
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { type RemoteCall } from '../remote/guard.js';
import { type ListTrace } from './list-trace.js';
import { type OperationRecord } from './operation-record.js';
import { type TraceParent } from './trace-parent.js';

export interface ToldRequest {
  readonly record: Omit<OperationRecord, 'users' | 'callerUser'>;
  /** Bounded, unlike the record's. */
  readonly name: string;
  readonly parent: TraceParent | null;
  /** Id of the snapshot in use. */
  readonly snapshot: string | null;
  /** Part of its like that is told, 0 to 1. */
  readonly rate: number;
  /** Wall clock, ms. */
  readonly endedAt: number;
}

export interface ToldCall {
  readonly call: RemoteCall;
  readonly rate: number;
  readonly endedAt: number;
}

/** How the exporter is told how many one stands for: percent. */
const SAMPLE_RATE = 'microsoft.sample_rate';
const OK = { code: SpanStatusCode.OK };
const FAILED = { code: SpanStatusCode.ERROR };

export function writeRequest(tracer: Tracer, { record, name, parent, snapshot, rate, endedAt }: ToldRequest): void {
  const { requestId, type, phase, documentHash, outcome, codes, durationMs, status, lists } = record;
  const attributes = {
    [SAMPLE_RATE]: rate * 100,
    // Without a method the status is left out, and this is the word for one that is not told.
    ...(status !== null && { 'http.request.method': '_OTHER', 'http.response.status_code': status }),
    ...present({ type, phase, snapshot, outcome, document: documentHash, codes: codes.join(',') || null }),
    'recograph.request_id': requestId,
  };
  const options = { kind: SpanKind.SERVER, startTime: endedAt - durationMs, attributes };
  const span = tracer.startSpan(name, options, contextOf(parent));
  span.setStatus(outcome === 'ok' ? OK : FAILED);
  for (const list of lists ?? []) writeList(tracer, trace.setSpan(ROOT_CONTEXT, span), list, rate);
  span.end(endedAt);
}

export function writeCall(tracer: Tracer, { call, rate, endedAt }: ToldCall): void {
  const { service, durationMs, outcome } = call;
  const attributes = {
    [SAMPLE_RATE]: rate * 100,
    // What the exporter reads the kind of a dependency off.
    'db.system': service === 'Redis' ? 'redis' : service,
    'peer.service': service,
    ...present({ outcome }),
  };
  const span = tracer.startSpan(
    service,
    { kind: SpanKind.CLIENT, startTime: endedAt - durationMs, attributes },
    ROOT_CONTEXT,
  );
  span.setStatus(outcome === 'ok' ? OK : FAILED);
  span.end(endedAt);
}

function writeList(tracer: Tracer, parent: Context, list: ListTrace, rate: number): void {
  const { scenario, segment, snapshot, stages, degradations, totalMs, endedAt } = list;
  const startedAt = endedAt - totalMs;
  const child = (name: string, within: Context, startTime: number, more: Attributes): Span =>
    tracer.startSpan(name, { startTime, attributes: { [SAMPLE_RATE]: rate * 100, ...more } }, within);
  const span = child('list', parent, startedAt, present({ scenario, segment, snapshot }));
  const within = trace.setSpan(ROOT_CONTEXT, span);
  let at = startedAt;
  for (const { stage, durationMs, candidatesIn, candidatesOut } of stages) {
    const degradation = degradations.find((one) => one.stage === stage)?.code ?? null;
    const told = child(
      stage,
      within,
      at,
      present({ candidates_in: candidatesIn, candidates_out: candidatesOut, degradation }),
    );
    told.setStatus(degradation === null ? OK : FAILED);
    told.end((at += durationMs));
  }
  for (const { stage, code } of degradations) {
    if (stages.some((one) => one.stage === stage)) continue;
    const told = child(stage, within, at, present({ degradation: code }));
    told.setStatus(FAILED);
    told.end(at);
  }
  span.setStatus(degradations.length === 0 ? OK : FAILED);
  span.end(endedAt);
}

function contextOf(parent: TraceParent | null): Context {
  if (parent === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

/** Attributes under our own names, without those that are null. */
function present(values: Readonly<Record<string, string | number | null>>): Attributes {
  const told = Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== null);
  return Object.fromEntries(told.map(([name, value]) => [`recograph.${name}`, value]));
}
