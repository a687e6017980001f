/** Who sends a body is known before it is read: strangers cost a look at the head of their request, however much they send. */
import { type FastifyInstance, type onRequestAsyncHookHandler } from 'fastify';
import { type Authenticator } from '../identity/authenticator.js';
import { type Caller } from '../identity/caller.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; null where nobody has asked yet. */
    caller: Caller | null;
  }
}

/** @returns a hook of routes that take operations in bodies; it throws ApiError UNAUTHENTICATED, FOREIGN_HOST */
export function callerFirst(app: FastifyInstance, authenticator: Authenticator): onRequestAsyncHookHandler {
  app.decorateRequest('caller', null);
  return async (request) => {
    // A WebSocket begins as a GET, and says who it is after.
    if (request.method === 'POST') request.caller = await authenticator.callerOf(request.headers);
  };
}
