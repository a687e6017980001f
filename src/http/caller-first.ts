/** Who sends a body is known before it is read: strangers cost a look at the head of their request, however much they send. */
import { type FastifyInstance, type FastifyRequest, type onRequestAsyncHookHandler } from 'fastify';
import { type Caller } from '../identity/caller.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; null where nobody has asked yet. */
    caller: Caller | null;
  }
}

/** Who sends the request. @throws ApiError where that can't be told, or nothing is taken from them now */
export type CallerOf = (request: FastifyRequest) => Promise<Caller>;

/** @returns a hook of routes that take operations in bodies; it throws what `callerOf` does */
export function callerFirst(app: FastifyInstance, callerOf: CallerOf): onRequestAsyncHookHandler {
  app.decorateRequest('caller', null);
  return async (request) => {
    // A WebSocket begins as a GET, and says who it is after.
    if (request.method === 'POST') request.caller = await callerOf(request);
  };
}
