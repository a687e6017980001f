import { Args, ArgsType, Field, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import { type RequestContext } from '../../src/context.js';
import { ContextInput } from '../context/context.type.js';
import { ItemFilter } from '../item/item-filter.input.js';
import { RecommendationConnection } from '../recommendation/recommendation-connection.type.js';
import { previewPage, scenarioOf } from '../recommendation/slate-page.js';
import { type ListUpdate, listUpdates } from './list-updates.js';

@ArgsType()
class UpdatesArgs {
  @Field(() => ID)
  userId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The session that goes on; without one, a gap over 30 minutes ends it.',
  })
  sessionId?: string;

  @Field(() => ContextInput, { nullable: true })
  context?: ContextInput;

  @Field(() => String, { nullable: true, description: 'How the list is made; "default" where it is not given.' })
  scenario?: string;

  @Field(() => ItemFilter, { nullable: true })
  filter?: ItemFilter;

  @Field(() => Int, { nullable: true, description: '1 to 100; 10 where it is not given.' })
  first?: number;
}

@Resolver()
export class SubscriptionResolver {
  @Subscription(() => RecommendationConnection, {
    description:
      'The user’s list, and again whenever it has changed: after an event of the user at once, after those of others now and then.',
    subscribe({ args, context: ctx }) {
      const { first, filter, scenario, ...whose } = args as UpdatesArgs;
      const list = { ...whose, scenario: scenarioOf(ctx as RequestContext, scenario) };
      const listOf = (now: RequestContext) => previewPage(now, list, { first, filter });
      return listUpdates(ctx as RequestContext, whose.userId, listOf) as never;
    },
  })
  recommendationsUpdated(@Root() { list }: ListUpdate, @Args(() => UpdatesArgs) _args: UpdatesArgs): unknown {
    return list;
  }
}
