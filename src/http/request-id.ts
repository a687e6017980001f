/**
 * Every request has an id, in its answer's `x-request-id` and in every line of the log that it causes. A client or proxy may
 * give one of 1 to 128 letters, digits and `. _ : = + / -`; any other is replaced by a UUID.
 */
import { randomUUID } from 'node:crypto';
import { type FastifyInstance } from 'fastify';

export const REQUEST_ID_HEADER = 'x-request-id';
const SAFE = /^[\w.:=+/-]{1,128}$/;

/** What fastify makes the id of a request with. */
export function requestIdOf({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && SAFE.test(given) ? given : randomUUID();
}

export function echoRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
}
