/** An answer without data because its caller asks too often says so in its status too. */
import { type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import { type RequestContext } from '../context.js';

const listener: GraphQLRequestListener<RequestContext> = {
  willSendResponse({ response: { http, body } }) {
    if (body.kind !== 'single' || body.singleResult.data != null) return Promise.resolve();
    const { errors } = body.singleResult;
    if (errors?.some(({ extensions }) => extensions?.['code'] === 'RATE_LIMITED')) http.status = 429;
    return Promise.resolve();
  },
};

export const statusOfLimits: ApolloServerPlugin<RequestContext> = { requestDidStart: () => Promise.resolve(listener) };
