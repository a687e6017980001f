/**
 * Carries the messages of graphql-ws over one WebSocket, with signs of life. The library's own handler for fastify would print what goes
 * wrong; here broken frames are told as what anybody can cause, and what we throw as a fault of ours.
 */
import { type WebSocket } from '@fastify/websocket';
import { type FastifyRequest } from 'fastify';
import { CloseCode, MessageType, parseMessage, type Server } from 'graphql-ws';

export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
}

export interface SpeakParts {
  readonly server: Server<SocketExtra>;
  /** How often a sign of life is asked for, ms; a reader who gives none by the next time is cut off. */
  readonly keepAliveMs: number;
  /** Told of a connection that broke, of frames that are none, and of messages that only servers send. */
  readonly tellBroken: (error: unknown, requestId: string) => void;
  /** Told of whatever else was thrown while a message was handled. */
  readonly tellFault: (error: unknown, requestId: string) => void;
}

const OF_SERVERS = new Set<string>([MessageType.ConnectionAck, MessageType.Next, MessageType.Error]);

export function speakGraphQL(
  socket: WebSocket,
  request: FastifyRequest,
  { server, keepAliveMs, tellBroken, tellFault }: SpeakParts,
): void {
  // ws closes the connection by itself, with the code that the error asks for.
  socket.on('error', (error) => tellBroken(error, request.id));
  const lookForLife = keepAlive(socket, keepAliveMs);
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (text) => sent(socket, text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data) => {
          // One buffer, as ws has it unless it is told otherwise.
          const text = (data as Buffer).toString();
          handle(text).catch((error: unknown) => {
            const isTheirs = OF_SERVERS.has(parseMessage(text).type);
            (isTheirs ? tellBroken : tellFault)(error, request.id);
            if (isTheirs) socket.close(CloseCode.BadRequest, 'Invalid message received');
            else socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        }),
    },
    { socket, request },
  );
  socket.once('close', (code, reason) => {
    clearInterval(lookForLife);
    Promise.resolve(closed(code, reason.toString())).catch((error: unknown) => tellFault(error, request.id));
  });
}

/** Resolves when the text has left, or never will: the socket tells that by itself. */
function sent(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });
}

function keepAlive(socket: WebSocket, everyMs: number): NodeJS.Timeout {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  return setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, everyMs);
}
