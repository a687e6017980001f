/**
 * Bodies in JSON, parsed as fastify does, except that nesting is bounded: JSON.parse takes 300 ms for 2 MB of brackets, fifty times as
 * long as for any other body of that size, and nobody else is served meanwhile.
 */
import { type FastifyInstance } from 'fastify';
import { ApiError } from '../../resolvers/errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the body in JSON, whether it could be parsed or not; 0: none was read to its end. */
    bodyBytes: number;
  }
}

/** Variables nest as deep as attributes of items may, and a few levels more. */
const MOST_LEVELS = 200;
/** Characters of a body that takes no time even if it is all brackets. */
const HARMLESS = 10_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export function jsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.decorateRequest('bodyBytes', 0);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    request.bodyBytes = Buffer.byteLength(body);
    if (body.length > HARMLESS && isDeeper(body, MOST_LEVELS)) {
      done(new ApiError('BAD_JSON', `the request body has more than ${MOST_LEVELS} levels`));
      return;
    }
    void parse(request, body, done);
  });
}

/** Whether lists and objects are nested deeper; of text that is no JSON, either. */
export function isDeeper(text: string, most: number): boolean {
  let levels = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) {
      at = endOfString(text, at);
      if (at === -1) return false;
    } else if (character === OPEN_LIST || character === OPEN_OBJECT) {
      if (++levels > most) return true;
    } else if (character === CLOSE_LIST || character === CLOSE_OBJECT) levels--;
  }
  return false;
}

/** Where the quote is that ends the string which begins there; -1 where none does. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}
