/**
 * Answers where no request came to be: it did not arrive in time, its head is too large, or it is no HTTP. No hook and no error
 * handler sees these, so headers, id and body are written by hand; then the connection is closed.
 */
import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { ApiError, ERRORS, publicError } from '../../resolvers/errors.js';
import { constantHeaders } from './api-headers.js';
import { REQUEST_ID_HEADER } from './request-id.js';

/** Made for the HTTP server's `clientErrorHandler`. */
export function clientErrors(options: { readonly tls: boolean }) {
  const constant = constantHeaders(options);
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    // Nobody reads it, or an answer has begun: a second one would be taken for a part of it.
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) return void socket.destroy();
    const refusal = refusalOf(error.code);
    const { status } = ERRORS[refusal.code];
    const body = JSON.stringify({ errors: [publicError(refusal)] });
    const headers = {
      ...constant,
      [REQUEST_ID_HEADER]: randomUUID(),
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
  };
}

/** As node itself tells, which names the answer under way here and nowhere else. */
function hasBegun(socket: Socket): boolean {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent === true;
}

function refusalOf(code: string | undefined): ApiError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ApiError('REQUEST_TIMEOUT', ERRORS.REQUEST_TIMEOUT.meaning);
  if (code === 'HPE_HEADER_OVERFLOW') return new ApiError('HEAD_TOO_LARGE', ERRORS.HEAD_TOO_LARGE.meaning);
  return new ApiError('BAD_REQUEST', 'the request is not HTTP');
}
