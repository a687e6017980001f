/**
 * Tells the listeners of requests to GraphQL's routes that were refused before they became an operation: a body that is no JSON, a
 * caller who may not, too many requests. What was refused is read off the answer, whoever refused it.
 */
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type OperationListener, type Verdict, verdictOf } from './operation-record.js';
import { traceparentOf } from './trace-parent.js';
import { type Trail } from './trail.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request leaves behind; null until its context is made. */
    trail: Trail | null;
    /** When its head was read, ms, monotonic. */
    receivedAt: number;
  }
}

const NOBODY: ReadonlySet<string> = new Set();

/** Tells of one refused request, and the status that it was answered with; null: not by HTTP. */
export type TellRefusal = (request: FastifyRequest, verdict: Verdict, status: number | null) => void;

/** @param routes that are watched, as they were declared: an address may be spelt in many ways */
export function recordRefusals(
  app: FastifyInstance,
  routes: ReadonlySet<string>,
  listeners: readonly OperationListener[],
): TellRefusal {
  app.decorateRequest('trail', null);
  app.decorateRequest('receivedAt', 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.receivedAt = performance.now();
    done();
  });
  const tell: TellRefusal = (request, verdict, status) => {
    if (request.trail !== null) request.trail.recorded++;
    const record = {
      requestId: request.id,
      caller: null,
      callerUser: null,
      name: null,
      type: null,
      phase: null,
      documentHash: null,
      ...verdict,
      durationMs: performance.now() - request.receivedAt,
      users: NOBODY,
      status,
      traceparent: traceparentOf(request),
      lists: null,
    };
    for (const listener of listeners) listener(record);
  };
  app.addHook('onSend', (request, reply, payload, done) => {
    const isRefused = reply.statusCode >= 400 && (request.trail?.recorded ?? 0) === 0;
    if (isRefused && routes.has(request.routeOptions.url ?? '')) {
      tell(request, verdictOfAnswer(payload, reply.statusCode), reply.statusCode);
    }
    done(null, payload);
  });
  return tell;
}

/** @param payload what a client is sent: what it says of errors counts, else the status */
export function verdictOfAnswer(payload: unknown, status: number): Verdict {
  const unnamed: Verdict = { outcome: status >= 500 ? 'ours' : 'caller', codes: [`HTTP_${status}`] };
  if (typeof payload !== 'string') return unnamed;
  try {
    const { errors } = JSON.parse(payload) as { errors?: { extensions?: { code?: unknown } }[] };
    return errors === undefined || errors.length === 0 ? unnamed : verdictOf(errors);
  } catch {
    return unnamed;
  }
}
