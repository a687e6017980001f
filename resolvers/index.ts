/** The executable schema out of all resolvers. */
import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { InteractionResolver } from './interaction/interaction.resolver.js';
import { ItemResolver } from './item/item.resolver.js';
import { ProfileResolver } from './profile/profile.resolver.js';
import { RecommendationResolver } from './recommendation/recommendation.resolver.js';
import { SnapshotResolver } from './snapshot/snapshot.resolver.js';
import { UserResolver } from './user/user.resolver.js';

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
    ],
    validate: false,
  });
}

/** The schema as text, in an order that does not depend on that of the code: what schema.graphql holds. */
export function printGraphQLSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildGraphQLSchema()))}\n`;
}
