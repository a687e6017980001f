/** The executable schema out of all resolvers. */
import 'reflect-metadata';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, lexicographicSortSchema } from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { withRateLimits } from '../src/limits/rate-limited-schema.js';
import { DEFAULT_RATE_LIMITS } from '../src/limits/rate-limits.js';
import { InteractionResolver } from './interaction/interaction.resolver.js';
import { ItemResolver } from './item/item.resolver.js';
import { ProfileResolver } from './profile/profile.resolver.js';
import { RecommendationResolver } from './recommendation/recommendation.resolver.js';
import { SnapshotResolver } from './snapshot/snapshot.resolver.js';
import { SubscriptionResolver } from './subscription/subscription.resolver.js';
import { UserResolver } from './user/user.resolver.js';

/** type-graphql asks for one as soon as there are subscriptions; ours have sources of their own. */
const NO_TOPICS: PubSub = {
  publish: noTopic,
  subscribe: noTopic,
};

function noTopic(topic: string): never {
  throw new Error(`nothing is published under topics, but "${topic}" was asked for`);
}

/** Arguments are checked by the resolvers themselves, against the state, under codes of the table. */
export function buildGraphQLSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [
      UserResolver,
      ItemResolver,
      RecommendationResolver,
      InteractionResolver,
      ProfileResolver,
      SnapshotResolver,
      SubscriptionResolver,
    ],
    validate: false,
    pubSub: NO_TOPICS,
  });
}

/** The schema as text, in an order that does not depend on that of the code: what schema.graphql holds. */
export function printGraphQLSchema(): string {
  const schema = withRateLimits(buildGraphQLSchema(), DEFAULT_RATE_LIMITS);
  const text = printSchemaWithDirectives(lexicographicSortSchema(schema));
  // What is pushed is the top of a list; the pages after it are asked for.
  const rule = '# eslint-disable-next-line @graphql-eslint/relay-arguments';
  return `${text.replace(/^ *(?=recommendationsUpdated\()/m, `  ${rule}\n$&`)}\n`;
}
