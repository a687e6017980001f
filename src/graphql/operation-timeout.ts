/**
 * A query that ran out of its time is answered by that alone, with nothing half-done. A mutation is not cancelled: without its lists,
 * which can't be null, the answer would lose the acknowledgement of what was recorded.
 */
import { ERRORS } from '../../resolvers/errors.js';
import { type OperationHooks } from './operation-hooks.js';

const CODE = 'OPERATION_TIMEOUT';

export const operationTimeout: OperationHooks = {
  didResolveOperation({ operation, contextValue }) {
    if ((operation as typeof operation | undefined)?.operation === 'mutation') contextValue.request?.keep();
  },
  willSendResponse({ response }) {
    const { body, http } = response;
    if (body.kind !== 'single' || !body.singleResult.errors?.some(({ extensions }) => extensions?.['code'] === CODE))
      return;
    const { status, meaning: message } = ERRORS[CODE];
    response.body = { kind: 'single', singleResult: { errors: [{ message, extensions: { code: CODE } }] } };
    http.status = status;
  },
};
