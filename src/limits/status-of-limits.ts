/** An answer without data because its caller asks too often says so in its status too. */
import { type OperationHooks } from '../graphql/operation-hooks.js';

export const statusOfLimits: OperationHooks = {
  willSendResponse({ response: { http, body } }) {
    if (body.kind !== 'single' || body.singleResult.data != null) return;
    const { errors } = body.singleResult;
    if (errors?.some(({ extensions }) => extensions?.['code'] === 'RATE_LIMITED')) http.status = 429;
  },
};
