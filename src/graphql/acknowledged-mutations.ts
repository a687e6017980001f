/**
 * An answer that lost its data says in the extensions of its errors which mutations are done: their payloads can't be null, so an error
 * below one takes the acknowledgement of all of them along.
 */
import { type OperationHooks } from './operation-hooks.js';

export const acknowledgedMutations: OperationHooks = {
  willSendResponse({ contextValue: { acknowledged }, response }) {
    const { body } = response;
    if (acknowledged === null || body.kind !== 'single' || body.singleResult.data != null) return;
    const { errors } = body.singleResult;
    const told = errors?.map((error) => ({ ...error, extensions: { ...error.extensions, acknowledged } }));
    response.body = {
      kind: 'single',
      singleResult: { ...body.singleResult, ...(told !== undefined && { errors: told }) },
    };
  },
};
