/** The argument `consistentWith`: a field waits, for a bounded time, until this process knows the position of the log. */
import { clearLoaders, type RequestContext } from '../../src/context.js';
import { ApiError } from '../errors.js';

const POSITION = /^(0|[1-9]\d{0,14})$/;

/** @throws BAD_POSITION, NOT_YET_CONSISTENT */
export async function knowPosition(ctx: RequestContext, given: string): Promise<void> {
  const { gateway } = ctx;
  if (!POSITION.test(given)) {
    throw new ApiError(
      'BAD_POSITION',
      `consistentWith is "${given.slice(0, 32)}"; it must be a logPosition such as "42"`,
    );
  }
  const position = Number(given);
  if (gateway.state.position >= position) return;
  if (!(await gateway.knows(position))) {
    throw new ApiError('NOT_YET_CONSISTENT', `the state is at position ${gateway.state.position}, not yet at ${given}`);
  }
  // Other fields of the operation may have loaded what was true before.
  clearLoaders(ctx);
}
