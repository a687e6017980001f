/** A subscription that was refused before it became an operation: it is told like any refused request, and a fault of ours in full. */
import { type FastifyRequest } from 'fastify';
import { type GraphQLFormattedError } from 'graphql';
import { publicError } from '../../resolvers/errors.js';
import { verdictOf } from '../telemetry/operation-record.js';
import { type SubscriptionParts } from './subscription-parts.js';

/** What the client is told of the error. */
export function refusedSubscription(
  { tellFault, tellRefusal }: Pick<SubscriptionParts, 'tellFault' | 'tellRefusal'>,
  request: FastifyRequest,
  error: unknown,
): GraphQLFormattedError {
  tellFault(error, request.id);
  const told = publicError(error);
  tellRefusal(request, verdictOf([told]), null);
  return told;
}
