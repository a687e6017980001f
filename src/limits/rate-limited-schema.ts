/** The schema with `@rateLimit` on the fields of a table, and with resolvers that keep to it. */
import { mapSchema, MapperKind } from '@graphql-tools/utils';
import { buildASTSchema, GraphQLSchema, parse } from 'graphql';
import { rateLimitDirective } from 'graphql-rate-limit-directive';
import { type IRateLimiterOptions, type RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { askAgain } from './ask-again.js';
import { type Counters } from './counters.js';
import { CountingLimiter, type CountingLimiterOptions } from './counting-limiter.js';
import { pointsOf, type RateLimit, type RateLimits, userOf } from './rate-limits.js';

const NAME = 'rateLimit';
const { rateLimitDirectiveTypeDefs } = rateLimitDirective({ name: NAME });
const DIRECTIVE = buildASTSchema(parse(rateLimitDirectiveTypeDefs), { assumeValid: true }).getDirective(NAME)!;

/** The schema with the directive where the table has a limit; resolvers are as they were. @throws for a field that there is not */
export function withRateLimits(schema: GraphQLSchema, limits: RateLimits): GraphQLSchema {
  const left = new Set(Object.keys(limits));
  const config = schema.toConfig();
  // A schema that was read from text brings it along.
  const directives = [...config.directives.filter(({ name }) => name !== NAME), DIRECTIVE];
  const known = new GraphQLSchema({ ...config, directives });
  const limited = mapSchema(known, {
    [MapperKind.OBJECT_FIELD](field, fieldName, typeName) {
      const name = `${typeName}.${fieldName}`;
      const limit = limits[name];
      if (limit === undefined) return undefined;
      left.delete(name);
      return { ...field, extensions: { ...field.extensions, directives: { [NAME]: limit } } };
    },
  });
  if (left.size > 0) throw new Error(`RATE_LIMITS names fields that there are not: ${[...left].join(', ')}`);
  return limited;
}

/** The schema whose resolvers refuse what is beyond its directives. */
export function limiting(schema: GraphQLSchema, counters: Counters): GraphQLSchema {
  const options: Omit<CountingLimiterOptions, 'points' | 'duration'> = { counters };
  return rateLimitDirective<RequestContext, CountingLimiterOptions & IRateLimiterOptions>({
    name: NAME,
    limiterClass: CountingLimiter as never,
    limiterOptions: options,
    keyGenerator: (_limit, _source, args, { limitKey, caller }, { parentType, fieldName }) =>
      // A key without a user asks for many: each of them has a limit.
      `${parentType.name}.${fieldName} ${limitKey} ${limitKey === caller.name ? userOf(args) : ''}`,
    pointsCalculator: (_limit, _source, args) => pointsOf(args),
    setState: (result, { limit }, _source, _args, context) => tell(context, result, limit),
    onLimit: (result, limit, ...[, , context, { parentType, fieldName }]) =>
      refuse(context, `${parentType.name}.${fieldName}`, limit, result),
  }).rateLimitDirectiveTransformer(schema);
}

function refuse(
  context: RequestContext,
  field: string,
  { limit, duration }: RateLimit,
  { msBeforeNext }: RateLimiterRes,
): never {
  const wait = askAgain(context, msBeforeNext);
  throw new ApiError('RATE_LIMITED', `${field} is limited to ${limit} in ${duration} s; ask again in ${wait} s`);
}

/** Of several limited fields the one that leaves least is told (IETF draft "RateLimit header fields"). */
function tell(
  { responseHeaders }: RequestContext,
  { remainingPoints, msBeforeNext }: RateLimiterRes,
  limit: number,
): void {
  const told = responseHeaders.get('ratelimit-remaining');
  if (told !== undefined && Number(told) <= remainingPoints) return;
  responseHeaders.set('ratelimit-limit', String(limit));
  responseHeaders.set('ratelimit-remaining', String(remainingPoints));
  responseHeaders.set('ratelimit-reset', String(Math.ceil(msBeforeNext / 1_000)));
}
