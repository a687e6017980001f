import { Args, Ctx, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../../src/context.js';
import { POPULAR_ITEMS } from '../../src/engine/scenario.js';
import { PopularItemsArgs, RecommendationsArgs } from './recommendation.args.js';
import { RecommendationConnection } from './recommendation-connection.type.js';
import { scenarioOf, slatePage } from './slate-page.js';

@Resolver()
export class RecommendationResolver {
  @Query(() => RecommendationConnection, {
    description: 'A list for a user, or for the clicks recorded under a session, or for nobody but a context.',
  })
  recommendations(
    @Args(() => RecommendationsArgs) { userId, sessionId, context, scenario, ...page }: RecommendationsArgs,
    @Ctx() ctx: RequestContext,
  ): unknown {
    return slatePage(ctx, { userId, sessionId, context, scenario: scenarioOf(ctx, scenario) }, page);
  }

  @Query(() => RecommendationConnection, { description: 'What is clicked most now, in this context.' })
  popularItems(
    @Args(() => PopularItemsArgs) { context, ...page }: PopularItemsArgs,
    @Ctx() ctx: RequestContext,
  ): unknown {
    return slatePage(ctx, { context, scenario: POPULAR_ITEMS }, page);
  }
}
