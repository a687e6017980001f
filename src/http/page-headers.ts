/**
 * Headers of the page at / and what it loads, by helmet, in place of those of plain answers. Scripts of the page carry a nonce; styles
 * may stand inline, for the editor writes its own. The sandbox is Apollo's and loads from there.
 */
import helmet from '@fastify/helmet';
import { type FastifyInstance } from 'fastify';
import { type Config } from '../config.js';
import { API_HEADERS } from './api-headers.js';

const SANDBOX_SCRIPTS = 'https://embeddable-sandbox.cdn.apollographql.com';
const SANDBOX_FRAME = 'https://sandbox.embed.apollographql.com';

/** Must be registered before the page's routes, in a context of their own. */
export async function pageHeaders(page: FastifyInstance, ide: Config['ide']): Promise<void> {
  page.addHook('onRequest', (_request, reply, done) => {
    for (const name of API_HEADERS) reply.removeHeader(name);
    done();
  });
  const sandbox = ide === 'sandbox';
  await page.register(helmet, {
    enableCSPNonces: true,
    // Said for every answer, where there is TLS.
    strictTransportSecurity: false,
    // Both would break the page over plain HTTP or beside Apollo's.
    crossOriginOpenerPolicy: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", ...(sandbox ? [SANDBOX_SCRIPTS] : [])],
        // Helmet puts a nonce into style-src, which would forbid what the editor writes.
        styleSrcElem: ["'self'", "'unsafe-inline'"],
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        frameSrc: sandbox ? [SANDBOX_FRAME] : ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}
