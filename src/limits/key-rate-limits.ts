/**
 * How often one key may ask for a field, for whichever users: each user that it names has a limit of its own, and a key that names
 * enough of them would have none. Callers who speak for one user, or come without a key, are held by the limits of users alone.
 */
import { mapSchema, MapperKind } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { askAgain } from './ask-again.js';
import { type Count, type Counters } from './counters.js';
import { pointsOf, type RateLimit, type RateLimits, userOf } from './rate-limits.js';

/** The schema whose resolvers refuse what is beyond the limits. @throws for a field that there is not */
export function withKeyRateLimits(schema: GraphQLSchema, limits: RateLimits, counters: Counters): GraphQLSchema {
  const left = new Set(Object.keys(limits));
  const limited = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD](field, fieldName, typeName) {
      const name = `${typeName}.${fieldName}`;
      const limit = limits[name];
      if (limit === undefined) return undefined;
      left.delete(name);
      const { resolve = defaultFieldResolver } = field;
      return {
        ...field,
        resolve(source, args: Readonly<Record<string, unknown>>, context: RequestContext, info) {
          if (!asksForUsers(context, args)) return resolve(source, args, context, info) as unknown;
          const count = counters.add(`key ${name} ${context.limitKey}`, pointsOf(args), limit.duration * 1_000);
          if (!(count instanceof Promise)) {
            demandLeft(count, { field: name, limit }, context);
            return resolve(source, args, context, info) as unknown;
          }
          return count.then((later) => {
            demandLeft(later, { field: name, limit }, context);
            return resolve(source, args, context, info) as unknown;
          });
        },
      };
    },
  });
  if (left.size > 0) throw new Error(`KEY_RATE_LIMITS names fields that there are not: ${[...left].join(', ')}`);
  return limited;
}

function asksForUsers({ limitKey, caller }: RequestContext, args: Readonly<Record<string, unknown>>): boolean {
  return limitKey === caller.name && userOf(args) !== '';
}

interface Limited {
  /** Type.field */
  readonly field: string;
  readonly limit: RateLimit;
}

/** @throws ApiError RATE_LIMITED */
function demandLeft(
  { value, endsInMs }: Count,
  { field, limit: { limit, duration } }: Limited,
  context: RequestContext,
): void {
  if (value <= limit) return;
  const wait = askAgain(context, endsInMs);
  const message = `${field} is limited to ${limit} in ${duration} s for all users of a key; ask again in ${wait} s`;
  throw new ApiError('RATE_LIMITED', message);
}
