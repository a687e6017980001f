/**
 * A query that ran out of its time is answered by that alone, with nothing half-done. A mutation is not cancelled: without its lists,
 * which can't be null, the answer would lose the acknowledgement of what was recorded. Each operation of a batch has its own time.
 */
import { ERRORS, type ErrorCode } from '../../resolvers/errors.js';
import { ownOf } from '../context.js';
import { type OperationHooks } from './operation-hooks.js';

const CODE: ErrorCode = 'OPERATION_TIMEOUT';

export const operationTimeout: OperationHooks = {
  requestDidStart({ requestIsBatched, contextValue }) {
    // Apollo gives each operation a context of its own, but all of a batch the same parts.
    if (requestIsBatched) Object.assign(contextValue, ownOf(contextValue));
  },
  didResolveOperation({ operation, contextValue }) {
    if ((operation as typeof operation | undefined)?.operation === 'mutation') contextValue.request?.keep();
  },
  willSendResponse({ response, contextValue, requestIsBatched }) {
    const { body, http } = response;
    if (body.kind !== 'single' || !body.singleResult.errors?.some(({ extensions }) => extensions?.['code'] === CODE))
      return;
    // Nobody reads the answer then, but logs and audit tell whose fault it was.
    const code: ErrorCode = contextValue.request?.isGone === true ? 'CLIENT_GONE' : CODE;
    const { status, meaning: message } = ERRORS[code];
    response.body = { kind: 'single', singleResult: { errors: [{ message, extensions: { code } }] } };
    // A batch has one status for all of its operations, and the others may have been answered in full.
    if (!requestIsBatched) http.status = status;
  },
};
