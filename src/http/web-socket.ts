/**
 * Subscriptions over a WebSocket (graphql-ws, subprotocol graphql-transport-ws). Who asks is told by the headers of the request or,
 * because browsers can't set them there, by the same names in the payload of connection_init.
 */
import { type WebSocket } from '@fastify/websocket';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type ExecutionArgs, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { makeServer } from 'graphql-ws';
import { type Logger } from 'pino';
import { ApiError, publicError } from '../../resolvers/errors.js';
import { type Connection } from '../subscriptions/open-connections.js';
import { type Values } from '../subscriptions/subscribe.js';
import { rareWarning } from '../telemetry/rare-warning.js';
import { demandOrigin } from './origin-rule.js';
import { refusedSubscription } from './refused-subscription.js';
import { type SocketExtra, speakGraphQL } from './speak-graphql.js';
import { subscribeFor, type SubscriptionParts } from './subscription-parts.js';

const GOING_AWAY = 1001;
const FORBIDDEN = 4403;
const TRY_LATER = 1013;
/** A sign of life is asked for so often, and a reader who gives none by the next is cut off, ms. */
const KEEP_ALIVE_MS = 12_000;
/** A client that has not begun to say who it is by then is cut off with 4408, ms. */
const INTRODUCTION_MS = 3_000;

export interface WebSocketRoute {
  /** Refuses the upgrade. @throws ApiError FOREIGN_ORIGIN, DRAINING, TOO_MANY_SUBSCRIPTIONS */
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  readonly wsHandler: (socket: WebSocket, request: FastifyRequest) => void;
}

export function webSocket(parts: SubscriptionParts): WebSocketRoute {
  const { contextOf, connections, perConnection, origins, tellFault } = parts;
  const running = new WeakMap<ExecutionArgs, Values>();
  const connected = new WeakMap<object, Connection>();
  const server = makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: INTRODUCTION_MS,
    async onConnect({ connectionParams, extra: { request, socket } }) {
      const asking = withCredentials(request, connectionParams);
      try {
        const context = await contextOf(asking);
        // Where it has gone meanwhile it has left the door already.
        if (socket.readyState !== socket.OPEN) return false;
        connections.enter(connected.get(socket)!, context.limitKey);
        return true;
      } catch (error) {
        const code = String(refusedSubscription(parts, asking, error).extensions?.['code']);
        socket.close(isTransient(code) ? TRY_LATER : FORBIDDEN, code);
        return false;
      }
    },
    async onSubscribe({ connectionParams, extra, subscriptions }, _id, payload) {
      const request = withCredentials(extra.request, connectionParams);
      try {
        if (Object.keys(subscriptions).length > perConnection) {
          throw new ApiError('TOO_MANY_SUBSCRIPTIONS', `the most subscriptions of one connection is ${perConnection}`);
        }
        // The next value is asked for when this one has left.
        const opened = await subscribeFor(parts, request, { operation: payload, ready: () => Promise.resolve() });
        if ('errors' in opened) return opened.errors.map(raised);
        const args: ExecutionArgs = { ...opened.operation };
        running.set(args, opened.values);
        return args;
      } catch (error) {
        return [raised(refusedSubscription(parts, request, error))];
      }
    },
    // Their errors are formatted, and go out as they are.
    subscribe: (args) => running.get(args) as never,
    onNext: (_ctx, _id, _payload, _args, result) => result as never,
    onError: (_ctx, _id, _payload, errors) => errors.map(publicError),
  });
  const tellBroken = brokenSockets(parts.logger);
  return {
    async onRequest(request) {
      if (!request.ws) return;
      demandOrigin(request.headers, origins);
      connections.demandRoom();
    },
    wsHandler(socket, request) {
      const connection = {
        end: () => socket.close(GOING_AWAY, 'DRAINING'),
        cut: () => socket.terminate(),
      };
      try {
        connections.wait(connection);
      } catch (error) {
        socket.close(TRY_LATER, String(refusedSubscription(parts, request, error).extensions?.['code']));
        return;
      }
      connected.set(socket, connection);
      socket.once('close', () => connections.leave(connection));
      speakGraphQL(socket, request, { server, keepAliveMs: KEEP_ALIVE_MS, tellBroken, tellFault });
    },
  };
}

/** Whoever connects can break the protocol, without a key; that a connection breaks is nothing to be told. */
function brokenSockets(logger: Logger): (error: unknown, requestId: string) => void {
  const message = 'a WebSocket sent what is not of its protocol';
  const warn = rareWarning({ logger, message, clock: () => performance.now() });
  return (error, requestId) => {
    const { code, message: problem } = error as NodeJS.ErrnoException;
    const isConnection = code !== undefined && !code.startsWith('WS_ERR_');
    if (isConnection) logger.debug({ requestId, error: code }, 'a WebSocket broke');
    else warn({ requestId, error: code ?? problem });
  };
}

/** Whether the same client may be let in another time. */
const isTransient = (code: string): boolean => code === 'TOO_MANY_SUBSCRIPTIONS' || code === 'DRAINING';

/** graphql-ws takes errors as objects of their class only. */
function raised({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null });
}

/** The request with what the client said of itself after it had connected; it begins now. */
function withCredentials(
  request: FastifyRequest,
  params: Readonly<Record<string, unknown>> | undefined,
): FastifyRequest {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(params ?? {})) {
    const lower = name.toLowerCase();
    if (typeof value === 'string' && (lower === 'authorization' || lower === 'x-api-key')) given[lower] = value;
  }
  return Object.create(request, {
    headers: { value: { ...request.headers, ...given } },
    receivedAt: { value: performance.now() },
  }) as FastifyRequest;
}
