import { ArgsType, Field, ID, Int } from 'type-graphql';
import { ContextInput } from '../context/context.type.js';
import { ItemFilter } from '../item/item-filter.input.js';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: '1 to 100; 10 where it is not given.' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'A cursor of the same list: the page after it.' })
  after?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'A logPosition that a mutation has answered: what it recorded is known, whichever server answers, or the error is NOT_YET_CONSISTENT.',
  })
  consistentWith?: string;
}

@ArgsType()
export class FilteredPageArgs extends PageArgs {
  @Field(() => ItemFilter, { nullable: true })
  filter?: ItemFilter;
}

@ArgsType()
export class PopularItemsArgs extends FilteredPageArgs {
  @Field(() => ContextInput, { nullable: true })
  context?: ContextInput;
}

@ArgsType()
export class UserListArgs extends PopularItemsArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'The session that goes on; without one, a gap over 30 minutes ends it.',
  })
  sessionId?: string;

  @Field(() => String, { nullable: true, description: 'How the list is made; "default" where it is not given.' })
  scenario?: string;
}

@ArgsType()
export class RecommendationsArgs extends UserListArgs {
  @Field(() => ID, { nullable: true })
  userId?: string;
}
