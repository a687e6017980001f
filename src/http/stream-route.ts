/**
 * GET and POST /graphql/stream: one subscription a request, its values as server-sent events (the distinct connections mode of
 * graphql-sse). A value is made when the one before has left, so nothing piles up for a slow reader.
 */
import { type ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import { ApiError, ERRORS, type ErrorCode } from '../../resolvers/errors.js';
import { type Values } from '../subscriptions/subscribe.js';
import { verdictOfAnswer } from '../telemetry/record-refusals.js';
import { demandOrigin } from './origin-rule.js';
import { refusedSubscription } from './refused-subscription.js';
import { subscribeFor, type SubscriptionParts } from './subscription-parts.js';

/** A reader who takes nothing for so long is cut off, ms; there is a sign of life every 12 s. */
const STALLED_MS = 60_000;

export function streamRoute(app: FastifyInstance, path: string, parts: SubscriptionParts): void {
  const { contextOf, connections, origins, tellRefusal } = parts;
  const running = new WeakMap<FastifyRequest, Values>();
  const handler = createHandler({
    // No stream is ever reserved for several operations, so none has a name.
    authenticate: () => '',
    async onSubscribe({ raw, context: { reply } }, payload) {
      const opened = await subscribeFor(parts, raw, {
        operation: payload,
        ready: () => taken(reply.raw),
      }).catch((error: unknown) => ({ errors: [refusedSubscription(parts, raw, error)] }));
      if (!('errors' in opened)) {
        running.set(raw, opened.values);
        // Their errors are formatted, and go out as they are.
        return opened.values as never;
      }
      return [
        JSON.stringify(opened),
        { status: statusOf(opened.errors), statusText: 'Refused', headers: { 'content-type': 'application/json' } },
      ];
    },
  });
  app.route({
    method: ['GET', 'POST'],
    url: path,
    exposeHeadRoute: false,
    // Before the body is read; who asks is told anew for each value.
    onRequest: async (request) => void (await contextOf(request)),
    async handler(request, reply) {
      demandOrigin(request.headers, origins);
      if (request.headers.accept !== 'text/event-stream') {
        throw new ApiError('NOT_ACCEPTABLE', 'send "accept: text/event-stream"');
      }
      const { raw } = reply;
      const context = await contextOf(request);
      // It has gone meanwhile, and would never leave.
      if (raw.destroyed) return reply.hijack();
      const connection = {
        end: () => void running.get(request)?.return(),
        cut: () => raw.destroy(),
      };
      connections.enter(connection, context.limitKey);
      raw.once('close', () => {
        connections.leave(connection);
        connection.end();
      });
      await streamTo(request, reply, handler);
      // What the handler itself refuses passes no hook.
      if (raw.statusCode >= 400 && request.trail?.recorded === 0) {
        tellRefusal(request, verdictOfAnswer(null, raw.statusCode), raw.statusCode);
      }
    },
  });
}

async function streamTo(
  request: FastifyRequest,
  reply: FastifyReply,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): Promise<void> {
  reply.hijack();
  request.raw.socket.setTimeout(STALLED_MS, () => reply.raw.destroy());
  try {
    await handler(request, reply);
  } catch (error) {
    reply.raw.destroy();
    throw error;
  }
}

/** Resolves when all that was written has left, or never will. */
async function taken(response: ServerResponse): Promise<void> {
  // The value before is written only after it was asked for the next one.
  await setImmediate();
  await new Promise<void>((resolve) => {
    if (response.destroyed || response.writableEnded) return resolve();
    const done = (): void => {
      response.off('close', done);
      resolve();
    };
    response.once('close', done);
    // A comment: readers skip it.
    response.write(':\n\n', done);
  });
}

function statusOf(errors: readonly { readonly extensions?: { readonly [name: string]: unknown } }[]): number {
  const code = errors[0]?.extensions?.['code'] as ErrorCode | undefined;
  const status = code === undefined ? 500 : ERRORS[code].status;
  return status === 200 ? 400 : status;
}
