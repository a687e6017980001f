/** The HTTP server before any route: how requests arrive, what each carries, and how it is refused. */
import createFastify, { type FastifyInstance } from 'fastify';
import { type Logger } from 'pino';
import { type Config } from '../config.js';
import { apiHeaders } from './api-headers.js';
import { arrivalLimits } from './arrival-limits.js';
import { type CallerAddress, callerAddress } from './caller-address.js';
import { clientErrors } from './client-errors.js';
import { httpErrors } from './http-errors.js';
import { jsonBody } from './json-body.js';
import { echoRequestId, requestIdOf } from './request-id.js';
import { readTls } from './tls.js';

export interface OpenApp {
  readonly app: FastifyInstance;
  /** Where a request comes from. */
  readonly addresses: CallerAddress;
}

/** No route has a schema, and what compiles them would be loaded for nothing. */
const NO_SCHEMAS = (): never => {
  throw new Error('a route has a schema, and nothing that compiles it');
};

export function openApp({ bodyLimitBytes, requestTimeoutMs, tls, trustProxy }: Config, logger: Logger): OpenApp {
  const addresses = callerAddress(trustProxy);
  const app: FastifyInstance = createFastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    ...arrivalLimits(requestTimeoutMs),
    clientErrorHandler: clientErrors({ tls: tls !== null }),
    trustProxy: addresses.trustProxy,
    genReqId: requestIdOf,
    schemaController: { compilersFactory: { buildValidator: NO_SCHEMAS, buildSerializer: NO_SCHEMAS } },
    https: tls === null ? null : readTls(tls),
    // Fastify types an HTTPS server as another kind of instance; nothing here tells them apart.
  }) as unknown as FastifyInstance;
  httpErrors(app, logger);
  jsonBody(app);
  echoRequestId(app);
  apiHeaders(app, { tls: tls !== null });
  return { app, addresses };
}
