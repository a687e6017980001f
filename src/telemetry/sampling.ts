/**
 * Which requests and calls are told of in full: a part of those that went well, all others. Of a trace that began elsewhere the
 * same part is told as there, where that too is told to Application Insights at this rate: its score is that of their SDKs.
 */
import { type TraceParent } from './trace-parent.js';

/** @param rate part that is told, 0 to 1 */
export function createSampling(rate: number, random: () => number): (trace: TraceParent | null) => boolean {
  return (trace) => (trace === null ? random() : scoreOf(trace.traceId)) < rate;
}

const HIGHEST = 2 ** 31 - 1;

/** From 0 to 1, as getSamplingHashCode of @azure/monitor-opentelemetry-exporter has it. */
export function scoreOf(traceId: string): number {
  let hash = 5_381;
  for (let at = 0; at < traceId.length; at++) hash = ((((hash << 5) + hash) | 0) + traceId.charCodeAt(at)) | 0;
  return (hash === -(2 ** 31) ? HIGHEST : Math.abs(hash)) / HIGHEST;
}
