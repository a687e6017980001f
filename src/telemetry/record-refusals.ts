/**
 * Tells the listeners of requests to GraphQL's routes that were refused before they became an operation: a body that is no JSON, a
 * caller who may not, too many requests. What was refused is read off the answer, whoever refused it.
 */
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type OperationListener, type Verdict, verdictOf } from './operation-record.js';
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

/** @param routes beginnings of the paths that are watched */
export function recordRefusals(
  app: FastifyInstance,
  routes: readonly string[],
  listeners: readonly OperationListener[],
): void {
  app.decorateRequest('trail', null);
  app.decorateRequest('receivedAt', 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.receivedAt = performance.now();
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode >= 400 && (request.trail?.recorded ?? 0) === 0 && isWatched(request, routes)) {
      const record = {
        requestId: request.id,
        caller: null,
        name: null,
        type: null,
        documentHash: null,
        ...verdictOfAnswer(payload, reply.statusCode),
        durationMs: performance.now() - request.receivedAt,
        users: NOBODY,
      };
      for (const listener of listeners) listener(record);
    }
    done(null, payload);
  });
}

function isWatched({ url }: FastifyRequest, routes: readonly string[]): boolean {
  return routes.some((route) => url.startsWith(route));
}

function verdictOfAnswer(payload: unknown, status: number): Verdict {
  const unnamed: Verdict = { outcome: status >= 500 ? 'ours' : 'caller', codes: [`HTTP_${status}`] };
  if (typeof payload !== 'string') return unnamed;
  try {
    const { errors } = JSON.parse(payload) as { errors?: { extensions?: { code?: unknown } }[] };
    return errors === undefined || errors.length === 0 ? unnamed : verdictOf(errors);
  } catch {
    return unnamed;
  }
}
