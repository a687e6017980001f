/** While the event loop is late, requests are refused at once: who comes again in a moment is served sooner than who waits in line. */
import underPressure from '@fastify/under-pressure';
import { type FastifyInstance } from 'fastify';
import { ApiError, publicError } from '../../resolvers/errors.js';

const RETRY_AFTER_S = 1;
const SHORTEST_SAMPLE_MS = 250;
/** Asked by those who decide whether the process lives. */
const ALWAYS_ANSWERED = new Set(['/livez', '/readyz']);

/** @param maxEventLoopDelayMs mean delay of a sample, which is as long as that and 250 ms at least: one without a turn counts as endless */
export async function pressure(app: FastifyInstance, maxEventLoopDelayMs: number): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    sampleInterval: Math.max(SHORTEST_SAMPLE_MS, maxEventLoopDelayMs),
    pressureHandler(request, reply) {
      if (ALWAYS_ANSWERED.has(request.url)) return;
      const error = new ApiError('OVERLOADED', `the server is late with its work; ask again in ${RETRY_AFTER_S} s`);
      void reply
        .code(503)
        .header('retry-after', RETRY_AFTER_S)
        .send({ errors: [publicError(error)] });
    },
  });
}
