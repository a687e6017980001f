/**
 * How many requests of a client may be refused for what they are within a minute: JSON that is none, documents that do not fit or
 * are too long, too deep, too costly. To find that out is most of the work of an answer, and nobody learns from the thousandth. Beyond
 * it the client's requests are refused by their heads, for the rest of the minute.
 */
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ApiError, ERRORS, type ErrorCode } from '../../resolvers/errors.js';
import { type OperationHooks } from '../graphql/operation-hooks.js';
import { type Caller, hasAny } from '../identity/caller.js';
import { TRUSTED } from '../identity/limit-key.js';
import { type LmdbCounters } from './lmdb-counters.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose refusals are counted; null: nobody's. */
    refusalKey: string | null;
  }
}

export interface RefusalBudgetOptions {
  /** Refused requests a minute, of each client. */
  readonly most: number;
  readonly counters: LmdbCounters;
  /** ms */
  readonly clock: () => number;
}

export interface RefusalBudget {
  /** @throws ApiError RATE_LIMITED where the caller has none left */
  demand(request: FastifyRequest, caller: Caller, limitKey: string): void;
  readonly hooks: OperationHooks;
}

const WINDOW_MS = 60_000;
/** Clients beyond their budget that are remembered before those whose minute is over are looked for. */
const MANY = 1_000;
const REFUSED: ReadonlySet<number> = new Set([400, 413, 415]);
/** What is in order, or counted already. */
const EXCEPT: ReadonlySet<ErrorCode> = new Set(['PERSISTED_QUERY_NOT_FOUND', 'RATE_LIMITED', 'QUOTA_EXCEEDED']);

export function refusalBudget(app: FastifyInstance, { most, counters, clock }: RefusalBudgetOptions): RefusalBudget {
  /** When they may ask again, ms. */
  const over = new Map<string, number>();
  const count = (key: string): void => {
    const { value, endsAt } = counters.add(`refused ${key}`, 1, WINDOW_MS);
    if (value < most) return;
    if (over.size >= MANY) for (const [other, until] of over) if (until <= clock()) over.delete(other);
    over.set(key, endsAt);
  };
  app.decorateRequest('refusalKey', null);
  app.addHook('onSend', (request, reply, payload, done) => {
    const isOperation = (request.trail?.recorded ?? 0) > 0;
    if (!isOperation && request.refusalKey !== null && REFUSED.has(reply.statusCode)) count(request.refusalKey);
    done(null, payload);
  });
  return {
    demand(request, caller, limitKey) {
      // A back-end with one bad query among its good ones must not lose them all.
      if (hasAny(caller, TRUSTED)) return;
      const until = over.get(limitKey);
      if (until !== undefined && until > clock()) {
        const seconds = Math.ceil((until - clock()) / 1_000);
        throw new ApiError('RATE_LIMITED', `${most} requests that must be refused are allowed in a minute`, seconds);
      }
      request.refusalKey = limitKey;
    },
    hooks: {
      willSendResponse({ contextValue: { caller, limitKey }, response: { body } }) {
        if (body.kind !== 'single' || body.singleResult.data !== undefined || hasAny(caller, TRUSTED)) return;
        const codes = body.singleResult.errors?.map(({ extensions }) => extensions?.['code'] as ErrorCode) ?? [];
        if (codes.some((code) => ERRORS[code]?.fault === 'caller' && !EXCEPT.has(code))) count(limitKey);
      },
    },
  };
}
