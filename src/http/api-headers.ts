/**
 * Constant headers of every answer that is no page: nothing in it may be run, framed, kept or taken for another type. Set by hand, for
 * helmet computes a dozen that only pages need on every request. With TLS, browsers are told to use nothing else.
 */
import { type FastifyInstance } from 'fastify';

const PLAIN: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // Until a plugin finds that caches may keep an answer.
  'cache-control': 'no-store',
};
/** One year; subdomains are not ours to speak for. */
const TRANSPORT_SECURITY = 'max-age=31536000';

/** Names of those that a page has in other words. */
export const API_HEADERS: readonly string[] = Object.keys(PLAIN);

export function constantHeaders({ tls }: { readonly tls: boolean }): Readonly<Record<string, string>> {
  return tls ? { ...PLAIN, 'strict-transport-security': TRANSPORT_SECURITY } : PLAIN;
}

export function apiHeaders(app: FastifyInstance, options: { readonly tls: boolean }): void {
  const headers = constantHeaders(options);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
