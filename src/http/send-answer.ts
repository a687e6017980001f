/**
 * Sends the text of an answer with the headers that its operation left. One that caches may share gets a weak ETag, and who has it
 * already gets 304 without the text.
 */
import { createHash } from 'node:crypto';
import { type FastifyReply } from 'fastify';

export function sendAnswer(reply: FastifyReply, headers: ReadonlyMap<string, string>, text: string): FastifyReply {
  for (const [name, value] of headers) reply.header(name, name === 'vary' ? varying(reply, value) : value);
  if (headers.get('cache-control')?.startsWith('public') !== true) return reply.send(text);
  const tag = `W/"${createHash('sha256').update(text).digest('base64url')}"`;
  reply.header('etag', tag);
  if (!isHeld(reply.request.headers['if-none-match'], tag)) return reply.send(text);
  return reply.code(304).removeHeader('content-type').send();
}

/** What CORS said before stays. */
function varying(reply: FastifyReply, value: string): string {
  const before = reply.getHeader('vary');
  return before === undefined ? value : `${String(before)}, ${value}`;
}

/** RFC 9110, 13.1.2: tags are compared weakly. */
function isHeld(condition: string | undefined, tag: string): boolean {
  if (condition === undefined) return false;
  return condition.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === tag.slice(2));
}
