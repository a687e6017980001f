/** What is refused before GraphQL sees it, in GraphQL's own shape. */
import { type FastifyError, type FastifyInstance } from 'fastify';
import { type GraphQLFormattedError } from 'graphql';
import { type Logger } from 'pino';
import { ApiError, ERRORS, publicError } from '../../resolvers/errors.js';

export function httpErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, body } = httpError(error);
    if (status >= 500)
      logger.error({ requestId: request.id, error: error.message, stack: error.stack }, 'request failed');
    // RFC 6750: what kind of credentials would be taken.
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    if (error instanceof ApiError && error.retryAfterS !== undefined)
      void reply.header('retry-after', error.retryAfterS);
    void reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) => {
    const error = new ApiError(
      'NOT_FOUND',
      `there is nothing at ${request.method} ${request.url.split('?')[0]}; GraphQL is at /graphql`,
    );
    void reply.code(404).send({ errors: [publicError(error)] });
  });
}

function httpError(error: FastifyError | ApiError): { status: number; body: { errors: GraphQLFormattedError[] } } {
  if (error instanceof ApiError) return { status: ERRORS[error.code].status, body: { errors: [publicError(error)] } };
  const status = error.statusCode ?? 500;
  const known =
    status === 413
      ? new ApiError('BODY_TOO_LARGE', 'the request body is too large')
      : status === 415
        ? new ApiError('UNSUPPORTED_MEDIA_TYPE', 'send the operation as application/json')
        : status >= 400 && status < 500
          ? new ApiError('BAD_JSON', 'the request body is not JSON')
          : error;
  return { status, body: { errors: [publicError(known)] } };
}
