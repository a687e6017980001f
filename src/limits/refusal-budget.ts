/**
 * How many requests of a client may be refused for what they are within a minute: JSON that is none, documents that do not fit or
 * are too long, too deep, too costly. To find that out is most of the work of an answer, and nobody learns from the thousandth. Beyond
 * it the client's requests are refused by their heads, for the rest of the minute. A long body counts as several, for to read and
 * parse a megabyte takes as long as fifty small ones.
 */
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ApiError, ERRORS, type ErrorCode } from '../../resolvers/errors.js';
import { type OperationHooks } from '../graphql/operation-hooks.js';
import { type Caller, hasAny } from '../identity/caller.js';
import { TRUSTED } from '../identity/limit-key.js';
import { type Count, type Counters } from './counters.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose refusals are counted; null: nobody's. */
    refusalKey: string | null;
  }
}

export interface RefusalBudget {
  /** @throws ApiError RATE_LIMITED where the caller has none left */
  demand(request: FastifyRequest, caller: Caller, limitKey: string): void;
  readonly hooks: OperationHooks;
}

const WINDOW_MS = 60_000;
/** For each so many bytes of its body a request counts once more. */
const LONG_BODY_BYTES = 16_384;
/** Clients beyond their budget that are remembered before those whose minute is over are looked for. */
const MANY = 1_000;
const TOO_LARGE = 413;
const REFUSED: ReadonlySet<number> = new Set([400, TOO_LARGE, 415]);
/** What is in order, or counted already. */
const EXCEPT: ReadonlySet<ErrorCode> = new Set(['PERSISTED_QUERY_NOT_FOUND', 'RATE_LIMITED', 'QUOTA_EXCEEDED']);

/** @param most refused requests a minute, of each client */
export function refusalBudget(app: FastifyInstance, most: number, counters: Counters): RefusalBudget {
  /** When they may ask again, ms, monotonic. */
  const over = new Map<string, number>();
  const look = (key: string, { value, endsInMs }: Count): void => {
    if (value < most) return;
    const now = performance.now();
    if (over.size >= MANY) for (const [other, until] of over) if (until <= now) over.delete(other);
    over.set(key, now + endsInMs);
  };
  const count = (key: string, bodyBytes: number): void => {
    const counted = counters.add(`refused ${key}`, 1 + Math.floor(bodyBytes / LONG_BODY_BYTES), WINDOW_MS);
    // What can't be counted is not held against anybody.
    if (counted instanceof Promise) counted.then((later) => look(key, later)).catch(() => undefined);
    else look(key, counted);
  };
  app.decorateRequest('refusalKey', null);
  app.addHook('onSend', (request, reply, payload, done) => {
    const isOperation = request.trail?.isOperation === true;
    if (!isOperation && request.refusalKey !== null && REFUSED.has(reply.statusCode)) {
      count(request.refusalKey, bytesRead(request, reply.statusCode, app.initialConfig.bodyLimit ?? 0));
    }
    done(null, payload);
  });
  return {
    demand(request, caller, limitKey) {
      // A back-end with one bad query among its good ones must not lose them all.
      if (hasAny(caller, TRUSTED)) return;
      const waitMs = (over.get(limitKey) ?? 0) - performance.now();
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1_000);
        throw new ApiError('RATE_LIMITED', `${most} requests that must be refused are allowed in a minute`, seconds);
      }
      request.refusalKey = limitKey;
    },
    hooks: {
      willSendResponse({ contextValue: { caller, limitKey, trail }, response: { body } }) {
        trail.isOperation = true;
        if (body.kind !== 'single' || body.singleResult.data !== undefined || hasAny(caller, TRUSTED)) return;
        const codes = body.singleResult.errors?.map(({ extensions }) => extensions?.['code'] as ErrorCode) ?? [];
        if (codes.some((code) => ERRORS[code]?.fault === 'caller' && !EXCEPT.has(code))) {
          count(limitKey, trail.bodyBytes);
          // Once for all operations of a batch.
          trail.bodyBytes = 0;
        }
      },
    },
  };
}

/** Of a body that was refused with the status; one of no type that is parsed was read too. */
function bytesRead({ bodyBytes, headers }: FastifyRequest, status: number, most: number): number {
  const declared = headers['content-length'];
  // Refused by its head, or read up to the limit where that says no length.
  if (status === TOO_LARGE) return declared === undefined ? most : 0;
  return bodyBytes > 0 ? bodyBytes : Number(declared ?? 0);
}
